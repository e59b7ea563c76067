import type { Exchange } from '@strikewire/contracts';
import {
  errorKindOf,
  errorMessageOf,
  type Clock,
  type Log,
  type OpenSocket,
  type Random,
  type Timer,
} from '@strikewire/runtime';
import type { FeedItem, FeedLimits, FeedProtocol } from '../core/feed-protocol';
import type { BrokerInstance } from '../core/plugin';
import type { ConnectionBudget } from './connection-budget';
import { FeedSocket, type FeedBinding, type FeedSocketStatus } from './feed-socket';

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
  /** The account was refused and rests, or is let in again. */
  onParked?(isParked: boolean): void;
}

/** An instrument to keep live, and the slot that its figures go to. */
export interface FeedTarget extends FeedItem {
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
  isSocketLive(socket: number): boolean;
  sockets(): NumberedSocket[];
  counters(): FeedCounters;
  /** Why no socket tries to connect; null while they do. */
  parkedReason(): string | null;
  /** The same account with other credentials: every socket comes back through them. */
  changeAccount(account: FeedAccount): void;
  stop(): void;
}

/** A socket with its number. */
export interface NumberedSocket extends FeedSocketStatus {
  number: number;
}

/** A parked account is looked at again this often, with one request: never a loop. */
const parkedCheckMs = 300_000;
/** Connections that ended at once without data before the credentials are asked about. */
const barrenMax = 3;

/** Makes the feed of one account; nothing is opened before it has targets. */
export function createAccountFeed(options: AccountFeedOptions): AccountFeed {
  return new Feed(options);
}

class Feed implements AccountFeed {
  private readonly options: AccountFeedOptions;
  private account: FeedAccount;
  /** Which credentials are in use: answers about earlier ones do not count. */
  private accountNumber = 0;
  private readonly members: FeedSocket[] = [];
  private plan: readonly (readonly FeedTarget[])[] = [];
  private binding: FeedBinding | undefined;
  /** Exchanges of what each socket carries. */
  private exchangesOf: readonly (readonly Exchange[])[] = [];
  /** Of exchanges that were ever told; others are subscribed. */
  private readonly activities = new Map<Exchange, FeedActivity>();
  private parkedTimer: Timer | undefined;
  private parkedReasonNow: string | undefined;
  private isStopped = false;
  private barrenCount = 0;

  constructor(options: AccountFeedOptions) {
    this.options = options;
    this.account = { instance: options.instance, connections: options.connections };
  }

  setPlan(sockets: readonly (readonly FeedTarget[])[], binding: FeedBinding): void {
    this.plan = sockets;
    this.binding = binding;
    this.exchangesOf = sockets.map((items) => [
      ...new Set(items.map(({ exchange }) => exchange)),
    ]);
    while (this.members.length < sockets.length) {
      const index = this.members.length;
      const number = this.options.numberBase + index + 1;
      const isOpen = this.openAt(index);
      this.members.push(new FeedSocket(this.socketDeps(), number, binding, isOpen));
    }
    this.members.forEach((member, index) => {
      // New members of a parked account are parked with the others.
      if (this.parkedReasonNow !== undefined) member.park(this.parkedReasonNow);
      this.assign(index, binding);
    });
  }

  setActivity(exchange: Exchange, activity: FeedActivity): void {
    if (this.isStopped || this.activityOf(exchange) === activity) return;
    this.activities.set(exchange, activity);
    this.options.log.info('feed activity', { exchange, activity });
    const { binding } = this;
    if (!binding) return;
    this.exchangesOf.forEach((exchanges, index) => {
      if (exchanges.includes(exchange)) this.assign(index, binding);
    });
  }

  isSocketLive(socket: number): boolean {
    return this.members[socket - 1 - this.options.numberBase]?.status().state === 'live';
  }

  sockets(): NumberedSocket[] {
    const first = this.options.numberBase + 1;
    return this.members.map((member, index) => ({ number: first + index, ...member.status() }));
  }

  counters(): FeedCounters {
    const total = { applied: 0, behind: 0, unknownInstrument: 0, malformed: 0 };
    for (const member of this.members) {
      total.applied += member.merged.applied;
      total.behind += member.merged.behind;
      total.unknownInstrument += member.counters.unknownInstrument;
      total.malformed += member.counters.malformed;
    }
    return total;
  }

