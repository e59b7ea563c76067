import { errorMessageOf, type Log } from '@strikewire/runtime';

/** What is to be done when the process stops, in the order of starting; it is run backwards. */
export type StopSteps = (() => Promise<void> | void)[];

/**
 * Runs the steps in reverse order of their starting, once, on a signal, when the parent process
 * is gone, or when called; then ends the process.
 */
export function stopOnce(
  steps: Readonly<StopSteps>,
  log: Log,
): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    for (const step of [...steps].reverse()) {
      try {
        await step();
      } catch (error) {
        log.warn('a part did not stop cleanly', { reason: errorMessageOf(error) });
      }
    }
    process.exit();
  };
  const stop = (): Promise<void> => (stopping ??= run());
  for (const signal of ['SIGINT', 'SIGTERM', 'disconnect'] as const) {
    process.once(signal, () => void stop());
  }
  return stop;
}
