import type { Clock } from '@strikewire/runtime';
import type { EndReason } from '../faces/effects';
import type { Violations } from '../faces/violations';
import type { AuthProblem } from './accounts';
import type { ViolationKind } from './violations';

/** What disconnect packets say of credentials that are refused. */
export const refusalCodes: Readonly<Record<AuthProblem, number>> = {
  token: 809,
  expired: 807,
  client: 808,
  plan: 806,
  suspended: 810,
};
/** What they say to connections that stand. */
export const endCodes: Readonly<Record<EndReason, number>> = { expired: 807, suspended: 810 };
/** One connection too many. */
export const connectionsExceeded = 805;

/** More refused handshakes a minute than this are a loop. */
const refusalsMax = 10;
const minuteMs = 60_000;

/** Takes note of refused handshakes; a loop of them is a violation. */
export function createRefusalWatch(
  clock: Clock,
  violations: Violations<ViolationKind>,
): (clientId: string) => void {
  let timesMs: number[] = [];
  return (clientId) => {
    const now = clock.monoMs();
    timesMs = [...timesMs.filter((atMs) => now - atMs < minuteMs), now];
    if (timesMs.length <= refusalsMax) return;
    violations.add('auth_loop', `${clientId} refused ${timesMs.length} times in a minute`);
  };
}
