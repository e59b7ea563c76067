import type { LegFigures } from '@strikewire/client';
import { isTwoSided, spreadPercentOf } from './spread';

/** What a score is made of. */
export interface LiquidityInputs {
  /** Ask less bid, percent of the LTP; NaN when there is no two-sided book to measure. */
  spreadPercent: number;
  /** Lots at the touch, on the side that has fewer. */
  touchLots: number;
  /** Lots traded today; NaN counts as none. */
  volumeLots: number;
}

/** A spread of so much, or less, is worth all its points; one of `nonePercent` none. */
const spreadEnds = { fullPercent: 0.2, nonePercent: 10 } as const;
/** So many lots at the touch, and traded today, are worth all their points. */
const fullLots = { touch: 100, volume: 10_000 } as const;
const weights = { spread: 50, touch: 30, volume: 20 } as const;

/**
 * How easily a leg is traded now, 0 to 100: a whole number.
 *
 *     score = 50 · S + 30 · D + 20 · V
 *     S = 1 − ln(spread % ÷ 0.2) ÷ ln(10 ÷ 0.2)    the spread, 1 at 0.2 % and 0 from 10 %
 *     D = ln(1 + lots at the touch) ÷ ln(1 + 100)  the smaller side of the best bid and ask
 *     V = ln(1 + lots today) ÷ ln(1 + 10,000)      the volume
 *
 * each held between 0 and 1. Logarithms, for twice as much is a step wherever it begins. The
 * spread weighs most, as it is what every trade pays. NaN without a spread.
 */
export function liquidityScore({ spreadPercent, touchLots, volumeLots }: LiquidityInputs): number {
  if (!Number.isFinite(spreadPercent)) return NaN;
  const { fullPercent, nonePercent } = spreadEnds;
  const wide = Math.max(spreadPercent, fullPercent);
  const spread = 1 - Math.log(wide / fullPercent) / Math.log(nonePercent / fullPercent);
  return Math.round(
    weights.spread * share(spread) +
      weights.touch * share(logShare(touchLots, fullLots.touch)) +
      weights.volume * share(logShare(volumeLots, fullLots.volume)),
  );
}

type Traded = Pick<
  LegFigures,
  'ltpPaise' | 'bidPaise' | 'askPaise' | 'bidQty' | 'askQty' | 'volume'
>;

/**
 * The score of a leg; quantities are units. 0 with an empty side of the book, for there is nobody
 * to trade with; NaN while the book or the last price is unknown.
 */
export function liquidityOf(leg: Traded, lotSize: number): number {
  if (Number.isNaN(leg.bidPaise) || Number.isNaN(leg.askPaise)) return NaN;
  if (!isTwoSided(leg)) return 0;
  return liquidityScore({
    spreadPercent: spreadPercentOf(leg),
    touchLots: Math.min(leg.bidQty, leg.askQty) / lotSize,
    volumeLots: leg.volume / lotSize,
  });
}

/** Shades of the heat map, from the least liquid. */
export const heatLevels = 5;

/** Which shade a score has, 0 to 4; −1 for no score. */
export function heatLevelOf(score: number): number {
  if (Number.isNaN(score)) return -1;
  return Math.min(heatLevels - 1, Math.floor((score / 100) * heatLevels));
}

/** The scores of a shade: `60–79`. */
export function heatRange(level: number): string {
  const step = 100 / heatLevels;
  const last = level === heatLevels - 1 ? 100 : (level + 1) * step - 1;
  return `${level * step}–${last}`;
}

function logShare(lots: number, full: number): number {
  return Math.log(1 + Math.max(0, lots)) / Math.log(1 + full);
}

/** Held between 0 and 1; what is unknown is worth nothing. */
function share(value: number): number {
  return Number.isNaN(value) ? 0 : Math.min(1, Math.max(0, value));
}
