import { field, noFigures, type FrameFigures, type QuoteStore } from '@strikewire/market-data';
import type { ChainSlots } from './generation-layout';

/** Sums over a chain's strikes, in units, of what is known; NaN where nothing is. */
export interface ChainTotals {
  ceOi: number;
  peOi: number;
  ceVolume: number;
  peVolume: number;
}

/** What the figures of a chain are taken from, besides its store. */
export interface FigureInputs {
  forward: number;
  forwardSource: FrameFigures['forwardSource'];
  /** What gammas are of: forward or spot, by the convention's model. */
  underlying: number;
  yearsToExpiry: number;
  /** Index of the strike that tags count from; -1 when unknown. */
  anchorIndex: number;
  /** Rupees by slot, 0 for none; see `PricingSheet`. */
  price: Float64Array;
}

/** The delta that the skew is measured at. */
const skewDelta = 0.25;

/** Sums of open interest and volume over a chain. */
export function chainTotals(store: QuoteStore, slots: ChainSlots): ChainTotals {
  return {
    ceOi: sumOf(store, slots, store.oi, { side: 0, bit: field.oi }),
    peOi: sumOf(store, slots, store.oi, { side: 1, bit: field.oi }),
    ceVolume: sumOf(store, slots, store.volume, { side: 0, bit: field.volume }),
    peVolume: sumOf(store, slots, store.volume, { side: 1, bit: field.volume }),
  };
}

/** Of the calls (`side` 0) or puts (1) whose figure the market has told. */
function sumOf(
  store: QuoteStore,
  { firstSlot, legCount }: ChainSlots,
  column: Float64Array,
  { side, bit }: { side: 0 | 1; bit: number },
): number {
  let sum = 0;
  let count = 0;
  for (let slot = firstSlot + side; slot < firstSlot + legCount; slot += 2) {
    if ((store.known[slot]! & bit) === 0) continue;
    sum += column[slot]!;
    count++;
  }
  return count === 0 ? NaN : sum;
}

/** The figures of a chain as a whole, of its strikes in the window; NaN where there is none. */
export function chainFigures(
  store: QuoteStore,
  slots: ChainSlots,
  inputs: FigureInputs,
): FrameFigures {
  const { forward, forwardSource, yearsToExpiry } = inputs;
  const maxPainPaise = maxPain(store, slots);
  const straddle = straddleOf(slots, inputs);
  if (Number.isNaN(forward)) return { ...noFigures, maxPainPaise, straddle };
  const atmIv = atmVol(store, slots, forward);
  return {
    forward,
    forwardSource,
    atmIv,
    skew: sideVol(store, slots, forward, 1) - sideVol(store, slots, forward, 0),
    straddle,
    expectedMove: forward * (atmIv / 100) * Math.sqrt(yearsToExpiry),
    gammaExposure: gammaExposure(store, slots, inputs.underlying),
    maxPainPaise,
  };
}

/**
 * Volatility of a strike, percent: of the leg out of the money, which is the one that trades,
 * else of the other; NaN when neither has one.
 */
export function strikeVol(
  store: QuoteStore,
  slots: ChainSlots,
  index: number,
  forward: number,
): number {
  const call = slots.firstSlot + 2 * index;
  const isCallOut = slots.strikesPaise[index]! >= forward * 100;
  const outIv = store.iv[isCallOut ? call : call + 1]!;
  return Number.isNaN(outIv) ? store.iv[isCallOut ? call + 1 : call]! : outIv;
}

/**
 * The strike at which the holders of all options together would be paid least, in paise; of
 * equals the lower. 0 without open interest. One pass: moving the settlement from a strike to the
 * next pays each call below it the gap more, and each put above it the gap less.
 */
