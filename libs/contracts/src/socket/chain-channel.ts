import { z } from 'zod';
import { chainFiguresSchema, forwardSchema } from '../rest/chain-figures';
import { expirySchema, legSchema, symbolSchema } from '../rest/live-chain';

/** Limits of one socket of `/ws`; beyond them an error message says so. */
export const socketLimits = {
  /** Bytes of one message from a client; a larger one closes the socket with 1009. */
  messageBytesMax: 16_384,
  subscriptionsMax: 64,
  /** Messages from a client per second, with a burst of twice as many. */
  messagesPerSecond: 50,
  /** Bytes waiting for a slow client; beyond, it skips deltas and gets a snapshot when drained. */
  bufferedBytesMax: 1_048_576,
  /** Milliseconds a client may stay over its buffer before it is cut (close code 1013). */
  slowMsMax: 15_000,
} as const;

const requestId = z.union([z.string().max(64), z.number().int().nonnegative()], {
  error: 'needs text of up to 64 characters or a whole number from 0',
});

/** Messages that a client may send on `/ws`. */
export const clientMessageSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('subscribe'),
    id: requestId.optional(),
    channel: z.literal('chain'),
    underlying: symbolSchema,
    expiry: expirySchema.optional(),
    /** `binary`: frames as in docs/socket.md; `json`: text. */
    encoding: z.enum(['binary', 'json']).default('json'),
  }),
  z.object({ type: z.literal('unsubscribe'), id: requestId.optional(), stream: z.number().int() }),
  /** Asks for a snapshot of a stream whose versions no longer join up. */
  z.object({ type: z.literal('resync'), id: requestId.optional(), stream: z.number().int() }),
  z.object({ type: z.literal('ping'), id: requestId.optional() }),
]);
/** A checked message of a client. */
export type ClientMessage = z.infer<typeof clientMessageSchema>;

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
  chainLayoutSchema.extend({ id: requestId.optional() }),
  z.object({ type: z.literal('snapshot'), ...streamStep }),
  /** Applies only on top of `previous`; a client that holds another version asks to resync. */
  z.object({ type: z.literal('delta'), previous: z.number().int(), ...streamStep }),
  z.object({ type: z.literal('unsubscribed'), id: requestId.optional(), stream: z.number().int() }),
  z.object({ type: z.literal('pong'), id: requestId.optional(), at: z.string() }),
  z.object({
    type: z.literal('error'),
    id: requestId.optional(),
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
