import { errorMessageOf, jobBackoffMs, type JobHandler, type Log } from '@strikewire/runtime';
import Bull from 'bull';
import type { Redis } from 'ioredis';

/** All jobs of a queue have this name; ours is the name of the queue. */
export const bullJobName = 'job';

/** What is stored as a job's data: ours may be anything that JSON knows. */
export interface BullData {
  readonly data: unknown;
}

/** Connections that wait for Redis; `own` ones are used by one worker alone. */
export interface WorkerConnections {
  readonly client: Redis;
  readonly subscriber: Redis;
  readonly own: Redis;
}

/** What does the jobs of one name. */
export interface BullWorkerOptions {
  readonly name: string;
  readonly prefix: string;
  readonly handler: JobHandler;
  readonly concurrency: number;
  readonly connections: WorkerConnections;
  readonly log: Log;
  /** Job of a process that does not tell of itself for so long is done by another. */
  readonly lockMs: number;
}

/** A worker of one name. */
export interface BullWorker {
  /** Takes no more jobs; settles when what runs is done and written down. */
  finish(): Promise<void>;
}

/** How often a job may lose its process before it counts as failed. */
const stalledMax = 10;
const guardMs = 2_000;
const retryMs = 1_000;

/** Waits twice as long after each failure, as the in-process jobs do. */
export const bullSettings = {
  backoffStrategies: {
    doubling: (attempt: number, _error: Error, options?: { backoffMs: number }): number =>
      jobBackoffMs(attempt, options?.backoffMs ?? 0),
  },
} as const;

/** Starts to do the jobs of one name; while Redis is away it waits. */
export function startBullWorker(options: BullWorkerOptions): BullWorker {
  const { name, prefix, connections, log, lockMs } = options;
  const queue = new Bull<BullData>(name, {
    prefix,
    createClient: (type) => (type === 'bclient' ? connections.own : connections[type]),
    settings: {
      ...bullSettings,
      lockDuration: lockMs,
      stalledInterval: lockMs,
      maxStalledCount: stalledMax,
      guardInterval: guardMs,
      retryProcessDelay: retryMs,
    },
  });
  // It only names the connection, and nobody would hear its rejection when that is closed early.
  Object.assign(queue, { setWorkerName: () => Promise.resolve() });
  queue.on('error', (error) => log.debug('job queue', { name, reason: errorMessageOf(error) }));
  queue.on('stalled', ({ id }) => {
    log.warn('a job is done again: its process was gone', { name, id });
  });
  queue.on('failed', (job, error) => {
    if (!error.message.startsWith('job stalled')) return;
    log.error('a job failed for good', { name, id: job?.id, reason: error.message });
  });
  const running = queue.process(bullJobName, options.concurrency, (job) => perform(job, options));
  running.catch((error: unknown) => {
    log.debug('a worker ended', { name, reason: errorMessageOf(error) });
  });
  return {
    async finish() {
      await queue.close(true);
      const { processing } = queue as unknown as { processing: Record<string, Promise<unknown>> };
      await Promise.all(Object.values(processing));
    },
  };
}

async function perform(job: Bull.Job<BullData>, options: BullWorkerOptions): Promise<void> {
  const { name, handler, log } = options;
  const attempt = job.attemptsMade + 1;
  try {
    await handler(job.data.data, attempt);
  } catch (error) {
    const { attempts = 1, backoff } = job.opts;
    const reason = errorMessageOf(error);
    const facts = { name, id: job.id, attempt, reason };
    if (attempt >= attempts) log.error('a job failed for good', facts);
    else {
      const { backoffMs } = (backoff as { options: { backoffMs: number } }).options;
      const waitMs = jobBackoffMs(attempt, backoffMs);
      log.warn('a job failed and will be tried again', { ...facts, waitMs });
    }
    // What is kept in Redis is the message alone.
    throw new Error(reason);
  }
}
