import { z } from 'zod';
import { expirySchema, symbolSchema } from '../rest/live-chain';
import { socketLimits } from './socket-limits';

/** What a client calls its request; comes back with the answer. */
export const requestIdSchema = z.union(
  [z.string().max(64), z.number().int().nonnegative()],
  { error: 'needs text of up to 64 characters or a whole number from 0' },
);

/** A contract or a spot, as `NSE:NIFTY:2026-11-24:24500:CE` or `NSE:NIFTY`. */
export const quoteKeySchema = z
  .string()
  .max(80)
  .regex(
    /^(NSE|BSE|MCX):[A-Z0-9][A-Z0-9&_-]{0,31}(:\d{4}-\d{2}-\d{2}:\d{1,9}(\.\d{1,2})?:(CE|PE))?$/,
    { error: 'needs a key such as NSE:NIFTY or NSE:NIFTY:2026-11-24:24500:CE' },
  );

const subscribe = { type: z.literal('subscribe'), id: requestIdSchema.optional() };
const text = z
  .literal('json', { error: 'needs to be json: only the channel chain has binary frames' })
  .default('json');
const ofChain = { underlying: symbolSchema, expiry: expirySchema.optional() };
/** Of an ordered channel: the last message that the client has. */
const after = z
  .object({ epoch: z.string().max(64), sequence: z.number().int().nonnegative() })
  .optional();

/** A request to be told of something from now on. */
export const subscribeSchema = z.discriminatedUnion('channel', [
  z.object({
    ...subscribe,
    channel: z.literal('chain'),
    ...ofChain,
    /** `binary`: frames as in docs/socket.md; `json`: text. */
    encoding: z.enum(['binary', 'json']).default('json'),
  }),
  z.object({ ...subscribe, channel: z.literal('greeks'), ...ofChain, encoding: text }),
  z.object({ ...subscribe, channel: z.literal('pcr'), ...ofChain, encoding: text }),
  z.object({
    ...subscribe,
    channel: z.literal('quotes'),
    keys: z.array(quoteKeySchema).min(1).max(socketLimits.quotesMax),
    encoding: text,
  }),
  z.object({ ...subscribe, channel: z.literal('status'), encoding: text }),
  z.object({ ...subscribe, channel: z.literal('alerts'), after, encoding: text }),
  z.object({ ...subscribe, channel: z.literal('orders'), after, encoding: text }),
]);
/** A checked request to be told of something. */
export type SubscribeMessage = z.infer<typeof subscribeSchema>;
/** What can be subscribed to on `/ws`. */
export type Channel = SubscribeMessage['channel'];

const ofStream = { id: requestIdSchema.optional(), stream: z.number().int() };

/** Messages that a client may send on `/ws`. */
export const clientMessageSchema = z.discriminatedUnion('type', [
  subscribeSchema,
  z.object({ type: z.literal('unsubscribe'), ...ofStream }),
  /** Asks for a snapshot of a stream whose versions no longer join up. */
  z.object({ type: z.literal('resync'), ...ofStream }),
  z.object({ type: z.literal('ping'), id: requestIdSchema.optional() }),
]);
/** A checked message of a client. */
export type ClientMessage = z.infer<typeof clientMessageSchema>;
