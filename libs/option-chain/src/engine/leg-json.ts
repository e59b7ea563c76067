import { indiaIsoOf, type Leg, type OptionType } from '@strikewire/contracts';
import { field, tagOf, type QuoteStore } from '@strikewire/market-data';
import {
  isOutsideQuote,
  ivStatus,
  tickUncertaintyPoints,
  uninformativePoints,
} from '@strikewire/pricing';
import { roundedOrNull } from './figures-json';
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

/** Names of `ivStatus`, by its values; what has no place in the window has no forward. */
const reasonOf: Record<number, Leg['ivReason']> = {
  [ivStatus.ok]: null,
  [ivStatus.belowIntrinsic]: 'below_intrinsic',
  [ivStatus.zeroExtrinsic]: 'zero_extrinsic',
  [ivStatus.zeroPrice]: 'no_price',
  [ivStatus.aboveMax]: 'above_max',
  [ivStatus.expired]: 'expired',
  [ivStatus.badInput]: 'no_forward',
};

/** Volatility and Greeks of a leg as the platform computes them. */
export function legGreeks(
  store: QuoteStore,
  slot: number,
): Pick<Leg, 'iv' | 'ivReason' | 'greeks'> {
  const iv = roundedOrNull(store.iv[slot] ?? NaN, 4);
  const reason = reasonOf[store.ivStatus[slot] ?? ivStatus.badInput] ?? 'no_forward';
  const delta = roundedOrNull(store.delta[slot] ?? NaN, 6);
  const greeks = {
    delta,
    gamma: roundedOrNull(store.gamma[slot] ?? NaN, 8),
    theta: roundedOrNull(store.theta[slot] ?? NaN, 4),
    vega: roundedOrNull(store.vega[slot] ?? NaN, 4),
    rho: roundedOrNull(store.rho[slot] ?? NaN, 4),
  };
  return {
    iv,
    ivReason: iv === null ? reason : null,
    greeks: delta === null ? null : greeks,
  };
}

/** A leg in full, with identity and tag; the chain's `solveQuotes` comes before. */
export function fullLeg(chain: LiveChain, strikeIndex: number, type: OptionType): Leg {
  const { skeleton, firstSlot, legKeys } = chain.slots;
  const strike = skeleton.strikes[strikeIndex] as (typeof skeleton.strikes)[number];
  const { token, symbol } = strike[type];
  const row = 2 * strikeIndex + (type === 'CE' ? 0 : 1);
  const slot = firstSlot + row;
  const update = legUpdate(chain.store, slot);
  const spread =
    update.bid === null || update.ask === null
      ? null
      : Math.round((update.ask - update.bid) * 100) / 100;
  const { bidIvPercent, askIvPercent } = chain.generation.sheet.quotes;
  return {
    token: token.id,
    symbol,
    key: legKeys[row] ?? '',
    tag: tagOf(strikeIndex, chain.atmPointer.anchorIndex, type),
    ...update,
    spread,
    spreadPercent: spread === null || !update.ltp ? null : round4((spread / update.ltp) * 100),
    ...legGreeks(chain.store, slot),
    ivBid: roundedOrNull(bidIvPercent[slot] ?? NaN, 4),
    ivAsk: roundedOrNull(askIvPercent[slot] ?? NaN, 4),
    ivMarks: marksOf(chain.store, slot, update),
    buildUp: buildUpOf(chain.store, slot, update),
  };
}

/** What to think of a leg's volatility; nothing when it has none. */
function marksOf(store: QuoteStore, slot: number, { ltp, bid, ask }: LegUpdate): Leg['ivMarks'] {
  if (Number.isNaN(store.iv[slot] ?? NaN)) return [];
  const marks: Leg['ivMarks'] = [];
  if (bid === null || ask === null) marks.push('one_sided');
  else if (ask < bid) marks.push('crossed');
  else if (ltp !== null && isOutsideQuote(ltp, bid, ask)) marks.push('ltp_outside_book');
  const uncertainty = tickUncertaintyPoints(store.vega[slot] ?? 0);
  if (uncertainty > uninformativePoints) marks.push('tick_bound');
  return marks;
}

/** Price against the previous close, open interest against the previous day's. */
function buildUpOf(store: QuoteStore, slot: number, { ltp, oiChange }: LegUpdate): Leg['buildUp'] {
  if (ltp === null || !oiChange || !store.knows(slot, field.close)) return null;
  const move = ltp * 100 - (store.closePaise[slot] ?? 0);
  if (move === 0) return null;
  if (oiChange > 0) return move > 0 ? 'long_build_up' : 'short_build_up';
  return move > 0 ? 'short_covering' : 'long_unwinding';
}

function round4(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
