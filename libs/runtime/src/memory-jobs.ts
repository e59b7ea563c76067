import type { Clock, Timer } from './clock';
import { errorMessageOf, StrikewireError } from './error';
import {
  checkJobName,
  encodeJob,
  jobBackoffMs,
  jobLimits,
  jobsStopped,
  tooManyJobs,
  type JobCounts,
  type JobHandler,
  type JobOptions,
  type Jobs,
} from './jobs';
import type { Log } from './log';

interface Job {
  /** As the caller gave it. */
  id: string | undefined;
  data: string;
  attempt: number;
  attempts: number;
  backoffMs: number;
}

/** The jobs of one name. */
interface Queue {
  name: string;
  handler: JobHandler | undefined;
  concurrency: number;
  waiting: Job[];
  active: Set<Promise<void>>;
  delayed: Map<Job, Timer>;
  failed: Job[];
  /** Ids of all of these. */
  ids: Set<string>;
}

/** What the jobs of one process need. */
export interface MemoryJobsOptions {
  clock: Clock;
  log: Log;
  /** Jobs of one name that wait, run or are delayed; 10,000 when not given. */
  jobsMax?: number;
}

/** Jobs in this process: what has not run when it stops is told to the log, and gone. */
export function createMemoryJobs(options: MemoryJobsOptions): Jobs {
  return new MemoryJobs(options);
}

class MemoryJobs implements Jobs {
  private readonly clock: Clock;
  private readonly log: Log;
  private readonly jobsMax: number;
  private readonly queues = new Map<string, Queue>();
  private stopping: Promise<void> | undefined;

  constructor({ clock, log, jobsMax = jobLimits.jobsMax }: MemoryJobsOptions) {
    this.clock = clock;
    this.log = log;
    this.jobsMax = jobsMax;
  }

  handle(name: string, handler: JobHandler, { concurrency = 1 } = {}): void {
    checkJobName(name);
    const queue = this.queueOf(name);
    if (queue.handler !== undefined) {
      const message = `jobs of ${name} have a handler already`;
      throw new StrikewireError({ kind: 'assertion', code: 'job_handled_twice', message });
    }
    queue.handler = handler;
    queue.concurrency = concurrency;
    this.runNext(queue);
  }

  async add(name: string, data: unknown, options: JobOptions): Promise<void> {
    const text = encodeJob(name, data, options);
    if (this.stopping !== undefined) throw jobsStopped(name);
    const { id, delayMs = 0, attempts, backoffMs } = options;
    const queue = this.queueOf(name);
    if (id !== undefined && queue.ids.has(id)) return;
    const kept = queue.waiting.length + queue.active.size + queue.delayed.size;
    if (kept >= this.jobsMax) throw tooManyJobs(name, this.jobsMax);
    if (id !== undefined) queue.ids.add(id);
    const job = { id, data: text, attempt: 1, attempts, backoffMs };
    if (delayMs > 0) this.delay(queue, job, delayMs);
    else queue.waiting.push(job);
    this.runNext(queue);
  }

  async counts(): Promise<Record<string, JobCounts>> {
    const counts = [...this.queues.values()].map((queue): [string, JobCounts] => [
      queue.name,
      {
        waiting: queue.waiting.length,
        active: queue.active.size,
        delayed: queue.delayed.size,
        failed: queue.failed.length,
      },
    ]);
    return Object.fromEntries(counts);
  }

  stop(): Promise<void> {
    return (this.stopping ??= this.end());
  }

  private async end(): Promise<void> {
    for (const { name, waiting, delayed } of this.queues.values()) {
      for (const timer of delayed.values()) timer.cancel();
      const count = waiting.length + delayed.size;
      if (count > 0) this.log.warn('jobs were not done before the stop', { name, count });
    }
    const running = [...this.queues.values()].flatMap(({ active }) => [...active]);
    if (running.length === 0) return;
    await new Promise<void>((resolve) => {
      const timer = this.clock.after(jobLimits.stopWithinMs, () => {
        this.log.warn('jobs still run at the stop', { withinMs: jobLimits.stopWithinMs });
        resolve();
      });
      void Promise.all(running).then(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  private queueOf(name: string): Queue {
    const found = this.queues.get(name);
    if (found !== undefined) return found;
    const queue: Queue = {
      name,
      handler: undefined,
      concurrency: 1,
      waiting: [],
      active: new Set(),
      delayed: new Map(),
      failed: [],
      ids: new Set(),
    };
    this.queues.set(name, queue);
    return queue;
  }

  private delay(queue: Queue, job: Job, delayMs: number): void {
    const timer = this.clock.after(delayMs, () => {
      queue.delayed.delete(job);
      queue.waiting.push(job);
      this.runNext(queue);
    });
    queue.delayed.set(job, timer);
  }

  private runNext(queue: Queue): void {
    const { handler, waiting, active, concurrency } = queue;
    while (handler !== undefined && this.stopping === undefined && active.size < concurrency) {
      const job = waiting.shift();
      if (job === undefined) return;
      const running = this.run(queue, job, handler).then(() => {
        active.delete(running);
        this.runNext(queue);
      });
      active.add(running);
    }
  }

  private async run(queue: Queue, job: Job, handler: JobHandler): Promise<void> {
    try {
      await handler(JSON.parse(job.data), job.attempt);
      if (job.id !== undefined) queue.ids.delete(job.id);
    } catch (error) {
      this.failed(queue, job, errorMessageOf(error));
    }
  }

  private failed(queue: Queue, job: Job, reason: string): void {
    const { attempt, attempts, id } = job;
    const facts = { name: queue.name, ...(id === undefined ? {} : { id }), attempt, reason };
    if (attempt >= attempts) {
      this.log.error('a job failed for good', facts);
      queue.failed.push(job);
      if (queue.failed.length <= jobLimits.failedMax) return;
      const forgotten = queue.failed.shift();
      if (forgotten?.id !== undefined) queue.ids.delete(forgotten.id);
      return;
    }
    const waitMs = jobBackoffMs(attempt, job.backoffMs);
    this.log.warn('a job failed and will be tried again', { ...facts, waitMs });
    job.attempt = attempt + 1;
    if (this.stopping !== undefined) {
      this.log.warn('jobs were not done before the stop', { name: queue.name, count: 1 });
    } else this.delay(queue, job, waitMs);
  }
}
