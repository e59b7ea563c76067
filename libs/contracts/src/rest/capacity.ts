import { z } from 'zod';

/** One account's part of the subscription. */
export const accountLoadSchema = z.object({
  id: z.string(),
  label: z.string(),
  broker: z.string(),
  planned: z.number().int(),
  capacity: z.number().int(),
  /** Instruments on each socket that the plan fills. */
  sockets: z.array(z.number().int()),
  instrumentsPerSocketMax: z.number().int(),
  /** Sockets beyond those, kept for replacing a lost one. */
  standby: z.number().int(),
  /** Why its sockets do not try to connect; null while they do. */
  parkedReason: z.string().nullable(),
  budget: z.array(
    z.object({
      class: z.string(),
      used: z.number(),
      limit: z.number(),
      windowMs: z.number(),
      waiting: z.number(),
    }),
  ),
});

/** Chains of which at least a part has no socket. */
export const restOnlyChainSchema = z.object({
  chain: z.string(),
  contracts: z.number().int(),
  of: z.number().int(),
  restAgeMs: z.number().nullable(),
  restBoundMs: z.number(),
});

/** Answer of `GET /api/optionchain/capacity`. */
export const capacitySchema = z.object({
  accounts: z.array(accountLoadSchema),
  planned: z.number().int(),
  capacity: z.number().int(),
  /** Contracts that are served by REST alone. */
  restOnly: z.number().int(),
  /** By chain, in order of priority. */
  restOnlyChains: z.array(restOnlyChainSchema),
  requests: z.object({
    /** How many times longer than its bound every chain's age becomes; null: nobody is asked. */
    stretch: z.number().nullable(),
    waiting: z.object({ admin: z.number(), build: z.number(), gap: z.number() }),
    /** At the pace of all accounts; 0 without one. */
    perMinute: z.number(),
    boundsMs: z.object({ index: z.number(), commodity: z.number(), stock: z.number() }),
  }),
});
/** Who carries what, and what nobody does. */
export type Capacity = z.infer<typeof capacitySchema>;
