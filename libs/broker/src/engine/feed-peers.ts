import type { ContractKey } from '@strikewire/contracts';
import type { QuoteStore } from '@strikewire/market-data';
import type { AccountFeed, FeedTarget } from './feed-types';

/** What comes within this of a subscription may be a first snapshot, of trades of long ago. */
const snapshotMs = 2_000;

type Ticks = Pick<AccountFeed, 'lastTickMono' | 'goesOnMono'>;

/** An account that subscribes some targets which others carry. */
export interface Observer {
  feed: Ticks & Pick<AccountFeed, 'socketAt'>;
  observed: readonly FeedTarget[];
}

/** Who carries what now. */
export interface Carried {
  socketOf(key: ContractKey): number | undefined;
  /** Whose socket that is. */
  feedOf(socket: number): Ticks | undefined;
}

/** What an observer is compared with, for as long as everything lies where it does. */
export interface Observation {
  feed: Observer['feed'];
  slots: readonly number[];
  carriers: readonly { socket: number; feed: Ticks | undefined }[];
  /** Whether all of it is brought by somebody else. */
  isCarried: boolean;
}

/** To be made anew when what is carried, or observed, moves: it is looked at twice a second. */
export function observationsOf(
  observers: readonly Observer[],
  { socketOf, feedOf }: Carried,
): Observation[] {
  return observers.filter(({ observed }) => observed.length > 0).map(({ feed, observed }) => {
    const sockets = observed.map(({ key }) => socketOf(key));
    const carriers = [...new Set(sockets)].filter((socket) => socket !== undefined);
    return {
      feed,
      slots: observed.map(({ slot }) => slot),
      carriers: carriers.map((socket) => ({ socket, feed: feedOf(socket) })),
      isCarried: !sockets.includes(undefined),
    };
  });
}

/**
 * When something that a socket carries last ticked at another one, by the socket's number. Only the
 * same instruments say anything about each other: carriers are compared with whoever observes what
 * they carry, and observers with what they observe. Snapshots that follow a subscription say
 * nothing: of a contract that trades rarely they are no sign of life.
 */
export function peerTicks(
  observations: readonly Observation[],
  store: QuoteStore,
): ReadonlyMap<number, number> {
  const ticks = new Map<number, number>();
  for (const observation of observations) {
    const { feed, carriers, isCarried } = observation;
    const observer = feed.socketAt(0);
    const ownMono = feed.goesOnMono(observer, snapshotMs);
    const theirMono = carriers.map((one) => one.feed?.lastTickMono(one.socket) ?? -Infinity);
    // What one of several, or none, brings may be what the observer hears: all of it, or nothing.
    const isComparable = isCarried && !theirMono.includes(-Infinity);
    if (isComparable && ownMono > Math.max(...theirMono)) {
      for (const { socket } of carriers) {
        ticks.set(socket, Math.max(ticks.get(socket) ?? -Infinity, ownMono));
      }
    }
    ticks.set(observer, heardMono(observation, store));
  }
  return ticks;
}

/** When a carrier that goes on ticking last brought something of what is observed. */
function heardMono({ carriers, slots }: Observation, store: QuoteStore): number {
  const goOn = carriers.flatMap(({ socket, feed }) =>
    ((feed?.goesOnMono(socket, snapshotMs) ?? -Infinity) > -Infinity ? socket : []));
  let mono = -Infinity;
  if (goOn.length === 0) return mono;
  for (const slot of slots) {
    const touchedMono = store.touchedMonoMs[slot] ?? 0;
    if (touchedMono > mono && goOn.includes(store.source[slot] ?? 0)) mono = touchedMono;
  }
  return mono;
}
