import type { LiveChain } from '@strikewire/contracts';
import type { Clock, Timer } from '@strikewire/runtime';
import { clientLimits } from '../limits';
import type { ChainTarget, RestClient } from '../rest/rest-client';

export interface ChainPoller {
  /** Begins at once; safe to call again. */
  start(): void;
  /** An answer still on its way is dropped. */
  stop(): void;
}

export interface ChainPollerOptions {
  clock: Clock;
  rest: Pick<RestClient, 'live'>;
  target: ChainTarget;
  answered(live: LiveChain): void;
  failed(thrown: unknown): void;
}

/** Reads one chain over HTTP, a pause of `pollEveryMs` between an answer and the next request. */
export function createChainPoller(options: ChainPollerOptions): ChainPoller {
  const { clock, rest, target, answered, failed } = options;
  // Each start has its own number, by which a late answer of an earlier one is told.
  let run = 0;
  let isRunning = false;
  let timer: Timer | null = null;
  const poll = async (own: number): Promise<void> => {
    try {
      const live = await rest.live(target);
      if (own === run) answered(live);
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
