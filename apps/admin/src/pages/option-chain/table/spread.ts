import type { LegFigures } from '@strikewire/client';

/** How wide a book is, told by a word. */
export type SpreadBand = 'tight' | 'fair' | 'wide' | 'poor';

/** The bands, narrowest first: a spread below `belowPercent` of the LTP belongs to it. */
export const spreadBands: readonly { name: SpreadBand; belowPercent: number }[] = [
  { name: 'tight', belowPercent: 0.5 },
  { name: 'fair', belowPercent: 2 },
  { name: 'wide', belowPercent: 5 },
  { name: 'poor', belowPercent: Infinity },
];

type Quoted = Pick<LegFigures, 'ltpPaise' | 'bidPaise' | 'askPaise'>;

/** True when somebody buys and somebody sells. */
export function isTwoSided({ bidPaise, askPaise }: Pick<Quoted, 'bidPaise' | 'askPaise'>): boolean {
  return bidPaise > 0 && askPaise > 0;
}

/** Ask less bid in percent of the LTP; NaN without a two-sided book or an LTP. */
export function spreadPercentOf(leg: Quoted): number {
  if (!isTwoSided(leg) || !(leg.ltpPaise > 0)) return NaN;
  return ((leg.askPaise - leg.bidPaise) / leg.ltpPaise) * 100;
}

/** The band of a spread; null when there is no spread. */
export function spreadBandOf(percent: number): SpreadBand | null {
  if (!Number.isFinite(percent)) return null;
  return spreadBands.find(({ belowPercent }) => percent < belowPercent)?.name ?? null;
}
