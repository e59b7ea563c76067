import { z } from 'zod';
import { idSchema, instantSchema, lineSchema } from './access';

/**
 * What is done because of the hours: `build` the day's chains, `connect` before the pre-open,
 * `subscribe` at the open (`resume`: both, when the session is under way already), `end_of_day`
 * and `rollover` at the day's last close, `clean_up` after a close.
 */
export const sessionJobs = [
  'build',
  'connect',
  'subscribe',
  'resume',
  'end_of_day',
  'rollover',
  'clean_up',
] as const;
/** One of them. */
export type SessionJob = (typeof sessionJobs)[number];

/** How far feeds are up: not at all, standing without subscriptions, or subscribed. */
export const sessionActivitySchema = z.enum(['off', 'connected', 'subscribed']);
/** How far feeds are up. */
export type SessionActivity = z.infer<typeof sessionActivitySchema>;

const aboutJob = {
  exchange: z.string(),
  segment: z.string(),
  job: z.enum(sessionJobs),
  /** The trading day that it belongs to, YYYY-MM-DD. */
  date: z.string(),
};

/** A job that is to come. */
export const plannedJobSchema = z.object({ ...aboutJob, at: z.string() });
/** A job that is to come. */
export type PlannedJob = z.infer<typeof plannedJobSchema>;

/** Answer of `GET /api/trading-hours/schedule`. */
export const sessionScheduleSchema = z.object({
  now: z.string(),
  /** `always`: open at any hour; `exchange`: the templates that are applied. */
  calendar: z.enum(['always', 'exchange']),
  segments: z.array(
    z.object({
      exchange: z.string(),
      segment: z.string(),
      activity: sessionActivitySchema,
      /** Since when; null before the scheduler has looked. */
      since: z.string().nullable(),
    }),
  ),
  /** In order of time, of the days ahead. */
  next: z.array(plannedJobSchema),
});
/** What is to come, and how far feeds are up. */
export type SessionSchedule = z.infer<typeof sessionScheduleSchema>;

/** Why a job ran: at its time, after it, at a start, or because the hours have changed. */
export const jobCauses = ['schedule', 'late', 'start', 'calendar'] as const;

/** A job that ran, or should have. */
export const sessionRunSchema = z.object({
  id: idSchema,
  ...aboutJob,
  dueAt: z.string(),
  /** Null when it was missed. */
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  /** `interrupted`: the platform stopped while it ran. `missed`: too late to make up for. */
  outcome: z.enum(['running', 'done', 'failed', 'missed', 'interrupted']),
  cause: z.enum(jobCauses),
  /** What came of it, in plain words. */
  detail: z.string(),
});
/** A job that ran, or should have. */
export type SessionRun = z.infer<typeof sessionRunSchema>;

/** Query of `GET /api/trading-hours/runs`. */
export const sessionRunsQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  exchange: z.string().regex(/^[A-Z0-9]{1,12}$/, { error: 'needs capitals and digits' }).optional(),
  job: z.enum(sessionJobs).optional(),
  /** Only those that come after this one in the list: the id of the last of the page before. */
  after: idSchema.optional(),
});
/** Which runs are wanted. */
export type SessionRunsQuery = z.infer<typeof sessionRunsQuerySchema>;

/** Answer of `GET /api/trading-hours/runs`: newest first. */
export const sessionRunsSchema = z.object({
  runs: z.array(sessionRunSchema),
  more: z.boolean(),
});
/** Runs, newest first. */
export type SessionRuns = z.infer<typeof sessionRunsSchema>;

/** Trading that stopped in the middle, as somebody said; null: it goes on. */
export const tradingHaltSchema = z.object({
  id: idSchema,
  exchange: z.string(),
  segment: z.string(),
  from: z.string(),
  to: z.string().nullable(),
  reason: z.string(),
  by: z.string(),
});
/** Trading that stopped in the middle. */
export type TradingHalt = z.infer<typeof tradingHaltSchema>;

/** Answer of `GET /api/trading-hours/halts`: newest first. */
export const tradingHaltsSchema = z.object({ halts: z.array(tradingHaltSchema) });
/** Halts, newest first. */
export type TradingHalts = z.infer<typeof tradingHaltsSchema>;

/** Body of `POST /api/trading-hours/halts`: trading has stopped, now or from a time on. */
export const newTradingHaltSchema = z.strictObject({
  exchange: lineSchema(12),
  segment: lineSchema(40),
  reason: lineSchema(200),
  /** When it stopped; default: now. At most a day ago, and not in the future. */
  from: instantSchema.optional(),
});
/** A halt to be told. */
export type NewTradingHalt = z.infer<typeof newTradingHaltSchema>;
