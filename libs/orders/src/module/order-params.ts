import { ordersQuerySchema } from '@strikewire/contracts';
import { z } from 'zod';

/** The id of an order, which is also its tag at the broker. */
export const orderParamsSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]{1,30}$/, { error: 'needs the id of an order' }),
});

/** Body of what is done to an account as a whole. */
export const accountBodySchema = z.strictObject({
  account: ordersQuerySchema.shape.account.unwrap(),
});

/** Query of what there is one of for each account. */
export const accountQuerySchema = z.object({ account: ordersQuerySchema.shape.account });
