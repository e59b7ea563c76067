import type { QuoteStore } from '@strikewire/market-data';
import type { Clock, Log, OpenSocket, Random } from '@strikewire/runtime';
import type { FeedLimits, FeedProtocol, SlotLookup } from '../core/feed-protocol';
import type { ConnectionBudget } from './connection-budget';

/** What every socket of an account shares. */
export interface FeedSocketDeps {
  clock: Clock;
  random: Random;
  log: Log;
  openSocket: OpenSocket;
  protocol: FeedProtocol;
  limits: FeedLimits;
  /** Of the account that is in use when it is asked. */
  connections(): ConnectionBudget;
  /** The whole account must stop trying: credentials or entitlement. */
  onRefused(refusal: { kind: 'auth' | 'suspended' | 'parked'; reason: string }): void;
  /** The connection, or the attempt at one, failed at `faultMono`; it comes back by itself. */
  onLost(socket: number, reason: string, faultMono: number): void;
  /** It is live, or is so no more. */
  onState(): void;
  /** The connection stands again after it was lost. */
  onRecovered(socket: number): void;
  /** A connection was accepted and ended at once without data: perhaps the token is dead. */
  onBarren(): void;
}

/** Where a socket writes: a generation's store and the account's map of its instruments. */
export interface FeedBinding {
  store: QuoteStore;
  lookup: SlotLookup;
}

/**
 * `waiting`: for the next attempt; `parked`: refused, no attempt by itself; `resting`: not wanted
 * while nothing trades.
 */
export type FeedSocketState = 'idle' | 'connecting' | 'live' | 'waiting' | 'parked' | 'resting';

/** When a socket was last heard, by the monotonic clock, and in which epoch of it. */
export interface SocketHeard {
  mono: number;
  epoch: number;
}

/** How a socket is; ages in milliseconds, null for never. */
export interface FeedSocketStatus {
  state: FeedSocketState;
  reason: string | null;
  /** By the plan, whether subscribed now or not. */
  instruments: number;
  /** Losses of a connection or attempt; a rest is none. */
  reconnects: number;
  byteAgeMs: number | null;
  tickAgeMs: number | null;
  /** How long this connection stands; null while it does not. */
  liveForMs: number | null;
  /** Packets applied since the start, over all its connections. */
  ticks: number;
  /** Packets a second that reached the store, older ones too; 0 while it is not live. */
  ticksPerSecond: number;
  /** Why a connection, or an attempt at one, failed last, and when by the wall clock. */
  lastError: { reason: string; atMs: number } | null;
}
