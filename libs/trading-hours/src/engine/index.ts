export { createMemoryRuns, type RunRecord, type RunStore } from './run-record';
export { SessionRunner, type SessionDuties, type WakeUp } from './session-runner';
