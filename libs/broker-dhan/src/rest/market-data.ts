import {
  tokenKey,
  type BrokerDeps,
  type InstrumentTable,
  type InstrumentToken,
  type MarketDataPort,
} from '@strikewire/broker';
import { isIsoDate, paiseOf, underlyingKey, type UnderlyingRef } from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';
import type { DhanConfig } from '../config';
import { quoteInstrumentsMax } from '../limits';
import { optionSegmentOf } from '../map/segments';
import { indexTokenOf } from '../map/underlyings';
import { readChainAnswer } from './chain-answer';
import { malformedAnswer, type DhanRest } from './dhan-rest';
import { readOptionTable } from './instrument-master';

/** The whole file is tens of megabytes. */
const masterBytesMax = 256 * 1024 * 1024;
const masterTimeoutMs = 120_000;

/** Dhan's market data over REST, in the platform's words. */
export function createDhanMarketData(
  config: DhanConfig,
  rest: DhanRest,
  deps: BrokerDeps,
): MarketDataPort {
  const scripOf = (underlying: UnderlyingRef): InstrumentToken => {
    const token = indexTokenOf(underlying);
    if (token) return token;
    throw new StrikewireError({
      kind: 'not_found',
      code: 'underlying_unknown',
      message: `[broker-dhan] no chains are known for ${underlyingKey(underlying)}`,
    });
  };
  const chainKey = (underlying: UnderlyingRef, rest: string): string =>
    `${underlyingKey(underlying)}:${rest}`;
  return {
    spotToken: indexTokenOf,
    optionSegment: optionSegmentOf,
    async expiries(underlying) {
      const scrip = scripOf(underlying);
      const { body } = await rest.call({
        method: 'POST',
        path: '/optionchain/expirylist',
        body: { UnderlyingScrip: Number(scrip.id), UnderlyingSeg: scrip.segment },
        slot: { class: 'chain', key: chainKey(underlying, 'expiries') },
      });
      return readExpiries(body);
    },
    async chain(underlying, expiry, priority = 0) {
      const scrip = scripOf(underlying);
      const { body, sentMonoMs } = await rest.call({
        method: 'POST',
        path: '/optionchain',
        body: {
          UnderlyingScrip: Number(scrip.id),
          UnderlyingSeg: scrip.segment,
          Expiry: expiry,
        },
        slot: { class: 'chain', key: chainKey(underlying, expiry), priority },
      });
      const times = { sentMonoMs, receivedMs: deps.clock.wallMs() };
      return readChainAnswer(body, times, optionSegmentOf(underlying.exchange));
    },
    lastPrices: (tokens) => lastPrices(rest, tokens),
    instruments: (wanted) => instruments(config, deps, wanted),
  };
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

async function instruments(
  config: DhanConfig,
  deps: BrokerDeps,
  wanted: readonly UnderlyingRef[],
): Promise<InstrumentTable> {
  const answer = await deps.http.stream({
    method: 'GET',
    url: config.endpoints.master,
    timeoutMs: masterTimeoutMs,
    bytesMax: masterBytesMax,
  });
  if (answer.status !== 200) {
    throw new StrikewireError({
      kind: 'retryable',
      code: 'master_unavailable',
      message: `[broker-dhan] instrument master: HTTP ${answer.status}`,
    });
  }
  return readOptionTable(answer.chunks, new Set(wanted.map(underlyingKey)));
}
