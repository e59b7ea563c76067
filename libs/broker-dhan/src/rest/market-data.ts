import {
  tokenKey,
  type BrokerDeps,
  type InstrumentToken,
  type ListedUnderlying,
  type MarketDataPort,
} from '@strikewire/broker';
import { isIsoDate, paiseOf, underlyingKey, type UnderlyingRef } from '@strikewire/contracts';
import type { DhanConfig } from '../config';
import { quoteInstrumentsMax } from '../limits';
import { optionSegmentOf } from '../map/segments';
import { readChainAnswer } from './chain-answer';
import { malformedAnswer, type DhanRest } from './dhan-rest';
import { MasterFile } from './master-file';

/** Dhan's market data over REST, in the platform's words. */
export function createDhanMarketData(
  config: DhanConfig,
  rest: DhanRest,
  deps: BrokerDeps,
): MarketDataPort {
  const master = new MasterFile(config.endpoints.master, deps);
  const chainKey = (underlying: UnderlyingRef, rest: string): string =>
    `${underlyingKey(underlying)}:${rest}`;
  return {
    underlyings: () => master.underlyings(),
    resolve: (keys) => master.resolve(keys),
    async expiries(underlying) {
      const { body } = await rest.call({
        method: 'POST',
        path: '/optionchain/expirylist',
        body: scripOf(underlying),
        slot: { class: 'chain', key: chainKey(underlying, 'expiries') },
      });
      return readExpiries(body);
    },
    async chain(underlying, expiry, priority = 0) {
      const { body, sentMonoMs } = await rest.call({
        method: 'POST',
        path: '/optionchain',
        body: { ...scripOf(underlying), Expiry: expiry },
        slot: { class: 'chain', key: chainKey(underlying, expiry), priority },
      });
      const times = { sentMonoMs, receivedMs: deps.clock.wallMs() };
      return readChainAnswer(body, times, optionSegmentOf(underlying.exchange));
    },
    lastPrices: (tokens) => lastPrices(rest, tokens),
    instruments: (wanted) => master.instruments(wanted),
  };
}

function scripOf({ chain }: ListedUnderlying): { UnderlyingScrip: number; UnderlyingSeg: string } {
  return { UnderlyingScrip: Number(chain.id), UnderlyingSeg: chain.segment };
}

function readExpiries(body: unknown): string[] {
  const data = (body as { data?: unknown } | undefined)?.data;
  if (!Array.isArray(data)) throw malformedAnswer('expirylist', '"data" list');
  const dates = data.filter((date): date is string => typeof date === 'string' && isIsoDate(date));
  return [...new Set(dates)].sort();
}

/** In batches of the 1,000 that one request may name. */
async function lastPrices(
  rest: DhanRest,
  tokens: readonly InstrumentToken[],
): Promise<ReadonlyMap<string, number>> {
  const prices = new Map<string, number>();
  for (let start = 0; start < tokens.length; start += quoteInstrumentsMax) {
    const batch = tokens.slice(start, start + quoteInstrumentsMax);
    const request: Record<string, number[]> = {};
    for (const { segment, id } of batch) (request[segment] ??= []).push(Number(id));
    const { body } = await rest.call({
      method: 'POST',
      path: '/marketfeed/ltp',
      body: request,
      slot: { class: 'quote' },
    });
    const data = (body as { data?: Record<string, Record<string, { last_price?: unknown }>> }).data;
    for (const token of batch) {
      const price = data?.[token.segment]?.[token.id]?.last_price;
      if (typeof price === 'number' && price > 0) prices.set(tokenKey(token), paiseOf(price));
    }
  }
  return prices;
}
