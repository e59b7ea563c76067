import { z } from 'zod';
import { chainFiguresSchema, forwardSchema } from '../rest/chain-figures';
import { legSchema } from '../rest/live-chain';
import { requestIdSchema } from './client-messages';

/** The fixed structure of a stream's chain; sent on subscribing and when a generation changes. */
export const chainLayoutSchema = z.object({
  type: z.literal('layout'),
  stream: z.number().int(),
  generation: z.number().int(),
  underlying: z.string(),
  exchange: z.string(),
  expiry: z.string(),
  expiryClass: z.enum(['weekly', 'monthly', 'quarterly']),
  lotSize: z.number(),
  strikeInterval: z.number(),
  /** Rupees, ascending. Leg row 2i is the call of strike i, row 2i + 1 its put. */
  strikes: z.array(z.number()),
  tokens: z.array(z.string()),
  source: z.object({ broker: z.string(), account: z.string() }),
});
/** The structure message of a stream. */
export type ChainLayout = z.infer<typeof chainLayoutSchema>;

/** What stands above the table; part of every snapshot and of every delta. */
export const chainHeadSchema = z.object({
  spot: z.number().nullable(),
  spotClose: z.number().nullable(),
  spotAt: z.string().nullable(),
  atmStrike: z.number().nullable(),
  anchorStrike: z.number().nullable(),
  atmOutsideWindow: z.boolean(),
  stale: z.boolean(),
  asOf: z.string(),
  forward: forwardSchema,
  figures: chainFiguresSchema,
});

/**
 * The live columns of a leg in JSON. Volatility and Greeks are in snapshots and, at most once a
 * second, in deltas; a delta without them leaves them as they were.
 */
export const legUpdateSchema = legSchema
  .pick({
    ltp: true,
    bid: true,
    ask: true,
    bidQty: true,
    askQty: true,
    volume: true,
    oi: true,
    oiChange: true,
    brokerGreeks: true,
    updatedAt: true,
  })
  .extend(legSchema.pick({ iv: true, ivReason: true, greeks: true }).partial().shape);

const id = requestIdSchema.optional();

const streamStep = {
  stream: z.number().int(),
  generation: z.number().int(),
  version: z.number().int(),
  head: chainHeadSchema,
  /** [row, leg] pairs: all rows in a snapshot, the changed ones in a delta. */
  rows: z.array(z.tuple([z.number().int(), legUpdateSchema])),
};

/** Messages of the server on `/ws` in text. */
export const serverMessageSchema = z.discriminatedUnion('type', [
  chainLayoutSchema.extend({ id }),
  z.object({ type: z.literal('snapshot'), ...streamStep }),
  /** Applies only on top of `previous`; a client that holds another version asks to resync. */
  z.object({ type: z.literal('delta'), previous: z.number().int(), ...streamStep }),
  z.object({ type: z.literal('unsubscribed'), id, stream: z.number().int() }),
  z.object({ type: z.literal('pong'), id, at: z.string() }),
  z.object({
    type: z.literal('error'),
    id,
    error: z.object({
      code: z.string(),
      message: z.string(),
      details: z.record(z.string(), z.unknown()).optional(),
      requestId: z.string(),
    }),
  }),
]);
/** A text message of the server. */
export type ServerMessage = z.infer<typeof serverMessageSchema>;
