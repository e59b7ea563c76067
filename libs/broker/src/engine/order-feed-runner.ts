import {
  errorMessageOf,
  type Clock,
  type Log,
  type OpenSocket,
  type Random,
  type Socket,
  type Timer,
} from '@strikewire/runtime';
import type { FeedNews } from '../core/feed-protocol';
import type { OrderFeed, OrderNews } from '../core/order-feed';
import { askedWaitMs, backoffMs } from './backoff';
import { ConnectionBudget } from './connection-budget';
import { FeedConnection, type ConnectionEnd } from './feed-connection';
import { failureOf } from './guarded-protocol';
import { messagesOf, orderNewsOf } from './plugin-answers';

/** What is told of an account's orders. */
export type OrderFeedNews = Exclude<OrderNews, FeedNews>;

/** What the feed of one account's orders runs on. */
export interface OrderFeedRunnerDeps {
  clock: Clock;
  random: Random;
  log: Log;
  openSocket: OpenSocket;
  feed: OrderFeed;
  /** A `look` without an order: all of the book is to be read. */
  told(news: OrderFeedNews): void;
  /** It is refused: from now on it is tried only once in a while. */
  parked(reason: string): void;
}

/** `waiting`: for the next attempt; `parked`: refused, and tried only once in a while. */
export type OrderFeedState = 'idle' | 'connecting' | 'live' | 'waiting' | 'parked';

/** How the feed is. */
export interface OrderFeedStatus {
  state: OrderFeedState;
  reason: string | null;
  /** Why it was refused, until a connection stands again; null: it is not. */
  refusal: string | null;
  /** Losses of a connection, or of an attempt at one. */
  losses: number;
  /** How long this connection stands; null while it does not. */
  liveForMs: number | null;
}

/** A connection that stood this long begins the back-off anew. */
const provenMs = 10_000;
/** A sign of life is asked for so many times within the silence that ends a connection. */
const pingsPerSilence = 3;
/** Between two looks at the whole book, whatever cannot be read. */
const lookEveryMs = 1_000;
/** A refusal may be over without a word: an entitlement is bought, a limit is lifted. */
const parkedMs = 300_000;
/** The broker may count a connection in a little after it has answered: then once more. */
const settledMs = 5_000;

/**
 * Keeps the one socket over which a broker tells of an account's orders.
 * It comes back with back-off, and has the book read after each connection: nobody knows what was
 * not told meanwhile. A broker may say nothing for hours, so signs of life are asked for.
 */
export class OrderFeedRunner {
  private readonly deps: OrderFeedRunnerDeps;
  private readonly budget: ConnectionBudget;
  private state: OrderFeedState = 'idle';
  private reason: string | null = null;
  private refusal: string | null = null;
  private losses = 0;
  private attempt = 0;
  private connection: FeedConnection | undefined;
  private socket: Socket | undefined;
  private openedMono = -Infinity;
  private heardMono = -Infinity;
  private lookedMono = -Infinity;
  private isUnreadTold = false;
  /** The next attempt, or the next look at a connection that stands. */
  private timer: Timer | undefined;
  private look: Timer | undefined;
  private settled: Timer | undefined;

  constructor(deps: OrderFeedRunnerDeps) {
    this.deps = deps;
    const { lingerMs } = deps.feed.limits;
    this.budget = new ConnectionBudget(deps.clock, { socketsMax: 1, lingerMs });
  }

  get status(): OrderFeedStatus {
    const isLive = this.state === 'live';
    const liveForMs = isLive ? this.deps.clock.monoMs() - this.openedMono : null;
    const { state, reason, refusal, losses } = this;
    return { state, reason, refusal, losses, liveForMs };
  }

  /** Begins, also after it was parked; nothing when it runs already. */
  start(): void {
    if (this.state !== 'idle' && this.state !== 'parked') return;
    this.attempt = 0;
    this.timer?.cancel();
    this.connect();
  }

  /** Nothing is told any more. */
  stop(): void {
    this.end('stopped', true);
    this.refusal = null;
    this.become('idle', null);
  }

  private become(state: OrderFeedState, reason: string | null): void {
    this.state = state;
    this.reason = reason;
  }

  private connect(): void {
    const { clock, feed } = this.deps;
    this.become('connecting', null);
    const openSocket: OpenSocket = (url, options, handlers) =>
      (this.socket = this.deps.openSocket(url, options, handlers));
    this.connection = new FeedConnection(
      { clock, openSocket, protocol: feed, budget: this.budget },
      {
        opened: () => this.opened(),
        message: (data, isBinary) => this.received(data, isBinary),
        alive: () => {
          this.heardMono = clock.monoMs();
        },
        lost: (kind, reason) => this.lost(kind, reason),
      },
    );
    this.connection.start();
  }

