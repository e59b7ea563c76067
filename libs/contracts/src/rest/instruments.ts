import { z } from 'zod';

/** One contract of a chain. Prices in rupees, quantities in units; null: not known. */
export const instrumentSchema = z.object({
  /** The broker's id, unique within its segment. */
  token: z.string(),
  segment: z.string(),
  /** The canonical key, the same with every broker. */
  key: z.string(),
  symbol: z.string(),
  strike: z.number(),
  type: z.enum(['CE', 'PE']),
  lotSize: z.number(),
  tickSize: z.number().nullable(),
  /** The most that one order may be of. */
  freezeQuantity: z.number().nullable(),
});

/**
 * Answer of `GET /api/optionchain/instruments`: every contract of one chain, strikes ascending,
 * call before put. At most 2,002: a chain's window has at most 1,001 strikes.
 */
export const instrumentsSchema = z.object({
  underlying: z.string(),
  exchange: z.string(),
  expiry: z.string(),
  instruments: z.array(instrumentSchema),
});
/** The contracts of a chain. */
export type Instruments = z.infer<typeof instrumentsSchema>;
