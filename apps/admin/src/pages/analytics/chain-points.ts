import { emptyLegFigures, readLeg, type ChainHead, type ChainView } from '@strikewire/client';
import type { ChainLayout } from '@strikewire/contracts';

/** What charts show of one leg; NaN where there is none. */
export interface LegPoint {
  /** Percent. */
  iv: number;
  /** Units. */
  oi: number;
  /** Units, against the previous day. */
  oiChange: number;
}

/** One strike of a chain as charts show it. */
export interface StrikePoint {
  /** Rupees. */
  strike: number;
  call: LegPoint;
  put: LegPoint;
}

/** A chain at one moment, lowest strike first. */
export interface ChainPicture {
  layout: ChainLayout;
  head: ChainHead;
  points: StrikePoint[];
}

/** Reads what charts show; null before the first figures. */
export function pictureOf({ layout, head, store }: ChainView): ChainPicture | null {
  if (head === null) return null;
  const figures = emptyLegFigures();
  const legPoint = (row: number): LegPoint => {
    const { iv, oi, oiChange } = readLeg(store, row, figures);
    return { iv, oi, oiChange };
  };
  const points = layout.strikes.map((strike, index) => ({
    strike,
    call: legPoint(2 * index),
    put: legPoint(2 * index + 1),
  }));
  return { layout, head, points };
}

/**
 * Volatility of a strike, percent: of the leg out of the money, which is the one that trades, else
 * of the other; NaN when neither has one or the forward is unknown. The same rule as the server's.
 */
export function chosenIv({ strike, call, put }: StrikePoint, forward: number): number {
  if (Number.isNaN(forward)) return NaN;
  const [out, other] = strike >= forward ? [call, put] : [put, call];
  return Number.isNaN(out.iv) ? other.iv : out.iv;
}

/** The `count` strikes nearest to the one at `index`, still in order; all without such a strike. */
export function pointsAround(
  points: readonly StrikePoint[],
  index: number,
  count: number,
): readonly StrikePoint[] {
  if (index < 0 || points.length <= count) return points;
  const from = Math.min(points.length - count, Math.max(0, index - (count >> 1)));
  return points.slice(from, from + count);
}
