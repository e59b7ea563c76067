import { z } from 'zod';
import { depthLevelSchema } from './depth';
import { expirySchema, symbolSchema } from './live-chain';

/**
 * Query of `GET /api/optionchain/contract`: a contract by its canonical key, or the future that
 * goes with an underlying's expiry: the first at or after it, else the last one before.
 */
export const contractQuerySchema = z
  .object({
    key: z.string().max(80, { error: 'needs at most 80 characters' }).optional(),
    underlying: symbolSchema.optional(),
    expiry: expirySchema.optional(),
  })
  .refine(
    ({ key, underlying, expiry }) =>
      key !== undefined || (underlying !== undefined && expiry !== undefined),
    { error: 'needs a key, or underlying and expiry', path: ['key'] },
  );
/** Which contract. */
export type ContractQuery = z.infer<typeof contractQuerySchema>;

const rupees = z.number().nullable();

/**
 * Answer of `GET /api/optionchain/contract`: an option or a future as it is traded. Prices in
 * rupees, quantities in units; null: not known.
 */
export const contractTermsSchema = z.object({
  key: z.string(),
  underlying: z.string(),
  exchange: z.string(),
  expiry: z.string(),
  kind: z.enum(['CE', 'PE', 'FUT']),
  strike: rupees,
  /** The exchange's name of it. */
  symbol: z.string(),
  lotSize: z.number(),
  tickSize: z.number(),
  /** The most that one order may be of. */
  freezeQuantity: z.number().nullable(),
  ltp: rupees,
  previousClose: rupees,
  /** Of the underlying. */
  spot: rupees,
  /** Percent. */
  iv: z.number().nullable(),
  /** Five levels at the most, best first, without empty ones. */
  bids: z.array(depthLevelSchema),
  asks: z.array(depthLevelSchema),
  /** When its figures last came, ISO-8601 with offset; null: never, as of what is just wanted. */
  receivedAt: z.string().nullable(),
  stale: z.boolean(),
});
/** A contract as it is traded. */
export type ContractTerms = z.infer<typeof contractTermsSchema>;
