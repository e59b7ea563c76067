import type { Exchange } from '@strikewire/contracts';
import { SlotIndex, type QuoteStore } from '@strikewire/market-data';
import {
  errorKindOf,
  errorMessageOf,
  type Clock,
  type Log,
  type OpenSocket,
  type Random,
  type Timer,
} from '@strikewire/runtime';
import type { FeedItem, FeedLimits } from '../core/feed-protocol';
import { tokenKey, type InstrumentToken } from '../core/market-data-port';
import type { BrokerInstance } from '../core/plugin';
import { planSubscriptions, type SubscriptionPlan } from '../core/subscription-plan';
import { ConnectionBudget } from './connection-budget';
import { FeedSocket, type FeedBinding, type FeedSocketStatus } from './feed-socket';

/** What the feed of one account is made of. */
export interface AccountFeedOptions {
  instance: BrokerInstance;
  limits: FeedLimits;
  clock: Clock;
  random: Random;
  log: Log;
  openSocket: OpenSocket;
  /** Whether an exchange's derivatives trade continuously now: only then is silence a fault. */
  isMarketOpen(exchange: Exchange): boolean;
  /** The account's sockets, when others count them too; else a budget of its own. */
  connections?: ConnectionBudget;
  /** A socket, by its number, is back: what passed meanwhile is missing. */
  onRecovered?(socket: number): void;
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

/** All sockets of one account: plans them, keeps them alive, and knows how they are. */
export interface AccountFeed {
  /**
   * Makes these targets the whole subscription, in order of priority, written to `store`. Sockets
   * change by the difference; every session and id map moves to the new store in this one call.
   */
  setTargets(targets: readonly FeedTarget[], store: QuoteStore): SubscriptionPlan;
  /**
   * Lets sockets follow an exchange's hours; every exchange is `subscribed` until told otherwise.
   * A socket stands while any exchange that it carries is not off, and subscribes those that are
   * to be, by the difference; the plan stays, so that nothing moves between sockets. A rest is no
   * loss: nothing is recovered after it, no back-off outlasts it, and a parked account stays so.
   */
  setActivity(exchange: Exchange, activity: FeedActivity): void;
  /** The socket that carries a token, by its number from 1; undefined when none does. */
  socketOf(token: InstrumentToken): number | undefined;
  isSocketLive(socket: number): boolean;
  sockets(): FeedSocketStatus[];
  counters(): FeedCounters;
  /** Packets applied a second, over the time since it was asked before, a second at least. */
  appliedPerSecond(): number;
  /** Why no socket tries to connect; null while they do. */
  parkedReason(): string | null;
  /**
   * Another account, or the same with other credentials: every socket comes back through it.
   * Without one all rest, for the reason given.
   */
  changeAccount(account: { connections: ConnectionBudget } | { missing: string }): void;
  stop(): void;
}

/** A rate is taken over at least this long. */
const rateWindowMs = 1_000;
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
  private connections: ConnectionBudget;
  /** Which account is in use: answers about an earlier one do not count. */
  private accountNumber = 0;
  private readonly members: FeedSocket[] = [];
  private socketByToken = new Map<string, number>();
  private plan: SubscriptionPlan<FeedTarget> = { sockets: [], unplaced: [] };
  private binding: FeedBinding | undefined;
  /** Exchanges of what each socket carries. */
  private exchangesOf: readonly (readonly Exchange[])[] = [];
  /** Of exchanges that were ever told; others are subscribed. */
  private readonly activities = new Map<Exchange, FeedActivity>();
  private parkedTimer: Timer | undefined;
  private parkedReasonNow: string | undefined;
  private isStopped = false;
  private barrenCount = 0;
  private rate: { fromMono: number; fromApplied: number; perSecond: number };

  constructor(options: AccountFeedOptions) {
    this.options = options;
    this.rate = { fromMono: options.clock.monoMs(), fromApplied: 0, perSecond: 0 };
    const { clock, limits } = options;
    this.connections = options.connections ?? new ConnectionBudget(clock, limits);
  }

