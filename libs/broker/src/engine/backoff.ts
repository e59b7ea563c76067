import type { Random } from '@strikewire/runtime';

/** Longest pause between two attempts. */
export const backoffMaxMs = 60_000;
const baseMs = 1_000;

/**
 * Full-jitter exponential back-off: the first retry at once, then uniform in [0, min(60 s,
 * 2^n s)), so that many clients of one outage do not come back together.
 */
export function backoffMs(attempt: number, random: Random): number {
  if (attempt <= 0) return 0;
  const ceiling = Math.min(backoffMaxMs, baseMs * 2 ** Math.min(attempt, 16));
  return random.next() * ceiling;
}
