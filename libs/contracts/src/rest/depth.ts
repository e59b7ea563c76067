import { z } from 'zod';
import { expirySchema, symbolSchema } from './live-chain';

/**
 * Query of `GET /api/optionchain/depth`: an option by its canonical key, or by what it is of;
 * without an expiry the nearest is meant.
 */
export const depthQuerySchema = z
  .object({
    key: z.string().max(80, { error: 'needs at most 80 characters' }).optional(),
    underlying: symbolSchema.optional(),
    expiry: expirySchema.optional(),
    strike: z.coerce
      .number({ error: 'needs a strike in rupees, such as 24500' })
      .positive({ error: 'needs a strike in rupees above 0' })
      .max(9_999_999, { error: 'needs a strike in rupees below 10,000,000' })
      .optional(),
    type: z.enum(['CE', 'PE'], { error: 'needs CE or PE' }).optional(),
  })
  .refine(
    ({ key, underlying, strike, type }) =>
      key !== undefined || (underlying !== undefined && strike !== undefined && type !== undefined),
    { error: 'needs a key, or underlying, strike and type', path: ['key'] },
  );
/** A checked query for an option's book. */
export type DepthQuery = z.infer<typeof depthQuerySchema>;

/** One price level: rupees, units, and how many orders these are of. */
export const depthLevelSchema = z.object({
  price: z.number(),
  quantity: z.number(),
  orders: z.number(),
});

/** Answer of `GET /api/optionchain/depth`. */
export const depthSchema = z.object({
  key: z.string(),
  underlying: z.string(),
  exchange: z.string(),
  expiry: z.string(),
  strike: z.number(),
  type: z.enum(['CE', 'PE']),
  /** Those who buy, best first; without the levels at which there is nobody. */
  bids: z.array(depthLevelSchema),
  /** Those who sell, likewise. */
  asks: z.array(depthLevelSchema),
  /** How many levels a side can have: 20 of a full book, 5 of the market feed's. */
  levels: z.union([z.literal(5), z.literal(20)]),
  /** Whose feed the book came over. */
  source: z.object({ broker: z.string(), account: z.string() }),
  /** ISO-8601 with offset; null: nothing was received yet. */
  receivedAt: z.string().nullable(),
  stale: z.boolean(),
});
/** An option's book. */
export type Depth = z.infer<typeof depthSchema>;
