import type { ContractKey, Exchange } from '@strikewire/contracts';
import type { AccountFeed, FeedTarget } from './feed-types';

/** Of as many instruments of an exchange that trades, some do within seconds. */
const manyMin = 50;
/** What comes within this of a subscription may be a first snapshot. */
const snapshotMs = 2_000;

/** A socket that carries many instruments. */
export interface BusySocket {
  socket: number;
  feed: Pick<AccountFeed, 'goesOnMono'> | undefined;
  exchanges: ReadonlySet<Exchange>;
}

/** Sockets by what they carry; to be made anew when that moves. */
export function busySockets(
  targets: readonly FeedTarget[],
  socketOf: (key: ContractKey) => number | undefined,
  feedOf: (socket: number) => BusySocket['feed'],
): BusySocket[] {
  const found = new Map<number, { count: number; exchanges: Set<Exchange> }>();
  for (const { key, exchange } of targets) {
    const socket = socketOf(key);
    if (socket === undefined) continue;
    const one = found.get(socket) ?? { count: 0, exchanges: new Set<Exchange>() };
    found.set(socket, one);
    one.count++;
    one.exchanges.add(exchange);
  }
  return [...found].filter(([, { count }]) => count >= manyMin)
    .map(([socket, { exchanges }]) => ({ socket, feed: feedOf(socket), exchanges }));
}

/**
 * When another socket that goes on with instruments of the same exchange ticked last, for those
 * that never went on: of so many their market is not quiet, though others carry other ones.
 */
export function busyTicks(sockets: readonly BusySocket[]): ReadonlyMap<number, number> {
  const told = sockets.map((one) =>
    ({ ...one, mono: one.feed?.goesOnMono(one.socket, snapshotMs) ?? -Infinity }));
  const ticks = new Map<number, number>();
  for (const { socket, mono, exchanges } of told) {
    if (mono > -Infinity) continue;
    const others = told.filter((one) => [...one.exchanges].some((each) => exchanges.has(each)));
    const newest = Math.max(-Infinity, ...others.map((one) => one.mono));
    if (newest > -Infinity) ticks.set(socket, newest);
  }
  return ticks;
}
