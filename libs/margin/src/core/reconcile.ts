import type { MarginFigures } from '@strikewire/broker';
import type { MarginEstimate } from './margin-estimate';
import type { MarginShape } from './position-shape';

/** Ratios of the past by shape, oldest first: estimate ÷ broker. */
export type RatioHistory = Readonly<Partial<Record<MarginShape, readonly number[]>>>;

/** Where a ratio is expected. */
export interface RatioBand {
  low: number;
  high: number;
  /** Ratios it was learned from; 0 for the one that is assumed. */
  learnedFrom: number;
}

/** One component of both figures, in paise. */
export interface ComponentDifference {
  component: 'span' | 'exposure' | 'premium' | 'required';
  estimatePaise: number;
  brokerPaise: number;
  /** Estimate less broker. */
  differencePaise: number;
}

/** How an estimate compares with the broker's figure. */
export interface Reconciliation {
  shape: MarginShape;
  /** Those that the broker tells. */
  byComponent: readonly ComponentDifference[];
  /** Estimate ÷ broker of the whole; null when the broker asks nothing or no number. */
  ratio: number | null;
  /** What was expected, before this ratio. */
  band: RatioBand;
  /** True for an alarm: first look at the file's revision, then exposure, then the positions. */
  isOutside: boolean;
  /** With this ratio, for the next time. */
  history: RatioHistory;
}

/** How bands are learned; shares are fractions of the broker's figure. */
export const reconcileLimits = {
  /** Ratios kept of each shape. */
  ratiosMax: 64,
  /** Fewer teach nothing. */
  learnFrom: 5,
  /** Until then, and as the widest that can be learned. */
  assumed: { low: 0.85, high: 1.15 },
  widest: { low: 0.7, high: 1.4 },
  /** The band is never narrower than this to each side of the median. */
  halfWidthMin: 0.03,
} as const;

/** 3 standard deviations, from the median of absolute deviations. */
const deviationScale = 3 * 1.4826;

/**
 * Compares an estimate with what the broker asks for the same set at the same time. Nothing is
 * scaled by what is learned: it only says what difference is usual for this shape.
 */
export function reconcile(
  estimate: MarginEstimate,
  broker: MarginFigures,
  history: RatioHistory,
): Reconciliation {
  const { shape } = estimate;
  const past = (history[shape] ?? []).filter(isRatio).slice(-reconcileLimits.ratiosMax);
  const band = bandOf(past);
  const whole = estimate.totalPaise / broker.requiredPaise;
  const ratio = broker.requiredPaise > 0 && isRatio(whole) ? whole : null;
  const isBothNothing = broker.requiredPaise === 0 && estimate.totalPaise === 0;
  const isInside = ratio === null ? isBothNothing : ratio >= band.low && ratio <= band.high;
  const kept = ratio === null ? past : [...past, ratio].slice(-reconcileLimits.ratiosMax);
  return {
    shape,
    byComponent: differencesOf(estimate, broker),
    ratio,
    band,
    isOutside: !isInside,
    history: { ...history, [shape]: kept },
  };
}

/** The band that ratios of a shape have taught. */
export function bandOf(ratios: readonly number[]): RatioBand {
  const { learnFrom, assumed, widest, halfWidthMin } = reconcileLimits;
  if (ratios.length < learnFrom) return { ...assumed, learnedFrom: 0 };
  const middle = median(ratios);
  const spread = deviationScale * median(ratios.map((one) => Math.abs(one - middle)));
  const half = Math.max(halfWidthMin, spread);
  // However usual it has become, an estimate far off is no estimate: both ends stay inside.
  const within = (value: number): number => Math.min(widest.high, Math.max(widest.low, value));
  return {
    low: within(middle - half),
    high: within(middle + half),
    learnedFrom: ratios.length,
  };
}

function differencesOf(estimate: MarginEstimate, broker: MarginFigures): ComponentDifference[] {
  const sum = (pick: (one: MarginEstimate['byUnderlying'][number]) => number): number =>
    estimate.byUnderlying.reduce((total, one) => total + pick(one), 0);
  const pairs: [ComponentDifference['component'], number, number | null][] = [
    ['span', sum((one) => one.spanPaise), broker.spanPaise],
    // Brokers tell the add-on of the last day with exposure.
    ['exposure', sum((one) => one.exposurePaise + one.expiryDayPaise), broker.exposurePaise],
    ['premium', sum((one) => one.premiumPaise), broker.premiumPaise],
    ['required', estimate.totalPaise, broker.requiredPaise],
  ];
  return pairs.flatMap(([component, estimatePaise, brokerPaise]) => {
    if (brokerPaise === null || !Number.isFinite(brokerPaise)) return [];
    const differencePaise = estimatePaise - brokerPaise;
    return [{ component, estimatePaise, brokerPaise, differencePaise }];
  });
}

function isRatio(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const low = sorted[Math.floor(middle)] ?? NaN;
  return (low + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
}
