/** Structured logs: an event name in words, then its facts. Secrets never go in. */
export interface Log {
  debug(message: string, facts?: Record<string, unknown>): void;
  info(message: string, facts?: Record<string, unknown>): void;
  warn(message: string, facts?: Record<string, unknown>): void;
  error(message: string, facts?: Record<string, unknown>): void;
}

/** Drops everything; for tests that do not look at logs. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
