import { z } from 'zod';
import { exchanges, isIsoDate, isSymbol } from '../contract-key';
import { instantSchema, lineSchema } from './access';
import { exitSchema, positionSchema } from './orders';

const { account: accountSchema } = exitSchema.shape;
const contractSchema = exitSchema.shape.contract.unwrap();
const productSchema = exitSchema.shape.product.unwrap();
const priceSchema = z
  .number({ error: 'needs rupees' })
  .positive({ error: 'needs a price above zero' })
  .max(10_000_000, { error: 'needs at most ₹10,000,000' });

/** A position that is another at its broker; units, rupees. */
export const positionDifferenceSchema = positionSchema
  .pick({ account: true, contract: true, product: true, ltp: true })
  .extend({
    here: z.number(),
    there: z.number(),
    /** What the broker paid or got for a unit; null: it does not tell. */
    averagePrice: z.number().nullable(),
    /** When the broker was read. */
    readAt: instantSchema,
    /** Why it cannot be adopted now; null: it can. */
    blocked: z.string().nullable(),
  });
/** A position that is another at its broker. */
export type PositionDifferenceView = z.infer<typeof positionDifferenceSchema>;

/** Answer of `GET /api/positions/differences`: as positions were compared last. */
export const positionDifferencesSchema = z.object({
  differences: z.array(positionDifferenceSchema),
});
/** Positions that are others at their brokers. */
export type PositionDifferences = z.infer<typeof positionDifferencesSchema>;

/** Body of `POST /api/positions/adopt`: what the broker holds of a contract is held here, too. */
export const adoptPositionSchema = z.strictObject({
  account: accountSchema,
  contract: contractSchema,
  product: productSchema,
  /** Units that the broker was seen to hold; it is asked again. */
  netQuantity: z.number().int({ error: 'needs a whole number of units' }),
  /** Only counts where the broker tells none: of what it holds less, always. */
  price: priceSchema.optional(),
  reason: lineSchema(200),
});
/** A position to be made agree with its broker's. */
export type AdoptPosition = z.infer<typeof adoptPositionSchema>;

const expirySchema = z.object({
  exchange: z.enum(exchanges, { error: `needs one of ${exchanges.join(', ')}` }),
  underlying: z.string().refine(isSymbol, { error: 'needs a symbol such as NIFTY' }),
  expiry: z.string().refine(isIsoDate, { error: 'needs a date such as 2026-11-24' }),
});

/** An expiry whose price nobody saw, and how many paper positions wait for it. */
export const waitingSettlementSchema = expirySchema.extend({ positions: z.number() });
/** Answer of `GET /api/settlements`. */
export const waitingSettlementsSchema = z.object({ waiting: z.array(waitingSettlementSchema) });
/** Expiries that paper positions wait for. */
export type WaitingSettlements = z.infer<typeof waitingSettlementsSchema>;

/** Body of `POST /api/settlements`: the settlement price of an underlying for an expiry. */
export const settlementPriceSchema = z.strictObject({
  ...expirySchema.shape, price: priceSchema, reason: lineSchema(200),
});
/** The price that an expiry is settled at. */
export type SettlementPrice = z.infer<typeof settlementPriceSchema>;
