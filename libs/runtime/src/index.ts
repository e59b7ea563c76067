export { sleep, type Clock, type Timer } from './clock';
export { inTime, type Deadline } from './deadline';
export {
  StrikewireError,
  errorCodeOf,
  errorKindOf,
  errorKinds,
  errorMessageOf,
  type ErrorKind,
  type ErrorOptions,
} from './error';
export type {
  Http,
  HttpHandler,
  HttpRequest,
  HttpResponse,
  HttpStream,
  ServedRequest,
  ServedResponse,
} from './http';
export {
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
export { Keeper } from './keeper';
export { silentLog, type Log } from './log';
export { createMemoryJobs, type MemoryJobsOptions } from './memory-jobs';
export { createSeededRandom, type Random } from './random';
export type { SecureRandom } from './secure-random';
export type {
  ClientSocketHandlers,
  OpenSocket,
  OpenSocketOptions,
  Site,
  Socket,
  SocketDecision,
  SocketHandler,
  SocketHandlers,
} from './socket';
export {
  checkStateEntry,
  createMemoryStateStore,
  notACounter,
  type Count,
  type StateStore,
} from './state-store';
