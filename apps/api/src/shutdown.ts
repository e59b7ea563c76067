import { errorMessageOf, sleep, type Clock, type Log } from '@strikewire/runtime';
import { watchUncaught } from './uncaught';

/** What is to be done when the process stops, in the order of starting; it is run backwards. */
export type StopSteps = (() => Promise<void> | void)[];

/** A step that takes longer is not waited for. */
const stepMsMax = 8_000;

/**
 * Runs the steps in reverse order of their starting, once, on a signal, when the parent process
 * is gone, on an exception that nobody has caught, or when called; then ends the process.
 */
export function stopOnce(
  steps: Readonly<StopSteps>,
  { clock, log }: { clock: Clock; log: Log },
): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  const late = async (): Promise<void> => {
    await sleep(clock, stepMsMax);
    throw new Error(`it took longer than ${stepMsMax} ms`);
  };
  const run = async (): Promise<void> => {
    for (const step of [...steps].reverse()) {
      try {
        await Promise.race([step(), late()]);
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
  const fail = (): void => {
    process.exitCode = 1;
    void stop();
  };
  watchUncaught({ log, events: process, fail });
  return stop;
}
