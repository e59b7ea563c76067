import type { Notifications, Orders, PlatformStatus } from '@strikewire/contracts';
import type { Clock, OpenSocket, Random } from '@strikewire/runtime';
import type { ChainListener, ChainView } from './chain/chain-view';
import type { StateWatch } from './channels/channel-desk';
import type { GreeksState, PcrState, QuotesState } from './channels/state-specs';
import type { StateListener } from './channels/watched-channel';
import type { ChainTarget, HttpSend, RestClient } from './rest/rest-client';
import type { ClientCounters } from './stream-link';

/** Where the platform is, and the outside world as the client may use it. */
export interface ChainClientOptions {
  /** `ws://host/ws` or `wss://host/ws`. */
  socketUrl: string;
  /** Origin of the REST routes, for example `http://localhost:3000`. */
  httpBase: string;
  /** `swk_…`, with the scope `chains:read`; without one the browser's own session is used. */
  apiKey?: string;
  clock: Clock;
  /** For the jitter of reconnections. */
  random: Random;
  /** Default: the browser's WebSocket. */
  openSocket?: OpenSocket;
  /** Default: the browser's fetch. */
  http?: HttpSend;
}

/** How the client is connected: `polling` while sockets fail and chains come over HTTP. */
export interface Connection {
  state: 'idle' | 'connecting' | 'live' | 'waiting' | 'polling';
  /** Failed openings in a row. */
  failures: number;
  /**
   * Why the last socket ended, or could not be opened; null when none has. While nobody is signed
   * in it says so, as soon as that can be told: from a browser once chains are polled.
   */
  reason: string | null;
}

/** One listener's hold on a chain. */
export interface ChainWatch {
  /** What is held now; null until the first layout. */
  readonly view: ChainView | null;
  close(): void;
}

/** Live chains over one socket, and the platform's reads. */
export interface ChainClient {
  readonly rest: RestClient;
  readonly counters: Readonly<ClientCounters>;
  readonly connection: Connection;
  /** Milliseconds since the last byte of the server; null before the first. */
  byteAgeMs(): number | null;
  /** Calls `fn` at every change of the connection; returns how to stop that. */
  onConnection(fn: (connection: Connection) => void): () => void;
  /**
   * Keeps a chain live for the listener; watches of the same chain share it.
   * @throws StrikewireError `invalid` when 64 chains are watched already.
   */
  watchChain(target: ChainTarget, listener: ChainListener): ChainWatch;
  /** Keeps a chain's volatility and Greeks up to date, once a second; polled when need be. */
  watchGreeks(target: ChainTarget, listener: StateListener<GreeksState>): StateWatch<GreeksState>;
  /** Keeps a chain's ratios and totals up to date; polled when need be. */
  watchPcr(target: ChainTarget, listener: StateListener<PcrState>): StateWatch<PcrState>;
  /**
   * Keeps up to 200 contracts and spots up to date, by their keys: `NSE:NIFTY`,
   * `NSE:NIFTY:2026-11-24:24500:CE`. There is no polling of these: while sockets fail they age.
   */
  watchQuotes(
    keys: readonly string[],
    listener: StateListener<QuotesState>,
  ): StateWatch<QuotesState>;
  /** Keeps up to date how the platform and every chain stand; polled when need be. */
  watchStatus(listener: StateListener<PlatformStatus>): StateWatch<PlatformStatus>;
  /** Keeps a person's notifications up to date; polled when need be. Not for keys. */
  watchAlerts(listener: StateListener<Notifications>): StateWatch<Notifications>;
  /** Keeps today's orders up to date; polled when need be. For those who trade. */
  watchOrders(listener: StateListener<Orders>): StateWatch<Orders>;
  /** Ends every watch and the socket. */
  close(): void;
}
