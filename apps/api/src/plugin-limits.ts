import { feedLimitsSchema, wholeNumber } from '@strikewire/broker';
import { socketsPerAccountMax } from '@strikewire/broker/engine';
import { z } from 'zod';

const dayMs = 86_400_000;

const ruleSchema = z.object({
  class: z.string().min(1).max(64),
  limit: wholeNumber(1, 10_000_000),
  windowMs: wholeNumber(1, 31 * dayMs),
  perKey: z.boolean().optional(),
  startsFree: z.boolean().optional(),
});

const countSchema = wholeNumber(1, 10_000_000).nullable();

const orderLimitSchema = z.object({
  name: z.string().min(1).max(64),
  limit: wholeNumber(1, 10_000_000),
  windowMs: wholeNumber(1, 31 * dayMs),
  per: z.enum(['segment', 'account']),
  reserved: wholeNumber(0, 10_000_000).optional(),
});

/** What a broker lets an account do with orders. */
const ordersSchema = z.object({
  perSecond: countSchema,
  perMinute: countSchema,
  perHour: countSchema,
  perDay: countSchema,
  modificationsPerOrder: countSchema,
  others: z.array(orderLimitSchema).max(32).optional(),
});

/** What one account may ask, as a plugin declares it. */
export const limitsSchema = z.object({
  rest: z.array(ruleSchema).min(1, { error: 'needs at least one rule' }).max(100),
  feed: feedLimitsSchema(socketsPerAccountMax),
  orders: ordersSchema.optional(),
});