  setTargets(targets: readonly FeedTarget[], store: QuoteStore): SubscriptionPlan {
    const plan = planSubscriptions(targets, this.options.limits);
    const binding = { store, lookup: this.indexOf(targets) };
    this.plan = plan;
    this.binding = binding;
    this.socketByToken = new Map(
      plan.sockets.flatMap((items, index) =>
        items.map((item): [string, number] => [tokenKey(item.token), index + 1]),
      ),
    );
    this.exchangesOf = plan.sockets.map((items) => [
      ...new Set(items.map(({ exchange }) => exchange)),
    ]);
    this.moveOwners(targets, store);
    while (this.members.length < plan.sockets.length) {
      const number = this.members.length + 1;
      const isOpen = (): boolean => this.isMarketOpen(number);
      this.members.push(new FeedSocket(this.socketDeps(), number, binding, isOpen));
    }
    this.members.forEach((member, index) => {
      // New members of a parked account are parked with the others.
      if (this.parkedReasonNow !== undefined) member.park(this.parkedReasonNow);
      this.assign(index, binding);
    });
    return plan;
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

  socketOf(token: InstrumentToken): number | undefined {
    return this.socketByToken.get(tokenKey(token));
  }

  isSocketLive(socket: number): boolean {
    return this.members[socket - 1]?.status().state === 'live';
  }

  sockets(): FeedSocketStatus[] {
    return this.members.map((member) => member.status());
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

  appliedPerSecond(): number {
    const { fromMono, fromApplied, perSecond } = this.rate;
    const nowMono = this.options.clock.monoMs();
    const elapsedMs = nowMono - fromMono;
    if (elapsedMs < rateWindowMs) return perSecond;
    const { applied } = this.counters();
    const measured = Math.round(((applied - fromApplied) / elapsedMs) * 1_000);
    this.rate = { fromMono: nowMono, fromApplied: applied, perSecond: measured };
    return measured;
  }

  parkedReason(): string | null {
    return this.parkedReasonNow ?? null;
  }

  changeAccount(account: { connections: ConnectionBudget } | { missing: string }): void {
    if (this.isStopped) return;
    this.accountNumber++;
    this.parkedTimer?.cancel();
    const isThere = 'connections' in account;
    this.parkedReasonNow = isThere ? 'the account has changed' : account.missing;
    for (const member of this.members) member.park(this.parkedReasonNow);
    if (!isThere) return;
    this.connections = account.connections;
    this.unpark();
  }

  stop(): void {
    this.isStopped = true;
    this.parkedTimer?.cancel();
    for (const member of this.members) member.stop();
  }

  /** Whether ticks are to be expected of a socket: of what is not subscribed there are none. */
  private isMarketOpen(socket: number): boolean {
    const exchanges = this.exchangesOf[socket - 1] ?? [];
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
    const planned = this.plan.sockets[index] ?? [];
    if (planned.length === 0) return this.members[index]?.stop();
    const activities = (this.exchangesOf[index] ?? []).map((one) => this.activityOf(one));
    const load = {
      items: planned.filter(({ exchange }) => this.activityOf(exchange) === 'subscribed'),
      planned: planned.length,
      isWanted: activities.some((activity) => activity !== 'off'),
    };
    this.members[index]?.assign(load, binding);
  }

  /**
   * A contract that moves to another socket is that one's at once: not after a takeover, and what
   * the old socket still delivers must not take it back.
   */
  private moveOwners(targets: readonly FeedTarget[], store: QuoteStore): void {
    const now = this.options.clock.monoMs();
    for (const { token, slot } of targets) {
      const socket = this.socketOf(token);
      const owner = store.source[slot] ?? 0;
      if (owner !== 0 && socket !== undefined && owner !== socket) {
        store.assignOwner(slot, socket, now);
      }
    }
  }

  private indexOf(targets: readonly FeedTarget[]): SlotIndex {
    const index = new SlotIndex(Math.max(1, targets.length));
    for (const { token, slot } of targets) {
      const { segment, id } = this.options.instance.feed.wireId(token);
      index.set(segment, id, slot);
    }
    return index;
  }

  private socketDeps(): ConstructorParameters<typeof FeedSocket>[0] {
    const { clock, random, log, openSocket, limits, instance } = this.options;
    return {
      clock,
      random,
      log,
      openSocket,
      limits,
      protocol: instance.feed,
      connections: () => this.connections,
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
    const check = (): void => {
      this.options.instance.check().then(
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
  }

  private askAboutCredentials(): void {
    this.barrenCount = 0;
    const number = this.accountNumber;
    this.options.instance.check().catch((error: unknown) => {
      if (number !== this.accountNumber) return;
      const kind = errorKindOf(error);
      if (kind === 'unauthenticated' || kind === 'fatal') this.park(errorMessageOf(error));
    });
  }
}
