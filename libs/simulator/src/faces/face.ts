import type { Clock, Random, Site } from '@strikewire/runtime';
import type { FaceFaults } from '../faults/fault-book';
import type { Market } from '../market/market';
import type { OrderDesk } from '../orders/order-desk';
import type { FaceEffects } from './effects';
import type { Violations } from './violations';

/** What goes on at a face's sockets of full books. */
export interface DepthStatus {
  sockets: number;
  subscriptions: number;
  handshakes: number;
}

/** What goes on at a face's sockets of order news. */
export interface OrderSocketStatus {
  sockets: number;
  handshakes: number;
}

/** What goes on at one face. */
export interface FaceStatus {
  sockets: { clientId: string; instruments: number; framesSent: number; muted: boolean }[];
  subscriptions: number;
  subscribeMessages: number;
  handshakes: number;
  /** Left out where there are no full books. */
  depth?: DepthStatus;
  /** Left out where order news come over the feed's sockets. */
  orders?: OrderSocketStatus;
  /** REST requests by path since the start. */
  requests: Record<string, number>;
}

/** What every face is made from. */
export interface FaceDeps {
  clock: Clock;
  random: Random;
  market: Market;
  violations: Violations;
  faults: FaceFaults;
  /** Of what is drawn for its orders. */
  orderSeed: number;
}

/** The clients of a face, by the broker's own names for them. */
export interface FaceAccounts {
  list(): object[];
  /** Gives a new token and drops the old one. */
  renew(clientId: string): object | undefined;
}

/** One broker's wire in front of the market. */
export interface Face {
  readonly site: Required<Site>;
  readonly accounts: FaceAccounts;
  readonly desk: OrderDesk;
  /** What faults do at the moment they come, and what undoes them. */
  readonly effects: FaceEffects;
  status(): FaceStatus;
  /** Sends whatever is batched or held back. */
  flush(): void;
  /** Ends all connections and timers. */
  stop(): void;
}
