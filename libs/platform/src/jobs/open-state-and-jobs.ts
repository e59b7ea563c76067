import {
  createMemoryJobs,
  createMemoryStateStore,
  type Clock,
  type Jobs,
  type Log,
  type StateStore,
} from '@strikewire/runtime';
import { createBullJobs } from './bull-jobs';
import { createRedisBytes, type RedisBytes, type RedisBytesOptions } from './redis-bytes';
import { openRedis } from './redis-link';
import { createRedisStateStore } from './redis-state-store';

/** Where shared state and jobs are kept. */
export interface StateAndJobsOptions {
  /** Without it both live in this process. */
  redisUrl?: string | undefined;
  /** Of all keys in Redis; `strikewire` when not given. */
  prefix?: string;
  clock: Clock;
  log: Log;
}

/** Shared state and jobs, wherever they are. */
export interface StateAndJobs {
  readonly state: StateStore;
  readonly jobs: Jobs;
  /** There when they are kept in Redis. */
  readonly redis?: {
    isUp(): boolean;
    /** Binary values beside the state, which may be lost. */
    bytes(options: Omit<RedisBytesOptions, 'prefix'>): RedisBytes;
  };
  /** Stops the jobs first. */
  close(): Promise<void>;
}

/** In this process; at most 64 Ki characters each, and nearly all are short. */
const entriesMax = 20_000;
const upWithinMs = 2_000;

/**
 * Opens state and jobs: in Redis and Bull when there is an address, else in this process. A Redis
 * that is not there holds the start up for two seconds at most, and is used when it comes.
 */
export async function openStateAndJobs(options: StateAndJobsOptions): Promise<StateAndJobs> {
  const { redisUrl, prefix = 'strikewire', clock, log } = options;
  if (redisUrl === undefined) {
    const jobs = createMemoryJobs({ clock, log });
    return { state: createMemoryStateStore(clock, { entriesMax }), jobs, close: () => jobs.stop() };
  }
  const redis = openRedis({ url: redisUrl, clock, log });
  const jobs = createBullJobs({ redis, prefix, clock, log });
  await redis.ready(upWithinMs);
  return {
    state: createRedisStateStore(redis, prefix),
    jobs,
    redis: {
      isUp: () => redis.isUp(),
      bytes: (about) => createRedisBytes(redis, { prefix, ...about }),
    },
    async close() {
      await jobs.stop();
      await redis.close();
    },
  };
}