  parkedReason(): string | null {
    return this.parkedReasonNow ?? null;
  }

  changeAccount(account: FeedAccount): void {
    if (this.isStopped) return;
    this.accountNumber++;
    this.parkedTimer?.cancel();
    for (const member of this.members) member.park('the account has changed');
    this.account = account;
    this.unpark();
  }

  stop(): void {
    this.isStopped = true;
    this.parkedTimer?.cancel();
    for (const member of this.members) member.stop();
  }

  /** Made here, where it holds on to nothing else: a binding in reach would live with it. */
  private openAt(index: number): () => boolean {
    return () => this.isMarketOpen(index);
  }

  /** Whether ticks are to be expected of a socket: of what is not subscribed there are none. */
  private isMarketOpen(index: number): boolean {
    const exchanges = this.exchangesOf[index] ?? [];
    return exchanges.some(
      (exchange) =>
        this.activityOf(exchange) === 'subscribed' && this.options.isMarketOpen(exchange),
    );
  }

  private activityOf(exchange: Exchange): FeedActivity {
    return this.activities.get(exchange) ?? 'subscribed';
  }

  /** Gives a socket what the plan has for it, as far as its exchanges' activity goes. */
  private assign(index: number, binding: FeedBinding): void {
    const planned = this.plan[index] ?? [];
    if (planned.length === 0) return this.members[index]?.stop();
    const activities = (this.exchangesOf[index] ?? []).map((one) => this.activityOf(one));
    const load = {
      items: planned.filter(({ exchange }) => this.activityOf(exchange) === 'subscribed'),
      planned: planned.length,
      isWanted: activities.some((activity) => activity !== 'off'),
    };
    this.members[index]?.assign(load, binding);
  }

  private socketDeps(): ConstructorParameters<typeof FeedSocket>[0] {
    const { clock, random, log, openSocket, limits } = this.options;
    return {
      clock,
      random,
      log,
      openSocket,
      limits,
      protocol: currentProtocol(() => this.account.instance.feed),
      connections: () => this.account.connections,
      onRecovered: (socket) => this.options.onRecovered?.(socket),
      onParked: (reason) => this.park(reason),
      onBarren: () => {
        if (++this.barrenCount >= barrenMax) this.askAboutCredentials();
      },
    };
  }

  /** Wrong credentials are nobody's to retry: the account rests until one slow check succeeds. */
  private park(reason: string): void {
    if (this.parkedReasonNow !== undefined || this.isStopped) return;
    this.parkedReasonNow = reason;
    const number = this.accountNumber;
    const { clock, log } = this.options;
    log.error('feed parked', { reason });
    for (const member of this.members) member.park(reason);
    this.options.onParked?.(true);
    const check = (): void => {
      this.account.instance.check().then(
        () => {
          if (number === this.accountNumber) this.unpark();
        },
        () => {
          if (this.isStopped || number !== this.accountNumber) return;
          this.parkedTimer = clock.after(parkedCheckMs, check);
        },
      );
    };
    this.parkedTimer = clock.after(parkedCheckMs, check);
  }

  private unpark(): void {
    if (this.isStopped) return;
    this.parkedReasonNow = undefined;
    this.barrenCount = 0;
    this.options.log.info('feed resumed');
    for (const member of this.members) member.resume();
    this.options.onParked?.(false);
  }

  private askAboutCredentials(): void {
    this.barrenCount = 0;
    const number = this.accountNumber;
    this.account.instance.check().catch((error: unknown) => {
      if (number !== this.accountNumber) return;
      const kind = errorKindOf(error);
      if (kind === 'unauthenticated' || kind === 'fatal') this.park(errorMessageOf(error));
    });
  }
}

/** The protocol of whichever credentials are in use at the moment of each call. */
function currentProtocol(current: () => FeedProtocol): FeedProtocol {
  return {
    url: () => current().url(),
    headers: () => current().headers(),
    createDecoder: () => current().createDecoder(),
    subscribe: (items) => current().subscribe(items),
    unsubscribe: (items) => current().unsubscribe(items),
    classifyEnd: (end) => current().classifyEnd(end),
    wireId: (token) => current().wireId(token),
  };
}
