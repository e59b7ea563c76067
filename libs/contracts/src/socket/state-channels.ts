import { z } from 'zod';
import { statusSchema } from '../rest/catalogue';
import { legSchema, liveChainSchema } from '../rest/live-chain';
import { chainHeadSchema, chainLayoutSchema } from './chain-channel';
import { requestIdSchema } from './client-messages';

const id = requestIdSchema.optional();
const at = { stream: z.number().int(), version: z.number().int() };
/** A delta applies only on top of `previous`; a client that holds another asks to resync. */
const previous = z.number().int();

const greeks = { channel: z.literal('greeks') };
const greeksStep = {
  ...greeks,
  ...at,
  generation: z.number().int(),
  head: chainHeadSchema,
  /** [row, figures] pairs: all rows in a snapshot, the changed ones in a delta. */
  rows: z.array(
    z.tuple([z.number().int(), legSchema.pick({ iv: true, ivReason: true, greeks: true })]),
  ),
};

/** Ratios and totals of a chain, over the strikes that are kept. */
export const chainRatiosSchema = liveChainSchema.shape.metrics.pick({
  pcrOi: true,
  pcrVolume: true,
  totalCeOi: true,
  totalPeOi: true,
  totalCeVolume: true,
  totalPeVolume: true,
  totalCeOiChange: true,
  totalPeOiChange: true,
});
/** Ratios and totals of a chain. */
export type ChainRatios = z.infer<typeof chainRatiosSchema>;
const pcr = { channel: z.literal('pcr') };

/** The newest of one contract or spot; rupees and units, null where the market has not said. */
export const quoteSchema = legSchema.pick({
  ltp: true,
  bid: true,
  ask: true,
  volume: true,
  oi: true,
  updatedAt: true,
});
/** The newest of one contract or spot. */
export type Quote = z.infer<typeof quoteSchema>;
const quotes = { channel: z.literal('quotes') };
/** [index in `keys`, quote]; null: the contract is not served any more. */
const quoteRows = z.array(z.tuple([z.number().int(), quoteSchema.nullable()]));

const status = { channel: z.literal('status') };
/** What has changed of the status, each part whole. */
export const statusChangeSchema = statusSchema.partial().extend({
  /** Underlyings that changed or are new, each with all its chains. */
  underlyings: statusSchema.shape.underlyings.optional(),
  /** Underlyings that are served no more, as `NSE:NIFTY`. */
  gone: z.array(z.string()).optional(),
});
/** What has changed of the status. */
export type StatusChange = z.infer<typeof statusChangeSchema>;

/** Structure messages of the channels of state; the answer to `subscribe`. */
const stateLayoutSchema = z.discriminatedUnion('channel', [
  chainLayoutSchema.extend({ ...greeks, id }),
  chainLayoutSchema
    .pick({ type: true, stream: true, underlying: true, exchange: true, expiry: true })
    .extend({ ...pcr, id }),
  z.object({
    type: z.literal('layout'),
    ...quotes,
    id,
    stream: z.number().int(),
    keys: z.array(z.string()),
  }),
  z.object({ type: z.literal('layout'), ...status, id, stream: z.number().int() }),
]);

/** Messages of the server in the channels `greeks`, `pcr`, `quotes` and `status`. */
export const stateMessageSchema = z.discriminatedUnion('type', [
  stateLayoutSchema,
  z.discriminatedUnion('channel', [
    z.object({ type: z.literal('snapshot'), ...greeksStep }),
    z.object({ type: z.literal('snapshot'), ...pcr, ...at, asOf: z.string(),
      ratios: chainRatiosSchema }),
    z.object({ type: z.literal('snapshot'), ...quotes, ...at, rows: quoteRows }),
    z.object({ type: z.literal('snapshot'), ...status, ...at, status: statusSchema }),
  ]),
  z.discriminatedUnion('channel', [
    z.object({ type: z.literal('delta'), previous, ...greeksStep }),
    z.object({ type: z.literal('delta'), previous, ...pcr, ...at, asOf: z.string(),
      ratios: chainRatiosSchema.partial() }),
    z.object({ type: z.literal('delta'), previous, ...quotes, ...at, rows: quoteRows }),
    z.object({ type: z.literal('delta'), previous, ...status, ...at, status: statusChangeSchema }),
  ]),
]);
/** A message of a channel of state. */
export type StateMessage = z.infer<typeof stateMessageSchema>;
