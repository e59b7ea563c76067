import { errorMessageOf, type Log } from '@strikewire/runtime';

/** What is done with what nobody has caught. */
export interface UncaughtOptions {
  log: Log;
  /** Of the process. */
  events: Pick<NodeJS.EventEmitter, 'on'>;
  /** Ends the process in order: nobody knows what is still right. */
  fail(): void;
}

/**
 * A promise that fails unheard, as plugins leave them behind, is told in the log, and the platform
 * goes on: nobody waited for it. An exception that nobody has caught is a fault of ours, after
 * which everything may be wrong: the process ends, and what it starts from is what is stored.
 */
export function watchUncaught({ log, events, fail }: UncaughtOptions): void {
  events.on('unhandledRejection', (error: unknown) =>
    log.error('a promise failed that nobody waited for', factsOf(error)));
  events.on('uncaughtException', (error: unknown) => {
    log.error('an exception that nobody has caught: the platform stops', factsOf(error));
    fail();
  });
}

function factsOf(error: unknown): { reason: string; stack?: string } {
  const reason = errorMessageOf(error);
  return error instanceof Error && error.stack ? { reason, stack: error.stack } : { reason };
}
