import {
  tokenKey,
  type BrokerDeps,
  type InstrumentToken,
  type ListedUnderlying,
  type MarketDataPort,
} from '@strikewire/broker';
import { isIsoDate, paiseOf } from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';
import type { UpstoxConfig } from '../config';
import { quoteInstrumentsMax } from '../limits';
import { instrumentKeyOf, tokenOfKey } from '../map/instrument-key';
import { readChainAnswer } from './chain-answer';
import { upstoxInstruments } from './instrument-files';
import { dataOf, malformedAnswer, type UpstoxRest } from './upstox-rest';

/** Upstox's market data over REST, in the platform's words. */
export function createUpstoxMarketData(
  config: UpstoxConfig,
  rest: UpstoxRest,
  deps: BrokerDeps,
): MarketDataPort {
  const files = upstoxInstruments(config.endpoints.instruments, deps);
  return {
    underlyings: () => files.underlyings(),
    instruments: (wanted) => files.instruments(wanted),
    resolve: (keys) => files.resolve(keys),
    async expiries(underlying) {
      const { body } = await rest.get({
        path: '/v2/option/contract',
        query: { instrument_key: chainNameOf(underlying) },
        slot: { class: 'chain' },
      });
      return readExpiries(body);
    },
    async chain(underlying, expiry, priority = 0) {
      const { body, sentMonoMs } = await rest.get({
        path: '/v2/option/chain',
        query: { instrument_key: chainNameOf(underlying), expiry_date: expiry },
        slot: { class: 'chain', priority },
      });
      return readChainAnswer(body, { sentMonoMs, receivedMs: deps.clock.wallMs() });
    },
    lastPrices: (tokens) => lastPrices(rest, tokens),
  };
}

function chainNameOf({ exchange, symbol, chain }: ListedUnderlying): string {
  if (exchange !== 'MCX') return instrumentKeyOf(chain);
  throw new StrikewireError({
    kind: 'invalid',
    code: 'chain_not_served',
    message: `[broker-upstox] ${symbol}: chains are served of NSE and BSE, not of MCX`,
  });
}

/** There is no list of expiries: they are those of the listed contracts. */
function readExpiries(body: unknown): string[] {
  const rows = dataOf(body);
  if (!Array.isArray(rows)) throw malformedAnswer('option/contract', '"data" list');
  const dates = new Set<string>();
  for (const row of rows as readonly ({ expiry?: unknown } | null)[]) {
    // Documented as a date; the schema allows for a time after it.
    const date = typeof row?.expiry === 'string' ? row.expiry.slice(0, 10) : '';
    if (isIsoDate(date)) dates.add(date);
  }
  return [...dates].sort();
}

/** Answers are keyed by trading symbols; the key that was asked for stands within. */
async function lastPrices(
  rest: UpstoxRest,
  tokens: readonly InstrumentToken[],
): Promise<ReadonlyMap<string, number>> {
  const prices = new Map<string, number>();
  const wanted = new Set(tokens.map(tokenKey));
  for (let start = 0; start < tokens.length; start += quoteInstrumentsMax) {
    const batch = tokens.slice(start, start + quoteInstrumentsMax);
    const { body } = await rest.get({
      path: '/v3/market-quote/ltp',
      query: { instrument_key: batch.map(instrumentKeyOf).join(',') },
      slot: { class: 'quote' },
    });
    const quotes = Object.values((dataOf(body) ?? {}) as Record<string, Record<string, unknown>>);
    for (const quote of quotes) {
      const token = tokenOfKey(quote?.['instrument_token']);
      const price = quote?.['last_price'];
      if (!token || !wanted.has(tokenKey(token))) continue;
      if (typeof price === 'number' && price > 0) prices.set(tokenKey(token), paiseOf(price));
    }
  }
  return prices;
}
