import { StrikewireError } from './error';

/**
 * Does one job. It may be called more than once for the same job: `attempt` counts from 1, but a
 * process that was killed does its attempt again. A rejection is a failed attempt. It has to set
 * its own time limits: nothing ends it from outside.
 */
export type JobHandler = (data: unknown, attempt: number) => Promise<void>;

/** How one job is done. */
export interface JobOptions {
  /** While a job of this name and id is kept (failed ones included), it is not added again. */
  id?: string;
  /** Before the first attempt. */
  delayMs?: number;
  /** Tries in all, 1 or more. */
  attempts: number;
  /** Before the second attempt; twice as long before each one after, at most an hour. */
  backoffMs: number;
}

/** Jobs of one name; `failed` ones had their last attempt, and the latest of them are kept. */
export interface JobCounts {
  waiting: number;
  active: number;
  delayed: number;
  failed: number;
}

/**
 * Work done later, and again when it fails. Every job that was added is done at least once, unless
 * its last attempt fails.
 */
export interface Jobs {
  /** Once for each name. A name's jobs that wait already are done from now on. */
  handle(name: string, handler: JobHandler, options?: { concurrency?: number }): void;
  /**
   * `data` is plain JSON; the handler gets a copy. Rejects with `throttled` when too many wait,
   * `invalid` for what no job can be, `retryable` after a stop.
   */
  add(name: string, data: unknown, options: JobOptions): Promise<void>;
  /** By name, of all names that this process added or handles. */
  counts(): Promise<Record<string, JobCounts>>;
  /** Takes no more, and waits (at most 10 s) for what runs; a second call waits for the first. */
  stop(): Promise<void>;
}

/** Limits that all implementations share. */
export const jobLimits = {
  /** Jobs of one name that wait, run or are delayed. */
  jobsMax: 10_000,
  /** The latest failed jobs of a name that are kept, with their ids. */
  failedMax: 100,
  dataCharsMax: 262_144,
  attemptsMax: 100,
  stopWithinMs: 10_000,
} as const;

const backoffMaxMs = 3_600_000;
/** Longest delay that every timer takes: 24 days. */
const delayMaxMs = 2_073_600_000;
const idCharsMax = 256;

/** Milliseconds between a failed attempt (from 1) and the next. */
export function jobBackoffMs(attempt: number, backoffMs: number): number {
  return Math.min(backoffMaxMs, backoffMs * 2 ** (attempt - 1));
}

/** The data as text; throws (`invalid`) for what no Jobs takes. */
export function encodeJob(name: string, data: unknown, options: JobOptions): string {
  const { id, delayMs = 0, attempts, backoffMs } = options;
  checkJobName(name);
  if (id !== undefined && (id === '' || id.length > idCharsMax)) {
    throw invalid(name, `an id has 1 to ${idCharsMax} characters, this one ${id.length}`);
  }
  checkWhole(name, { attempts }, { min: 1, max: jobLimits.attemptsMax });
  checkWhole(name, { backoffMs, delayMs }, { min: 0, max: delayMaxMs });
  const text = toJson(name, data);
  const { dataCharsMax } = jobLimits;
  if (text.length > dataCharsMax) {
    throw invalid(name, `its data has ${text.length} characters, at most ${dataCharsMax}`);
  }
  return text;
}

/** Names become parts of keys and of metrics. */
export function checkJobName(name: string): void {
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(name)) {
    throw invalid(name.slice(0, 64), 'a name is lower case letters, digits and dashes');
  }
}

/** What `add` rejects with when `jobsMax` of a name are kept. */
export function tooManyJobs(name: string, jobsMax: number): StrikewireError {
  return new StrikewireError({
    kind: 'throttled',
    code: 'jobs_full',
    message: `${jobsMax} jobs of ${name} wait already, which is the most: try again later`,
  });
}

/** What `add` rejects with after `stop`. */
export function jobsStopped(name: string): StrikewireError {
  return new StrikewireError({
    kind: 'retryable',
    code: 'jobs_stopped',
    message: `a job of ${name} was not taken: the process is stopping`,
  });
}

function toJson(name: string, data: unknown): string {
  try {
    const text = JSON.stringify(data) as string | undefined;
    if (text !== undefined) return text;
  } catch (cause) {
    throw invalid(name, 'its data cannot be written as JSON', cause);
  }
  throw invalid(name, `its data is ${typeof data}, which is not JSON`);
}

function checkWhole(
  name: string,
  values: Record<string, number>,
  { min, max }: { min: number; max: number },
): void {
  for (const [field, value] of Object.entries(values)) {
    if (!Number.isSafeInteger(value) || value < min || value > max) {
      throw invalid(name, `${field} is ${value}, needs a whole number from ${min} to ${max}`);
    }
  }
}

function invalid(name: string, what: string, cause?: unknown): StrikewireError {
  const message = `a job of ${name} was refused: ${what}`;
  return new StrikewireError({ kind: 'invalid', code: 'job_invalid', message, cause });
}
