import type {
  Capacity,
  PlatformStatus,
  RefreshRequest,
  SessionSchedule,
} from '@strikewire/contracts';
import { spanLabel } from '../../format/instants';
import { grouped } from '../../format/numbers';

/** Names that are written out; of more it is said how many. */
const namedMax = 12;

/** `NIFTY, BANKNIFTY and 223 more`, without exchanges. */
export function namesLabel(keys: readonly string[], max = namedMax): string {
  const names = keys.slice(0, max).map((key) => key.split(':')[1] ?? key);
  const rest = keys.length - names.length;
  return rest > 0 ? `${names.join(', ')} and ${grouped(rest)} more` : names.join(', ');
}

/** When chains are built next: the first such job; null when none is planned. */
export function nextBuildOf(schedule: SessionSchedule | null): string | null {
  return schedule?.next.find(({ job }) => job === 'build')?.at ?? null;
}

/** How many: `1 chain`, `12 chains`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** `about 12 s`; nothing when it is not known. */
export function aboutLabel(ms: number | null): string {
  return ms === null ? '' : `about ${spanLabel(Math.max(1_000, ms))}`;
}

/** What a refresh asks of the broker. */
export interface RefreshCost {
  requests: number;
  /** At the pace of the accounts; null without an account. */
  ms: number | null;
}

/** One request for each chain, at the pace of all accounts. */
export function refreshCostOf(
  chains: number,
  requests: Pick<Capacity['requests'], 'perMinute'> | undefined,
): RefreshCost {
  const perMinute = requests?.perMinute ?? 0;
  return { requests: chains, ms: perMinute === 0 ? null : (chains / perMinute) * 60_000 };
}

/** What is refreshed, in words. */
export function wishLabel({ underlying, expiry }: RefreshRequest): string {
  if (underlying === undefined) return 'all chains';
  return expiry === undefined ? `all chains of ${underlying}` : `${underlying} ${expiry}`;
}

/** Chains that a wish would ask for, of those that are kept. */
export function chainsOf(
  underlyings: PlatformStatus['underlyings'],
  { underlying, expiry }: RefreshRequest,
): number {
  return underlyings
    .filter(({ symbol }) => underlying === undefined || symbol === underlying)
    .flatMap(({ chains }) => chains)
    .filter((chain) => expiry === undefined || chain.expiry === expiry).length;
}
