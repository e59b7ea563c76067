import { z } from 'zod';
import { idSchema } from './access';

/** An account, as failover sees it. */
export const failoverAccountSchema = z.object({
  id: z.string(),
  label: z.string(),
  broker: z.string(),
  primary: z.boolean(),
  /**
   * What it does now: carries data, observes beside them, could take over, rests until it is let in
   * again, or was taken out of service by a person.
   */
  role: z.enum(['carrier', 'observer', 'reserve', 'resting', 'drained']),
  standing: z.enum(['fit', 'lost', 'renewing', 'parked', 'suspended']),
  /** Why it is not fit, in plain words. */
  reason: z.string().nullable(),
  /** 0 to 100: how well it does. */
  score: z.number().int(),
  sockets: z.object({ wanted: z.number().int(), live: z.number().int() }),
  /** Contracts that it carries, and could carry. */
  contracts: z.number().int(),
  capacity: z.number().int(),
  /**
   * Its socket of full books, which stands while any is looked at: its state, why it does not
   * deliver, the books that come over it and may at most. Null while it is not asked for any.
   */
  depth: z.object({
    state: z.enum(['idle', 'connecting', 'live', 'waiting', 'parked']),
    reason: z.string().nullable(),
    books: z.number().int(),
    max: z.number().int(),
  }).nullable(),
  ticksPerSecond: z.number(),
  /** Age of its newest tick, ms; null before the first. */
  tickAgeMs: z.number().nullable(),
  /** How long its sockets have been live since they were first wanted, percent. */
  uptimePercent: z.number().nullable(),
  /** Losses of sockets since the start. */
  reconnects: z.number().int(),
  /** Requests without an answer since its last answer. */
  failures: z.number().int(),
  /** Median time to an answer over REST, ms; null before the first. */
  restMs: z.number().nullable(),
  /** Classes of requests that others answer for it, and until when. */
  diverted: z.array(z.object({ class: z.string(), until: z.string() })),
  /** The fullest of its limits, percent. */
  budgetPercent: z.number(),
});
/** An account, as failover sees it. */
export type FailoverAccount = z.infer<typeof failoverAccountSchema>;

/** Answer of `GET /api/failover`: accounts in the order of failover. */
export const failoverSchema = z.object({
  /** Nobody is left who carries: what is served is the cache, marked stale. */
  degraded: z.boolean(),
  /** 0: as wished; 2: another account carries, 3: another broker. */
  level: z.union([z.literal(0), z.literal(2), z.literal(3)]),
  /** The account that a person wants first; null: as ordered. */
  forced: z.string().nullable(),
  /** Whether a person has ordered the accounts; else they are ordered by broker and score. */
  isOrdered: z.boolean(),
  accounts: z.array(failoverAccountSchema),
});
/** How the accounts stand. */
export type Failover = z.infer<typeof failoverSchema>;

/** Body of `PUT /api/failover/order`; an empty list goes back to the order by itself. */
export const failoverOrderSchema = z.object({
  accounts: z.array(idSchema).max(50),
});
/** Body of `POST /api/failover/force`; null: as ordered again. */
export const failoverForceSchema = z.object({ account: idSchema.nullable() });
/** Body of `POST /api/failover/drain`. */
export const failoverDrainSchema = z.object({ account: idSchema, drained: z.boolean() });

/** One change of who carries the data. */
export const failoverEventSchema = z.object({
  id: z.string(),
  at: z.string(),
  /** 1: another socket, 2: another account, 3: another broker; 0: no fault. */
  level: z.number().int(),
  cause: z.enum([
    'socket_lost', 'feed_lost', 'auth', 'suspended', 'broker_down', 'recovered', 'by_hand',
    'accounts',
  ]),
  reason: z.string(),
  from: z.array(z.string()),
  to: z.array(z.string()),
  /** From the fault to the next tick, ms; null when none was needed, or none came. */
  durationMs: z.number().nullable(),
  contracts: z.number().int(),
  withoutFeed: z.number().int(),
});
/** One change of who carries the data. */
export type FailoverEventRow = z.infer<typeof failoverEventSchema>;

/** Answer of `GET /api/failover/history?limit=`: newest first. */
export const failoverHistorySchema = z.object({ events: z.array(failoverEventSchema) });
/** What has changed hands. */
export type FailoverHistory = z.infer<typeof failoverHistorySchema>;

/** One thing that has to be right before the market opens. */
export const readinessItemSchema = z.object({
  name: z.string(),
  state: z.enum(['ok', 'warning', 'failed']),
  /** What was found, and what is needed. */
  message: z.string(),
});
/** Answer of `GET /api/failover/readiness`. */
export const readinessSchema = z.object({
  /** The next open that it is about; null when none is known. */
  nextOpen: z.string().nullable(),
  items: z.array(readinessItemSchema),
});
/** Whether everything is ready for the open. */
export type Readiness = z.infer<typeof readinessSchema>;
