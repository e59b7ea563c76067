import { randomUUID } from 'node:crypto';
import {
  checkJobName,
  encodeJob,
  errorCodeOf,
  jobLimits,
  jobsStopped,
  StrikewireError,
  tooManyJobs,
  type Clock,
  type JobCounts,
  type JobHandler,
  type JobOptions,
  type Jobs,
  type Log,
} from '@strikewire/runtime';
import Bull from 'bull';
import type { Redis } from 'ioredis';
import {
  bullJobName,
  bullSettings,
  startBullWorker,
  type BullData,
  type BullWorker,
} from './bull-worker';
import { Outbox, type Order } from './outbox';
import type { RedisLink } from './redis-link';

/** What jobs in Redis need. */
export interface BullJobsOptions {
  redis: RedisLink;
  /** Of all keys; processes that share it share the jobs. */
  prefix: string;
  clock: Clock;
  log: Log;
  /** Jobs of one name that wait, run or are delayed; 10,000 when not given. */
  jobsMax?: number;
  /** Jobs kept in this process while Redis is away; 1,000 when not given. */
  outboxMax?: number;
  /** A job whose process is gone is done by another after at most twice this; 30 s by default. */
  lockMs?: number;
}

const outboxMax = 1_000;
const lockMs = 30_000;
/** For what a job's end has to say to Redis, once its handler is done. */
const writeWithinMs = 1_000;

/**
 * Jobs in Redis, by Bull: they outlive this process. While Redis is away, added ones are kept here
 * and handed over in order when it is back.
 */
export function createBullJobs(options: BullJobsOptions): Jobs {
  return new BullJobs(options);
}

class BullJobs implements Jobs {
  private readonly options: Required<BullJobsOptions>;
  private readonly queues = new Map<string, Bull.Queue<BullData>>();
  private readonly workers = new Map<string, BullWorker>();
  private readonly connections: Redis[] = [];
  private readonly active = new Set<Promise<void>>();
  private readonly outbox: Outbox;
  private shared: { client: Redis; subscriber: Redis } | undefined;
  private stopping: Promise<void> | undefined;

  constructor(options: BullJobsOptions) {
    this.options = { jobsMax: jobLimits.jobsMax, outboxMax, lockMs, ...options };
    const { clock, log } = options;
    this.outbox = new Outbox({
      ordersMax: this.options.outboxMax,
      submit: (order) => this.submit(order),
      clock,
      log,
    });
    options.redis.onUp(() => void this.outbox.drain());
  }

  handle(name: string, handler: JobHandler, { concurrency = 1 } = {}): void {
    checkJobName(name);
    if (this.workers.has(name)) {
      const message = `jobs of ${name} have a handler already`;
      throw new StrikewireError({ kind: 'assertion', code: 'job_handled_twice', message });
    }
    this.queueOf(name);
    this.shared ??= { client: this.connect(), subscriber: this.connect() };
    const worker = startBullWorker({
      name,
      prefix: this.prefix,
      handler: (data, attempt) => this.watched(handler(data, attempt)),
      concurrency,
      connections: { ...this.shared, own: this.connect() },
      log: this.options.log,
      lockMs: this.options.lockMs,
    });
    this.workers.set(name, worker);
  }

  async add(name: string, data: unknown, options: JobOptions): Promise<void> {
    const text = encodeJob(name, data, options);
    if (this.stopping !== undefined) throw jobsStopped(name);
    const { id, delayMs = 0, attempts, backoffMs } = options;
    const order: Order = {
      name,
      id: bullId(id),
      data: JSON.parse(text),
      dueMs: this.options.clock.monoMs() + delayMs,
      attempts,
      backoffMs,
    };
    if (this.outbox.size === 0 && this.options.redis.isUp()) {
      try {
        return await this.submit(order);
      } catch (error) {
        if (errorCodeOf(error) !== 'redis_unavailable') throw error;
      }
    }
    this.outbox.push(order);
  }

  async counts(): Promise<Record<string, JobCounts>> {
    const { redis } = this.options;
    const entries = [...this.queues].map(async ([name, queue]): Promise<[string, JobCounts]> => {
      const kept = await redis.ask(() => queue.getJobCounts());
      const { waiting, active, delayed, failed } = kept;
      return [name, { waiting: waiting + this.outbox.countOf(name), active, delayed, failed }];
    });
    return Object.fromEntries(await Promise.all(entries));
  }

  stop(): Promise<void> {
    return (this.stopping ??= this.end());
  }

  private get prefix(): string {
    return `${this.options.prefix}:jobs`;
  }

  /** The one that adds and counts: it fails at once while Redis is away. */
  private queueOf(name: string): Bull.Queue<BullData> {
    const found = this.queues.get(name);
    if (found !== undefined) return found;
    const createClient = (): Redis => this.options.redis.client;
    const queue = new Bull<BullData>(name, {
      prefix: this.prefix,
      createClient,
      settings: bullSettings,
    });
    // The link tells of every loss, and each command of its own failure.
    queue.on('error', () => undefined);
    this.queues.set(name, queue);
    return queue;
  }

  private async submit(order: Order): Promise<void> {
    const { redis, jobsMax, clock } = this.options;
    const { name, id, data, dueMs, attempts, backoffMs } = order;
    const queue = this.queueOf(name);
    const { waiting, active, delayed } = await redis.ask(() => queue.getJobCounts());
    if (waiting + active + delayed >= jobsMax) {
      if ((await redis.ask(() => queue.getJob(id))) !== null) return;
      throw tooManyJobs(name, jobsMax);
    }
    const options: Bull.JobOptions = {
      jobId: id,
      delay: Math.max(0, Math.ceil(dueMs - clock.monoMs())),
      attempts,
      backoff: { type: 'doubling', options: { backoffMs } },
      removeOnComplete: true,
      removeOnFail: jobLimits.failedMax,
      stackTraceLimit: 1,
    };
    await redis.ask(() => queue.add(bullJobName, { data }, options));
  }

  private connect(): Redis {
    const connection = this.options.redis.patientConnection();
    this.connections.push(connection);
    return connection;
  }

  private watched(running: Promise<void>): Promise<void> {
    const done = running.then(
      () => undefined,
      () => undefined,
    );
    this.active.add(done);
    void done.then(() => this.active.delete(done));
    return running;
  }

  private async end(): Promise<void> {
    const { log } = this.options;
    const finished = [...this.workers.values()].map((worker) => worker.finish());
    const all = Promise.all(finished).catch(() => undefined);
    if (!(await this.within(jobLimits.stopWithinMs, Promise.all(this.active)))) {
      log.warn('jobs still run at the stop: they will be done again', { count: this.active.size });
    }
    await this.outbox.close();
    await this.within(writeWithinMs, all);
    for (const connection of this.connections) connection.disconnect();
  }

  /** Whether it settled in time. */
  private within(ms: number, work: Promise<unknown>): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = this.options.clock.after(ms, () => resolve(false));
      void work.then(() => {
        timer.cancel();
        resolve(true);
      });
    });
  }
}

/** Bull counts its own ids up from 1, and takes some endings for its own keys. */
function bullId(id: string | undefined): string {
  return id === undefined ? randomUUID() : `id-${encodeURIComponent(id)}`;
}
