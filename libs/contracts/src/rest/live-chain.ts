import { z } from 'zod';
import { isIsoDate, isSymbol } from '../contract-key';
import {
  buildUps,
  chainFiguresSchema,
  forwardSchema,
  ivMarks,
  ivReasons,
  pricingSchema,
} from './chain-figures';

/** An expiry as clients write it. */
export const expirySchema = z
  .string()
  .refine(isIsoDate, { error: 'needs to be an existing date, YYYY-MM-DD' });

/** An underlying's symbol as clients write it; lower case is accepted. */
export const symbolSchema = z
  .string()
  .max(32, { error: 'needs at most 32 characters' })
  .transform((text) => text.toUpperCase())
  .refine(isSymbol, { error: 'needs a symbol such as NIFTY or M&M' });

/** Query of `GET /api/optionchain/live`; without an expiry the nearest is meant. */
export const liveQuerySchema = z.object({
  underlying: symbolSchema,
  expiry: expirySchema.optional(),
});
/** A checked query for a live chain. */
export type LiveQuery = z.infer<typeof liveQuerySchema>;

/** The path of `GET /api/optionchain/{underlying}`. */
export const chainParamsSchema = z.object({ underlying: symbolSchema });
/** Whose chain. */
export type ChainParams = z.infer<typeof chainParamsSchema>;
/** Query of `GET /api/optionchain/{underlying}`; without an expiry the nearest is meant. */
export const chainExpiryQuerySchema = z.object({ expiry: expirySchema.optional() });
/** Which of its chains. */
export type ChainExpiryQuery = z.infer<typeof chainExpiryQuerySchema>;

/** Query of `GET /api/optionchain/expiries`. */
export const expiriesQuerySchema = z.object({ underlying: symbolSchema });
/** Whose expiries. */
export type ExpiriesQuery = z.infer<typeof expiriesQuerySchema>;

const price = z.number().nullable();

/** Greeks per rupee; theta per calendar day; vega and rho per 1 point. */
export const greeksSchema = z.object({
  delta: z.number().nullable(),
  gamma: z.number().nullable(),
  theta: z.number().nullable(),
  vega: z.number().nullable(),
  rho: z.number().nullable(),
});

/** One option of a strike. Prices in rupees, quantities in units; null: the market has not said. */
export const legSchema = z.object({
  token: z.string(),
  symbol: z.string(),
  key: z.string(),
  tag: z.string().nullable(),
  ltp: price,
  bid: price,
  ask: price,
  bidQty: price,
  askQty: price,
  spread: price,
  /** Spread / ltp × 100. */
  spreadPercent: price,
  volume: price,
  oi: price,
  /** OI less the previous day's. */
  oiChange: price,
  /** Percent, of the middle of a two-sided book, else of the LTP; see `pricing`. */
  iv: price,
  /** Why `iv` is null; null when it is not. */
  ivReason: z.enum(ivReasons).nullable(),
  /** Percent, of the best bid and ask: how far apart they are tells what `iv` is worth. */
  ivBid: price,
  ivAsk: price,
  ivMarks: z.array(z.enum(ivMarks)),
  greeks: greeksSchema.nullable(),
  buildUp: z.enum(buildUps).nullable(),
  /** The broker's own figures from its last REST chain. */
  brokerGreeks: greeksSchema.extend({ iv: price, asOf: z.string() }).nullable(),
  /** When a figure last changed, ISO-8601 with offset. */
  updatedAt: z.string().nullable(),
});
/** One option with its figures: prices in rupees, quantities in units. */
export type Leg = z.infer<typeof legSchema>;

/** A strike with both of its options. */
export const strikeSchema = z.object({
  strike: z.number(),
  /** The tag of the strike's call: ITMn … ATM … OTMn. */
  tag: z.string().nullable(),
  /** Percent, of the leg out of the money, else of the other: one volatility per strike. */
  iv: price,
  CE: legSchema,
  PE: legSchema,
});

/** Answer of `GET /api/optionchain/live`. */
export const liveChainSchema = z.object({
  underlying: z.string(),
  exchange: z.string(),
  expiry: z.string(),
  expiryClass: z.enum(['weekly', 'monthly', 'quarterly']),
  lotSize: z.number(),
  strikeInterval: z.number(),
  /** LTP rounded to the interval. */
  atmStrike: price,
  /** The listed strike nearest to `atmStrike`; tags count from it. */
  anchorStrike: price,
  atmOutsideWindow: z.boolean(),
  spot: z.object({
    ltp: price,
    bid: price,
    ask: price,
    /** Previous session's close. */
    close: price,
    updatedAt: z.string().nullable(),
  }),
  forward: forwardSchema,
  pricing: pricingSchema,
  strikes: z.array(strikeSchema),
  metrics: chainFiguresSchema.extend({
    scope: z.literal('window'),
    pcrOi: price,
    pcrVolume: price,
    totalCeOi: price,
    totalPeOi: price,
    totalCeVolume: price,
    totalPeVolume: price,
    totalCeOiChange: price,
    totalPeOiChange: price,
    /** Why a figure is null, by its name. */
    reasons: z.record(z.string(), z.string()),
  }),
  lastUpdated: z.string().nullable(),
  stale: z.boolean(),
  source: z.object({ broker: z.string(), account: z.string() }),
  generation: z.number().int(),
  version: z.number().int(),
});
/** A chain as REST answers it. */
export type LiveChain = z.infer<typeof liveChainSchema>;
