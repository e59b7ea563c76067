import type { PricingModel } from './pricing-terms';

const dayMs = 86_400_000;
/** A session from 09:15 to 15:30. */
const sessionMs = 22_500_000;

/** How time to expiry becomes years. */
export interface DayCount {
  /** Which time passes: all of it, or only while the market is open. */
  readonly clock: 'calendar' | 'trading';
  /** How much of it is a year. */
  readonly msPerYear: number;
}

/** How a platform turns prices into volatilities: what its figures must be compared under. */
export interface PricingConvention {
  readonly name: string;
  readonly model: PricingModel;
  /** Continuous rate a year, as a fraction. */
  readonly rate: number;
  readonly dayCount: DayCount;
  /** Added to the time of expiry, where a platform counts to another moment. */
  readonly expiryShiftMs: number;
}

/** All the time there is, in years of 365 days. */
export const calendarDays: DayCount = { clock: 'calendar', msPerYear: 365 * dayMs };

/** Time in which the market is open, in years of 252 sessions of 6 h 15 min. */
export const tradingDays: DayCount = { clock: 'trading', msPerYear: 252 * sessionMs };

/** Conventions in use in India that are nobody's in particular. */
export const conventions = {
  /** Black-76 on the forward, rate 0, calendar time to the moment of expiry: our default. */
  calendar365: {
    name: 'calendar365',
    model: 'black76',
    rate: 0,
    dayCount: calendarDays,
    expiryShiftMs: 0,
  },
  /** The same over trading time: volatility does not rise over a weekend. */
  trading252: {
    name: 'trading252',
    model: 'black76',
    rate: 0,
    dayCount: tradingDays,
    expiryShiftMs: 0,
  },
  /** Black and Scholes on the spot at a constant 10 %, as on screens of the exchange. */
  spot10: {
    name: 'spot10',
    model: 'spot',
    rate: 0.1,
    dayCount: calendarDays,
    expiryShiftMs: 0,
  },
} as const satisfies Record<string, PricingConvention>;

/** Milliseconds in which the market is open, between two epoch milliseconds. */
export type TradingMsBetween = (fromMs: number, toMs: number) => number;

/**
 * Years from `nowMs` to `expiryMs` (epoch milliseconds) as a convention counts them; negative or
 * 0 once expired. A convention over trading time needs `tradingMsBetween`; without it the answer
 * is NaN, which every solver answers with `ivStatus.badInput`.
 */
export function yearsToExpiry(
  { dayCount, expiryShiftMs }: PricingConvention,
  nowMs: number,
  expiryMs: number,
  tradingMsBetween?: TradingMsBetween,
): number {
  const untilMs = expiryMs + expiryShiftMs;
  if (dayCount.clock === 'calendar') return (untilMs - nowMs) / dayCount.msPerYear;
  return (tradingMsBetween?.(nowMs, untilMs) ?? NaN) / dayCount.msPerYear;
}
