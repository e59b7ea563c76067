import { z } from 'zod';
import { instantSchema, lineSchema } from './access';

/** One thing that somebody did. */
export const activitySchema = z.object({
  /** 1, 2, 3 … without gaps. */
  sequence: z.number().int(),
  at: z.string(),
  actor: z.object({
    kind: z.enum(['person', 'key', 'platform', 'nobody']),
    /** The person, or a key's owner; null for the platform itself and for nobody. */
    userId: z.string().nullable(),
    /** As it was then: a username, a key's name with its owner's. */
    name: z.string(),
  }),
  /** For example `user.created`, `account.changed`, `sign_in.refused`. */
  action: z.string(),
  /** What it was done to, for example `user`, with its id and its name of then. */
  subject: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
  before: z.record(z.string(), z.unknown()).nullable(),
  after: z.record(z.string(), z.unknown()).nullable(),
  address: z.string().nullable(),
  requestId: z.string().nullable(),
  /** Of this entry and, through its predecessor's, of all before it; hexadecimal. */
  hash: z.string(),
});
/** One thing that somebody did. */
export type Activity = z.infer<typeof activitySchema>;

/** Filters of the activity log; newest first. */
export const activityQuerySchema = z.strictObject({
  from: instantSchema.optional(),
  to: instantSchema.optional(),
  /** Part of the actor's name. */
  actor: lineSchema(64).optional(),
  /** An action, or its beginning up to a dot: `user` finds `user.created`. */
  action: lineSchema(64).optional(),
  /** Part of the subject's name, or its id. */
  subject: lineSchema(128).optional(),
  /** Entries before this sequence, for the next page. */
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});
/** What is looked for in the activity log. */
export type ActivityQuery = z.infer<typeof activityQuerySchema>;

/** Answer of `GET /api/activity`. */
export const activityPageSchema = z.object({
  entries: z.array(activitySchema),
  /** `before` of the next page; null when this is the last. */
  nextBefore: z.number().int().nullable(),
});
/** A page of the activity log. */
export type ActivityPage = z.infer<typeof activityPageSchema>;

/** Query of `GET /api/activity/export`: the same filters without pages, as a file. */
export const activityExportQuerySchema = activityQuerySchema
  .omit({ before: true, limit: true })
  .extend({ format: z.enum(['csv', 'ndjson']).default('csv') });
/** What is exported of the activity log. */
export type ActivityExportQuery = z.infer<typeof activityExportQuerySchema>;

/** Answer of `POST /api/activity/verify`. */
export const activityReportSchema = z.object({
  /** True when nothing was altered, removed, added or put in another order. */
  intact: z.boolean(),
  entries: z.number().int(),
  /** The first place that is wrong, in plain words; null when intact. */
  problem: z.string().nullable(),
  checkedAt: z.string(),
});
/** Whether the activity log is as it was written. */
export type ActivityReport = z.infer<typeof activityReportSchema>;
