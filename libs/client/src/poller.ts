import type { Clock, Timer } from '@strikewire/runtime';
import { clientLimits } from './limits';

export interface Poller {
  /** Begins at once; safe to call again. */
  start(): void;
  /** An answer still on its way is dropped. */
  stop(): void;
}

export interface PollerOptions<T> {
  clock: Clock;
  read(): Promise<T>;
  answered(answer: T): void;
  failed(thrown: unknown): void;
}

/** Reads over HTTP, a pause of `pollEveryMs` between an answer and the next request. */
export function createPoller<T>(options: PollerOptions<T>): Poller {
  const { clock, read, answered, failed } = options;
  // Each start has its own number, by which a late answer of an earlier one is told.
  let run = 0;
  let isRunning = false;
  let timer: Timer | null = null;
  const poll = async (own: number): Promise<void> => {
    try {
      const answer = await read();
      if (own === run) answered(answer);
    } catch (thrown) {
      if (own === run) failed(thrown);
    }
    if (own === run) timer = clock.after(clientLimits.pollEveryMs, () => void poll(own));
  };
  return {
    start() {
      if (isRunning) return;
      isRunning = true;
      void poll(++run);
    },
    stop() {
      isRunning = false;
      run++;
      timer?.cancel();
    },
  };
}
