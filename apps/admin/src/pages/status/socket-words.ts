import type { PlatformStatus } from '@strikewire/contracts';
import { ageLevelOf, type AgeLevel } from '../../format/age-level';
import { grouped } from '../../format/numbers';
import { ageLabel } from '../../format/times';
import type { SparkSample } from '../../ui/spark-points';

/** A socket of the feed, as the status tells of it. */
export type FeedSocket = PlatformStatus['feed']['sockets'][number];

/** What is to be known of its state besides the word; why it was lost stands with its errors. */
export function noteOf({ state, reason, instruments, lastError }: FeedSocket): string | null {
  if (state === 'resting') return 'rests until the market opens';
  if (reason !== null && reason !== lastError?.reason) return reason;
  return instruments === 0 ? 'stands by' : null;
}

/**
 * How old its newest tick is, `ageMs` after the status was told; null when there is none to wait
 * for. A socket that rests has nothing to be late with, whatever else trades.
 */
export function tickAgeOf(
  { state, instruments, tickAgeMs }: FeedSocket,
  { isOpen, ageMs }: { isOpen: boolean; ageMs: number },
): AgeLevel | null {
  if (instruments === 0) return null;
  return ageLevelOf(tickAgeMs === null ? null : tickAgeMs + ageMs, isOpen && state !== 'resting');
}

/** What a line of its ticks shows: `Ticks per second over the last 3 min: 800 to 1,240`. */
export function ticksWords(samples: readonly SparkSample[]): string {
  const known = samples.filter(({ value }) => value !== null);
  const [first, last] = [known[0], known.at(-1)];
  if (!first || !last) return 'Ticks per second: nothing to show yet';
  const rates = known.map(({ value }) => Math.round(value ?? 0));
  const [least, most] = [Math.min(...rates), Math.max(...rates)];
  const range = least === most ? grouped(most) : `${grouped(least)} to ${grouped(most)}`;
  return `Ticks per second over the last ${ageLabel(last.atMs - first.atMs)}: ${range}`;
}

/** How full it is: `500 of 5,000 contracts, 10% of what its broker allows on a socket`. */
export function roomWords({ instruments, instrumentsMax }: FeedSocket): string {
  const percent = instrumentsMax > 0 ? Math.floor((100 * instruments) / instrumentsMax) : 0;
  return `${grouped(instruments)} of ${grouped(instrumentsMax)} contracts, ` +
    `${percent}% of what its broker allows on a socket`;
}
