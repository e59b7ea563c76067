import { z } from 'zod';
import { basketMarginSchema } from './margin';
import { executionSchema, orderProblemSchema } from './orders';

const chargesSchema = z.object({
  brokerage: z.number(),
  stt: z.number(),
  exchange: z.number(),
  ipft: z.number(),
  sebi: z.number(),
  stamp: z.number(),
  gst: z.number(),
  total: z.number(),
});

/** Answer of `POST /api/orders/preview`. */
export const orderPreviewSchema = z.object({
  /** Nothing is wrong: it would be sent. */
  ok: z.boolean(),
  problems: z.array(orderProblemSchema),
  legs: z.array(
    z.object({
      contract: z.string(),
      /** The limit that would be sent, in rupees; null: there is none yet. */
      price: z.number().nullable(),
      /** Orders that it would be cut into, in units. */
      slices: z.array(z.number()),
      execution: executionSchema.nullable(),
      charges: chargesSchema.nullable(),
    }),
  ),
  margin: basketMarginSchema,
  /** Of all legs together. */
  charges: z.number().nullable(),
});
/** What orders would do. */
export type OrderPreview = z.infer<typeof orderPreviewSchema>;
