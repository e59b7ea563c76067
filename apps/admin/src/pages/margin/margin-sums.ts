import type { MarginEstimateView } from '@strikewire/contracts';

/** What all underlyings come to together, in rupees. */
export interface NetGreeks {
  /** Spot times delta. */
  notional: number;
  /** Of a rise by one percent, by delta alone. */
  percent: number;
  theta: number;
  vega: number;
  /** Underlyings that could not be priced. */
  missing: number;
}

/** Deltas of different underlyings do not add up: rupees do. Null: nothing is held. */
export function greeksOf({ byUnderlying }: MarginEstimateView): NetGreeks | null {
  if (byUnderlying.length === 0) return null;
  const sum: NetGreeks = { notional: 0, percent: 0, theta: 0, vega: 0, missing: 0 };
  for (const { greeks, exposureNotional } of byUnderlying) {
    if (greeks === null || exposureNotional === null) {
      sum.missing++;
      continue;
    }
    sum.notional += exposureNotional;
    sum.percent += exposureNotional / 100;
    sum.theta += greeks.theta;
    sum.vega += greeks.vega;
  }
  return sum;
}

/** Where a ratio stands on a scale from `low` to `high` with some room on either side, 0 to 1. */
export function placeInBand(ratio: number, { low, high }: { low: number; high: number }): number {
  const room = Math.max(0.05, high - low) / 2;
  const place = (ratio - (low - room)) / (high - low + 2 * room);
  return Math.min(1, Math.max(0, place));
}
