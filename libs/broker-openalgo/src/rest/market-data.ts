import {
  tokenKey,
  wireNumber,
  type BrokerDeps,
  type InstrumentToken,
  type ListedUnderlying,
  type MarketDataPort,
} from '@strikewire/broker';
import { paiseOf } from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';
import { quoteInstrumentsMax } from '../limits';
import { expiryTextOf, readExpiryText } from '../map/expiry-text';
import { derivativeCodeOf } from '../map/segments';
import { readChainAnswer } from './chain-answer';
import { openalgoInstruments } from './instrument-lists';
import { malformedAnswer, type OpenalgoRest } from './openalgo-rest';

/** OpenAlgo's market data over REST, in the platform's words. */
export function createOpenalgoMarketData(rest: OpenalgoRest, deps: BrokerDeps): MarketDataPort {
  const lists = openalgoInstruments(rest, deps);
  return {
    underlyings: () => lists.underlyings(),
    instruments: (wanted) => lists.instruments(wanted),
    resolve: (keys) => lists.resolve(keys),
    async expiries(underlying) {
      const { symbol, exchange } = served(underlying);
      const asked = { symbol, exchange: derivativeCodeOf(exchange), instrumenttype: 'options' };
      const { body } = await rest.post('/expiry', asked);
      return readExpiries(body);
    },
    async chain(underlying, expiry, priority = 0) {
      const { chain, exchange } = served(underlying);
      const { body, sentMonoMs } = await rest.post('/optionchain', {
        underlying: chain.id,
        exchange: chain.segment,
        expiry_date: expiryTextOf(expiry),
        with_greeks: false,
      }, priority);
      const times = { sentMonoMs, receivedMs: deps.clock.wallMs() };
      return readChainAnswer(body, times, derivativeCodeOf(exchange));
    },
    lastPrices: (tokens) => lastPrices(rest, tokens),
  };
}

function served(underlying: ListedUnderlying): ListedUnderlying {
  if (underlying.exchange !== 'MCX') return underlying;
  throw new StrikewireError({
    kind: 'invalid',
    code: 'chain_not_served',
    message: `[broker-openalgo] ${underlying.symbol}: chains are served of NSE and BSE, not of MCX`,
  });
}

function readExpiries(body: unknown): string[] {
  const data = (body as { data?: unknown } | undefined)?.data;
  if (!Array.isArray(data)) throw malformedAnswer('expiry', '"data" list');
  const dates = data.map((text) => (typeof text === 'string' ? readExpiryText(text) : undefined));
  return [...new Set(dates.filter((date) => date !== undefined))].sort();
}

/** Answers lie under `results`, each with its figures or an error of its own. */
async function lastPrices(
  rest: OpenalgoRest,
  tokens: readonly InstrumentToken[],
): Promise<ReadonlyMap<string, number>> {
  const prices = new Map<string, number>();
  const wanted = new Set(tokens.map(tokenKey));
  for (let start = 0; start < tokens.length; start += quoteInstrumentsMax) {
    const symbols = tokens
      .slice(start, start + quoteInstrumentsMax)
      .map(({ segment, id }) => ({ symbol: id, exchange: segment }));
    const { body } = await rest.post('/multiquotes', { symbols });
    for (const { key, price } of readQuotes(body)) if (wanted.has(key)) prices.set(key, price);
  }
  return prices;
}

function readQuotes(body: unknown): { key: string; price: number }[] {
  const { results } = (body ?? {}) as { results?: unknown };
  if (!Array.isArray(results)) throw malformedAnswer('multiquotes', '"results" list');
  return (results as readonly (Record<string, unknown> | null)[]).flatMap((one) => {
    const ltp = wireNumber((one?.['data'] as { ltp?: unknown } | null | undefined)?.ltp);
    const key = tokenKey({ segment: String(one?.['exchange']), id: String(one?.['symbol']) });
    return ltp !== null && ltp > 0 ? [{ key, price: paiseOf(ltp) }] : [];
  });
}
