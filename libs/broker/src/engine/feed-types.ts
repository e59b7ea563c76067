import type { ContractKey, Exchange } from '@strikewire/contracts';
import type { Clock, Log, OpenSocket, Random } from '@strikewire/runtime';
import type { FeedItem, FeedLimits } from '../core/feed-protocol';
import type { BrokerInstance } from '../core/plugin';
import type { ConnectionBudget } from './connection-budget';
import type { FeedBinding, FeedSocketStatus, SocketHeard } from './feed-socket-types';

/** An account as its feed uses it. */
export interface FeedAccount {
  instance: Pick<BrokerInstance, 'feed' | 'check'>;
  /** The account's sockets, which others may count too. */
  connections: ConnectionBudget;
}

/** What the feed of one account is made of. */
export interface AccountFeedOptions extends FeedAccount {
  limits: FeedLimits;
  /** Its sockets are numbered from one more than this: as sources in a store, and to listeners. */
  numberBase: number;
  clock: Clock;
  random: Random;
  log: Log;
  openSocket: OpenSocket;
  /** Whether an exchange's derivatives trade continuously now: only then is silence a fault. */
  isMarketOpen(exchange: Exchange): boolean;
  /** A socket, by its number, is back: what passed meanwhile is missing. */
  onRecovered?(socket: number): void;
  /** The broker has refused the account, which rests; null: it is let in again. */
  onRefused?(refusal: FeedRefusal | null): void;
  /** More or fewer of its sockets are live, or wanted. */
  onState?(): void;
  /** The standby socket carries from now on what a lost one did; that one failed at `faultMono`. */
  onReplaced?(reason: string, faultMono: number): void;
}

/** Why an account was refused: by its token, by the account's own state, or by what it may do. */
export interface FeedRefusal {
  kind: 'auth' | 'suspended' | 'parked';
  reason: string;
}

/** Sockets of an account that are to stand and subscribe now, and those of them that deliver. */
export interface FeedState {
  wanted: number;
  live: number;
  /** None delivers, and some socket that did has been silent for a while before it was given up. */
  isMute?: boolean;
}

/** An instrument to keep live, and the slot that its figures go to. */
export interface FeedTarget extends FeedItem {
  /** Canonical key of the contract, or of the underlying whose spot it is. */
  key: ContractKey;
  slot: number;
  /** Where it trades: a socket is expected to tick while one of its exchanges is open. */
  exchange: Exchange;
}

/**
 * What an exchange's instruments are to do now. `off`: nothing trades, and sockets that carry only
 * such exchanges are closed; `connected`: sockets stand and nothing is subscribed; `subscribed`.
 */
export type FeedActivity = 'off' | 'connected' | 'subscribed';

/** Packets of all sockets of an account, by what became of them, since its start. */
export interface FeedCounters {
  applied: number;
  behind: number;
  unknownInstrument: number;
  malformed: number;
}

/** All sockets of one account: keeps them alive, and knows how they are. */
export interface AccountFeed {
  /**
   * Makes this the whole subscription: what each socket carries, in order. Sockets change by the
   * difference; every session and id map moves to the binding's store in this one call.
   */
  setPlan(sockets: readonly (readonly FeedTarget[])[], binding: FeedBinding): void;
  /**
   * Lets sockets follow an exchange's hours; every exchange is `subscribed` until told otherwise.
   * A socket stands while any exchange that it carries is not off, and subscribes those that are
   * to be, by the difference; the plan stays, so that nothing moves between sockets. A rest is no
   * loss: nothing is recovered after it, no back-off outlasts it, and a parked account stays so.
   */
  setActivity(exchange: Exchange, activity: FeedActivity): void;
  /** The number of the socket that carries a place of the plan now. */
  socketAt(place: number): number;
  /** Live, and not known to be silent. */
  isSocketLive(socket: number): boolean;
  sockets(): NumberedSocket[];
  state(): FeedState;
  counters(): FeedCounters;
  /** Why no socket tries to connect; null while they do. */
  parkedReason(): string | null;
  /**
   * Looks whether every socket lives and delivers: to be called every second or so.
   * `peerTickMono`: when something that a socket carries last ticked elsewhere; -Infinity: never.
   */
  watch(peerTickMono: (socket: number) => number): void;
  /** When a socket last ticked, or was opened if it never did; -Infinity while it is not live. */
  lastTickMono(socket: number): number;
  /** When it last ticked, if that was so long after it subscribed; else -Infinity. */
  goesOnMono(socket: number, afterMs: number): number;
  /** When a socket was last heard; undefined while it does not deliver. */
  heard(socket: number): SocketHeard | undefined;
  /** Places of the plan that should deliver and do not, while another one does. */
  darkPlaces(): number[];
  /** It was refused elsewhere: as if its sockets were; null: a person found that it is not. */
  refuse(refusal: FeedRefusal | null): void;
  /** The same account with other credentials: every socket comes back through them. */
  changeAccount(account: FeedAccount): void;
  stop(): void;
}

/** A socket with its number. */
export interface NumberedSocket extends FeedSocketStatus {
  number: number;
}