export function maxPain(store: QuoteStore, slots: ChainSlots): number {
  const { firstSlot, strikesPaise } = slots;
  let callsBelow = 0;
  let putsAbove = 0;
  for (let index = 0; index < strikesPaise.length; index++) {
    putsAbove += store.oi[firstSlot + 2 * index + 1]!;
  }
  let total = putsAbove;
  let paid = 0;
  let least = 0;
  let found = strikesPaise[0] ?? 0;
  for (let index = 0; index < strikesPaise.length; index++) {
    const gap = index === 0 ? 0 : strikesPaise[index]! - strikesPaise[index - 1]!;
    paid += (callsBelow - putsAbove) * gap;
    if (paid < least) {
      least = paid;
      found = strikesPaise[index]!;
    }
    const callOi = store.oi[firstSlot + 2 * index]!;
    callsBelow += callOi;
    total += callOi;
    putsAbove -= store.oi[firstSlot + 2 * index + 1]!;
  }
  return total > 0 ? found : 0;
}

/** Between the two strikes around the forward, by distance; the one there is, if one is. */
function atmVol(store: QuoteStore, slots: ChainSlots, forward: number): number {
  const { strikesPaise } = slots;
  let above = 0;
  while (above < strikesPaise.length && strikesPaise[above]! / 100 < forward) above++;
  if (above === strikesPaise.length || (above === 0 && strikesPaise[0]! / 100 > forward)) {
    return NaN;
  }
  const upper = strikeVol(store, slots, above, forward);
  if (above === 0) return upper;
  const lower = strikeVol(store, slots, above - 1, forward);
  if (Number.isNaN(upper) || Number.isNaN(lower)) return Number.isNaN(upper) ? lower : upper;
  const [from, to] = [strikesPaise[above - 1]! / 100, strikesPaise[above]! / 100];
  return lower + ((upper - lower) * (forward - from)) / (to - from);
}

/**
 * Volatility at a delta of 0.25 of the calls (`side` 0) or puts (1) out of the money, between the
 * two strikes around it; NaN when the window does not reach so far.
 */
function sideVol(store: QuoteStore, slots: ChainSlots, forward: number, side: 0 | 1): number {
  const { firstSlot, strikesPaise } = slots;
  const last = strikesPaise.length - 1;
  let nearDelta = NaN;
  let nearIv = NaN;
  // From the money outwards: upwards for calls, downwards for puts.
  for (let step = 0; step <= last; step++) {
    const index = side === 0 ? step : last - step;
    const strike = strikesPaise[index]! / 100;
    if (side === 0 ? strike < forward : strike > forward) continue;
    const slot = firstSlot + 2 * index + side;
    const delta = Math.abs(store.delta[slot]!);
    const iv = store.iv[slot]!;
    if (Number.isNaN(delta) || Number.isNaN(iv)) continue;
    if (delta <= skewDelta) {
      if (delta === skewDelta) return iv;
      return nearIv + ((iv - nearIv) * (nearDelta - skewDelta)) / (nearDelta - delta);
    }
    nearDelta = delta;
    nearIv = iv;
  }
  return NaN;
}

function straddleOf(slots: ChainSlots, { anchorIndex, price }: FigureInputs): number {
  if (anchorIndex < 0) return NaN;
  const call = price[slots.firstSlot + 2 * anchorIndex]!;
  const put = price[slots.firstSlot + 2 * anchorIndex + 1]!;
  return call > 0 && put > 0 ? call + put : NaN;
}

/** Rupees of delta per 1 % move; NaN when no leg has both a gamma and an open interest. */
function gammaExposure(store: QuoteStore, slots: ChainSlots, underlying: number): number {
  let sum = 0;
  let count = 0;
  for (let row = 0; row < slots.legCount; row++) {
    const slot = slots.firstSlot + row;
    const gamma = store.gamma[slot]!;
    if (Number.isNaN(gamma) || !store.knows(slot, field.oi)) continue;
    count++;
    sum += (row % 2 === 0 ? 1 : -1) * gamma * store.oi[slot]!;
  }
  return count === 0 ? NaN : (sum * underlying * underlying) / 100;
}
