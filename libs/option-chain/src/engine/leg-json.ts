import { indiaIsoOf, type Leg, type OptionType } from '@strikewire/contracts';
import { field, tagOf, type QuoteStore } from '@strikewire/market-data';
import type { LiveChain } from './live-chain';

type LegUpdate = Pick<
  Leg,
  | 'ltp'
  | 'bid'
  | 'ask'
  | 'bidQty'
  | 'askQty'
  | 'volume'
  | 'oi'
  | 'oiChange'
  | 'brokerGreeks'
  | 'updatedAt'
>;

/** A leg's live figures: rupees and units; null where the market has told nothing. */
export function legUpdate(store: QuoteStore, slot: number): LegUpdate {
  const known = store.known[slot] ?? 0;
  const has = (bit: number): boolean => (known & bit) !== 0;
  const bidPaise = store.bestBidPaise(slot);
  const askPaise = store.bestAskPaise(slot);
  const hasBook = has(field.top);
  const oi = store.oi[slot] ?? 0;
  const receivedMs = store.receivedMs[slot] ?? 0;
  return {
    ltp: has(field.ltp) ? (store.ltpPaise[slot] ?? 0) / 100 : null,
    bid: hasBook && bidPaise > 0 ? bidPaise / 100 : null,
    ask: hasBook && askPaise > 0 ? askPaise / 100 : null,
    bidQty: hasBook ? store.bestBidQty(slot) : null,
    askQty: hasBook ? store.bestAskQty(slot) : null,
    volume: has(field.volume) ? (store.volume[slot] ?? 0) : null,
    oi: has(field.oi) ? oi : null,
    oiChange:
      has(field.oi) && has(field.previousOi) ? oi - (store.previousOi[slot] ?? 0) : null,
    brokerGreeks: has(field.brokerGreeks) ? brokerGreeksOf(store, slot) : null,
    updatedAt: receivedMs > 0 ? indiaIsoOf(receivedMs) : null,
  };
}

function brokerGreeksOf(store: QuoteStore, slot: number): NonNullable<Leg['brokerGreeks']> {
  const at = (index: number): number | null => {
    const value = store.brokerGreeks[slot * 6 + index] ?? NaN;
    return Number.isFinite(value) ? value : null;
  };
  return {
    iv: at(0),
    delta: at(1),
    gamma: at(2),
    theta: at(3),
    vega: at(4),
    rho: at(5),
    asOf: indiaIsoOf(store.brokerGreeksAtMs[slot] ?? 0),
  };
}

/** A leg in full, with identity and tag. */
export function fullLeg(chain: LiveChain, strikeIndex: number, type: OptionType): Leg {
  const { skeleton, firstSlot, legKeys } = chain.slots;
  const strike = skeleton.strikes[strikeIndex] as (typeof skeleton.strikes)[number];
  const { token, symbol } = strike[type];
  const row = 2 * strikeIndex + (type === 'CE' ? 0 : 1);
  const update = legUpdate(chain.store, firstSlot + row);
  const spread =
    update.bid === null || update.ask === null
      ? null
      : Math.round((update.ask - update.bid) * 100) / 100;
  return {
    token: token.id,
    symbol,
    key: legKeys[row] ?? '',
    tag: tagOf(strikeIndex, chain.atmPointer.anchorIndex, type),
    ...update,
    spread,
    spreadPercent: spread === null || !update.ltp ? null : round4((spread / update.ltp) * 100),
    iv: null,
    greeks: null,
  };
}

function round4(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
