import type { Random } from '@strikewire/runtime';
import type { FeedLimits } from '../core/feed-protocol';
import type { ConnectionEnd } from './feed-connection';

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

/**
 * What a broker's refusal asks for before the back-off begins. Too many connections: another
 * program uses the account, and coming back at once would only put out its socket in turn.
 */
export function askedWaitMs(
  kind: ConnectionEnd,
  limits: Pick<FeedLimits, 'lingerMs' | 'throttledWaitMs'>,
): number {
  if (kind === 'throttled') return limits.throttledWaitMs;
  return kind === 'too_many' ? limits.lingerMs : 0;
}
