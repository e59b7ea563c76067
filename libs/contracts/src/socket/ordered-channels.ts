import { z } from 'zod';
import { notificationSchema } from '../rest/notifications';
import { requestIdSchema } from './client-messages';

const stream = z.number().int();
/** Numbers begin anew with each epoch. */
const place = { stream, epoch: z.string(), sequence: z.number().int() };
const channel = z.enum(['alerts', 'orders']);

/**
 * Messages of the server in the channels `alerts` and `orders`: numbered without gaps, none dropped
 * in silence.
 */
export const orderedMessageSchema = z.discriminatedUnion('type', [
  /** The answer to `subscribe`: what follows comes after this number. */
  z.object({
    type: z.literal('subscribed'),
    id: requestIdSchema.optional(),
    channel,
    ...place,
  }),
  /** Messages up to `sequence` cannot be had any more: ask REST how things stand, and go on. */
  z.object({
    type: z.literal('overflow'),
    channel,
    ...place,
    /** How many; null when that is not known. */
    dropped: z.number().int().nullable(),
    /** The route that tells how things stand. */
    resync: z.string(),
  }),
  z.discriminatedUnion('channel', [
    z.object({
      type: z.literal('event'),
      channel: z.literal('alerts'),
      ...place,
      data: notificationSchema,
    }),
    z.object({ type: z.literal('event'), channel: z.literal('orders'), ...place,
      data: z.unknown() }),
  ]),
]);
/** A message of an ordered channel. */
export type OrderedMessage = z.infer<typeof orderedMessageSchema>;
