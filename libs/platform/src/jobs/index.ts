export { createBullJobs, type BullJobsOptions } from './bull-jobs';
export { withMemoryFallback } from './memory-fallback';
export {
  openStateAndJobs,
  type StateAndJobs,
  type StateAndJobsOptions,
} from './open-state-and-jobs';
export { createRedisBytes, type RedisBytes, type RedisBytesOptions } from './redis-bytes';
export { openRedis, type RedisLink, type RedisLinkOptions } from './redis-link';
export { createRedisStateStore } from './redis-state-store';
