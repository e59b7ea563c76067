import { z } from 'zod';
import { expirySchema, symbolSchema } from './live-chain';

/** Body of `POST /api/optionchain/refresh`; what is left out means all. */
export const refreshRequestSchema = z
  .object({ underlying: symbolSchema.optional(), expiry: expirySchema.optional() })
  .refine(({ underlying, expiry }) => expiry === undefined || underlying !== undefined, {
    error: 'needs an underlying beside the expiry',
    path: ['underlying'],
  });
/** A checked wish for a refresh. */
export type RefreshRequest = z.infer<typeof refreshRequestSchema>;

/** One refresh that somebody asked for. */
export const refreshJobSchema = z.object({
  id: z.number().int(),
  by: z.string(),
  state: z.enum(['running', 'done']),
  chains: z.number().int(),
  done: z.number().int(),
  /** Whole percent, 100 when done. */
  percent: z.number().int(),
  /** Until it is done, at the pace of the accounts, ms; null when done or unknown. */
  leftMs: z.number().nullable(),
  /** Chains that have another window since. */
  changed: z.number().int(),
  failed: z.array(z.object({ chain: z.string(), reason: z.string() })),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
});
/** How far a refresh is. */
export type RefreshJobState = z.infer<typeof refreshJobSchema>;

/** Answer of `GET /api/optionchain/refresh`: the newest first. */
export const refreshJobsSchema = z.object({ jobs: z.array(refreshJobSchema) });
/** Refreshes that were asked for. */
export type RefreshJobs = z.infer<typeof refreshJobsSchema>;
