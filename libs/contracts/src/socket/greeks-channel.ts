import { z } from 'zod';
import { expirySchema, symbolSchema } from '../rest/live-chain';

/** Query of `/ws/greeks`: NIFTY and its nearest expiry unless told otherwise. */
export const greeksQuerySchema = z.object({
  underlying: symbolSchema.default('NIFTY'),
  expiry: expirySchema.optional(),
});
/** A checked query of `/ws/greeks`. */
export type GreeksQuery = z.infer<typeof greeksQuerySchema>;

const figure = z.number().nullable();

/** A contract that changed; at most one a second for each. Rupees, units, percent. */
export const greeksUpdateSchema = z.object({
  type: z.literal('greeks_update'),
  data: z.object({
    instrumentKey: z.string(),
    symbol: z.string(),
    strike: z.number(),
    type: z.enum(['CE', 'PE']),
    expiry: z.string(),
    price: figure,
    oi: figure,
    iv: figure,
    greeks: z.object({
      delta: figure,
      gamma: figure,
      theta: figure,
      vega: figure,
      rho: figure,
    }),
    timestamp: z.string(),
  }),
});
/** A message of `/ws/greeks` about one contract. */
export type GreeksUpdate = z.infer<typeof greeksUpdateSchema>;

/** The put-call ratio of the chain by open interest. */
export const pcrUpdateSchema = z.object({
  type: z.literal('pcr_update'),
  data: z.object({
    symbol: z.string(),
    expiry: z.string(),
    pcr: figure,
    totalCeOi: figure,
    totalPeOi: figure,
    timestamp: z.string(),
  }),
});
/** A message of `/ws/greeks` about the chain. */
export type PcrUpdate = z.infer<typeof pcrUpdateSchema>;