  private opened(): void {
    const { clock, feed } = this.deps;
    this.openedMono = this.heardMono = clock.monoMs();
    this.isUnreadTold = false;
    this.become('live', null);
    try {
      const hello = messagesOf('hello', feed.hello?.() ?? []);
      for (const message of hello) this.connection?.send(message);
    } catch (error) {
      return this.lost('other', failureOf(error));
    }
    this.watch();
    this.settled = clock.after(settledMs, () => this.lookAtAll());
    this.lookAtAll();
  }

  private received(data: Uint8Array, isBinary: boolean): void {
    this.heardMono = this.deps.clock.monoMs();
    const { connection } = this;
    for (const news of this.read(data, isBinary)) {
      // Whoever is told may stop it.
      if (this.connection !== connection) return;
      this.take(news);
    }
  }

  /** A plugin that throws has not read it: the book tells. */
  private read(data: Uint8Array, isBinary: boolean): OrderNews[] {
    try {
      return orderNewsOf(this.deps.feed.read(data, isBinary));
    } catch (error) {
      if (!this.isUnreadTold) this.deps.log.warn('order news not read', { why: failureOf(error) });
      this.isUnreadTold = true;
      return [{ kind: 'look', brokerOrderId: null }];
    }
  }

  private take(news: OrderNews): void {
    switch (news.kind) {
      case 'row':
      case 'trade':
        return this.tell(news);
      case 'look':
        return news.brokerOrderId === null ? this.lookAtAll() : this.tell(news);
      case 'ready':
        this.settled?.cancel();
        return this.lookAtAll();
      default:
        return this.lost(news.kind, news.reason);
    }
  }

  /** At once, and then at most once a second: what cannot be read may come in thousands. */
  private lookAtAll(): void {
    if (this.look) return;
    const { clock } = this.deps;
    const waitMs = this.lookedMono + lookEveryMs - clock.monoMs();
    const tell = (): void => {
      this.look = undefined;
      this.lookedMono = clock.monoMs();
      this.tell({ kind: 'look', brokerOrderId: null });
    };
    if (waitMs <= 0) tell();
    else this.look = clock.after(waitMs, tell);
  }

  private tell(news: OrderFeedNews): void {
    try {
      this.deps.told(news);
    } catch (error) {
      this.deps.log.error('order news not taken', { why: errorMessageOf(error) });
    }
  }

  /** It stands: what went before is over. */
  private prove(): void {
    this.attempt = 0;
    this.refusal = null;
  }

  /** Asks for a sign of life, and ends a connection that gives none. */
  private watch(): void {
    const { clock, feed: { limits: { silentMs } } } = this.deps;
    this.timer = clock.after(silentMs / pingsPerSilence, () => {
      const now = clock.monoMs();
      if (now - this.heardMono >= silentMs) return this.lost('other', `silent for ${silentMs} ms`);
      if (now - this.openedMono >= provenMs) this.prove();
      this.socket?.ping();
      this.watch();
    });
  }

  private lost(kind: ConnectionEnd, reason: string): void {
    const { clock, random, log, feed: { limits } } = this.deps;
    this.end(reason, false);
    this.losses++;
    if (kind === 'auth' || kind === 'suspended' || kind === 'entitlement') return this.park(reason);
    const waitMs = askedWaitMs(kind, limits) + backoffMs(this.attempt++, random);
    log.warn('order feed lost', { reason, waitMs: Math.round(waitMs) });
    this.become('waiting', reason);
    this.timer = clock.after(waitMs, () => this.connect());
  }

  private park(reason: string): void {
    this.deps.log.error('order feed parked', { reason });
    this.become('parked', reason);
    this.timer = this.deps.clock.after(parkedMs, () => this.connect());
    if (this.refusal === reason) return;
    this.refusal = reason;
    try {
      this.deps.parked(reason);
    } catch (error) {
      this.deps.log.error('order feed\'s end not taken', { why: errorMessageOf(error) });
    }
  }

  /** Ends the connection and every wait; later events of it are not heard. */
  private end(reason: string, isWanted: boolean): void {
    for (const timer of [this.timer, this.look, this.settled]) timer?.cancel();
    this.look = undefined;
    const { connection } = this;
    this.connection = undefined;
    this.socket = undefined;
    connection?.end(reason, isWanted);
  }
}
