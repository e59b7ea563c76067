import type { Random } from '@strikewire/runtime';

export interface BackOff {
  /** Milliseconds to wait before the next attempt, after `failures` (1 and up) in a row. */
  delayMs(failures: number): number;
}

/**
 * Full jitter: uniform between 0 and base × 2^(failures − 1), at most the cap, so that many
 * clients cut off together do not come back together. (Marc Brooker, "Exponential Backoff And
 * Jitter", AWS Architecture Blog, 2015.)
 */
export function createBackOff(options: {
  baseMs: number;
  capMs: number;
  random: Random;
}): BackOff {
  const { baseMs, capMs, random } = options;
  return {
    delayMs: (failures) => random.next() * Math.min(capMs, baseMs * 2 ** Math.max(0, failures - 1)),
  };
}
