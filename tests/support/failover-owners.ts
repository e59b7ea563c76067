import type { FailoverRun } from './failover-run';

/**
 * Contracts that a socket writes which carries others, and not them: whoever carries nothing may
 * take one over. And sockets that carry more than they may.
 */
export function ownerDoubts(run: FailoverRun): string[] {
  const { supervision, store, targets, clock, sliceMs } = run;
  const { feed } = supervision;
  const doubts: string[] = [];
  let carriers: ReadonlySet<number> | undefined;
  const carried = new Map<number, number>();
  for (const { key, slot } of targets) {
    const socket = feed.socketOf(key);
    if (socket === undefined) continue;
    carried.set(socket, (carried.get(socket) ?? 0) + 1);
    const source = store.source[slot] ?? 0;
    const isFresh = clock.monoMs() - (store.touchedMonoMs[slot] ?? -Infinity) < sliceMs;
    if (!isFresh || source === socket) continue;
    if (!(carriers ??= carriersOf(feed)).has(source)) continue;
    doubts.push(`${key} is carried by socket ${socket} and written by ${source}`);
  }
  for (const [socket, count] of carried) {
    const most = feed.accountOf(socket)?.limits.instrumentsPerSocketMax ?? 0;
    if (count > most) doubts.push(`socket ${socket} carries ${count} of ${most}`);
  }
  return doubts;
}

function carriersOf(feed: FailoverRun['supervision']['feed']): ReadonlySet<number> {
  const carriers = feed.sockets().filter(({ role }) => role === 'carrier');
  return new Set(carriers.map(({ number }) => number));
}
