import { z } from 'zod';

const price = z.number().nullable();

/** Why a leg has no volatility, or the price it is taken from is worth little. */
export const ivReasons = [
  'below_intrinsic',
  'zero_extrinsic',
  'no_price',
  'above_max',
  'expired',
  'no_forward',
] as const;

/**
 * Marks of a volatility's worth: taken from the LTP because the book has one side only, or is
 * crossed; the LTP lies outside the book; half a tick of the price is more than one point.
 */
export const ivMarks = ['one_sided', 'crossed', 'ltp_outside_book', 'tick_bound'] as const;

/** Price and open interest against the day before, by their signs. */
export const buildUps = [
  'long_build_up',
  'short_build_up',
  'short_covering',
  'long_unwinding',
] as const;

/** Where a forward comes from: put-call parity, the future, or the spot with interest. */
export const forwardSources = ['parity', 'future', 'spot'] as const;
/** A forward in rupees, and what it is taken from. */
export const forwardSchema = z
  .object({ value: z.number(), source: z.enum(forwardSources) })
  .nullable();

/** Figures of a chain as a whole, of its strikes in the window; null where `reasons` says why. */
export const chainFiguresSchema = z.object({
  /** Strike at which all options together would pay out least, rupees. */
  maxPain: price,
  /** Percent, between the two strikes around the forward, of the legs out of the money. */
  atmIv: price,
  /** 25-delta put IV less call IV, percent points. */
  skew: price,
  /** Call and put of the anchor strike together, rupees. */
  straddle: price,
  /** One standard deviation up to expiry, F · σ · √T, rupees. */
  expectedMove: price,
  /** Rupees of delta per 1 % move, calls counted for and puts against: Σ γ · OI · F² / 100. */
  gammaExposure: price,
});

/** How volatilities and Greeks were computed. */
export const pricingSchema = z.object({
  /** The convention's name. */
  convention: z.string(),
  /** `black76` on the forward, `spot`: Black and Scholes on the spot. */
  model: z.enum(['black76', 'spot']),
  /** Continuous rate, percent a year. */
  rate: z.number(),
  /** What a year is: 365 calendar days, or 252 sessions. */
  dayCount: z.enum(['calendar365', 'trading252']),
  yearsToExpiry: price,
});

/** Figures of a chain as a whole. */
export type ChainFigures = z.infer<typeof chainFiguresSchema>;
/** A forward with its source; null when nothing tells one. */
export type Forward = z.infer<typeof forwardSchema>;
/** How volatilities were computed. */
export type Pricing = z.infer<typeof pricingSchema>;

/** Answer of `GET /api/optionchain/term-structure?underlying=`: a point per built chain. */
export const termStructureSchema = z.object({
  underlying: z.string(),
  exchange: z.string(),
  points: z.array(
    z.object({
      expiry: z.string(),
      class: z.enum(['weekly', 'monthly', 'quarterly']),
      yearsToExpiry: price,
      forward: forwardSchema,
      atmIv: price,
      skew: price,
      expectedMove: price,
      /** Whether the chain's figures are stale. */
      stale: z.boolean(),
    }),
  ),
});
/** At-the-money volatility over expiries, nearest first. */
export type TermStructure = z.infer<typeof termStructureSchema>;
