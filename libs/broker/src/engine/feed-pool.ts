import type { ContractKey, Exchange } from '@strikewire/contracts';
import type { QuoteStore } from '@strikewire/market-data';
import type { Clock, Timer } from '@strikewire/runtime';
import type { CapacityPlan } from '../core/capacity-plan';
import { createAccountFeed } from './account-feed';
import { DarkPlaces } from './dark-places';
import { busySockets, busyTicks, type BusySocket } from './feed-busy';
import {
  firstFor,
  lookupOf,
  movedKeys,
  movedSockets,
  namedBy,
  type PooledAccount,
} from './feed-dealing';
import {
  isReordered,
  loadsOf,
  socketsOf,
  takeUp,
  targetsByPlace,
  type AccountLoad,
  type Member,
  type MemberRole,
  type PooledSocket,
} from './feed-members';
import { isSpare, planMembers, type Planned } from './feed-planning';
import { observationsOf, peerTicks, type Observation } from './feed-peers';
import type { SocketHeard } from './feed-socket-types';
import { FeedTally } from './feed-tally';
import type {
  AccountFeed,
  AccountFeedOptions,
  FeedAccount,
  FeedActivity,
  FeedCounters,
  FeedRefusal,
  FeedState,
  FeedTarget,
} from './feed-types';

/** What all accounts' feeds share. */
export interface FeedPoolOptions extends Omit<
  AccountFeedOptions,
  keyof FeedAccount | 'limits' | 'numberBase' | 'onRefused' | 'onState' | 'onReplaced'
> {
  /** These sockets carry what another one, or none, carried before: what passed is missing. */
  onRedealt?(sockets: readonly number[]): void;
  /** An account was refused and rests; null: it is let in again. */
  onRefused?(account: string, refusal: FeedRefusal | null): void;
  /** An account's standby socket carries what a lost one did. */
  onReplaced?(account: string, reason: string, faultMono: number): void;
  /** More or fewer of an account's sockets are live, or wanted. */
  onState?(account: string, state: FeedState): void;
}

const noTicks: ReadonlyMap<number, number> = new Map();
/** How often sockets are looked at. */
const watchMs = 500;
/** No broker allows an account as many sockets; their numbers lie so far apart. */
export const socketsPerAccountMax = 16;
/** Sources of a store are numbered up to 65,535. */
const numberBaseMax = 64_992;

/** Accounts without a part of the subscription that are held ready all the same. */
export const standbyAccountsMax = 3;
/** What those subscribe, of the first targets: to see that they deliver, and as second sources. */
const observedMax = 50;

/**
 * The feeds of all accounts, as one: deals the targets to the carriers' sockets by the capacity
 * plan, and moves as little as can be when targets or accounts change. That another account is
 * to come first is a wish, and deals everything anew. A few of the accounts that carry nothing
 * observe the first targets. Sockets have numbers of their own across accounts.
 */
export class FeedPool {
  private readonly options: FeedPoolOptions;
  private members: Member[] = [];
  private readonly activities = new Map<Exchange, FeedActivity>();
  private targets: readonly FeedTarget[] = [];
  private store: QuoteStore | undefined;
  private plan: CapacityPlan = { places: new Map(), unplaced: [] };
  private socketByKey = new Map<ContractKey, number>();
  private observations: readonly Observation[] = [];
  private busy: readonly BusySocket[] = [];
  /** What the last switch or replacement has moved, or left without a socket. */
  private moved: ReadonlySet<ContractKey> = new Set();
  private readonly dark = new DarkPlaces();
  private readonly tally: FeedTally;
  private nextBase = 0;
  private watchTimer: Timer;

  constructor(options: FeedPoolOptions) {
    this.options = options;
    const present = (): FeedCounters[] => this.members.map(({ feed }) => feed.counters());
    this.tally = new FeedTally(options.clock, present);
    this.watchTimer = this.clock.after(watchMs, () => this.watch());
  }

  /** Packets applied by each account's sockets since they were made. */
  appliedByAccount(): ReadonlyMap<string, number> {
    return new Map(this.members.map(({ account, feed }) => [account.id, feed.counters().applied]));
  }

  /**
   * These accounts, in order, from now on carry the targets, those in reserve could take over, and
   * those that rest only wait until they are let in again. Answers with the sockets that carry
   * what another one, or none, carried before: what passed meanwhile is missing. `isWished`: the
   * first one is to carry first, wherever contracts lie now.
   */
  setAccounts(
    carriers: readonly PooledAccount[],
    reserve: readonly PooledAccount[] = [],
    resting: readonly PooledAccount[] = [],
    isWished = false,
  ): number[] {
    const before = this.members;
    const held = new Map(before.map((member) => [member.account.id, member]));
    const take = (role: MemberRole) => (account: PooledAccount): Member => {
      const member = held.get(account.id);
      held.delete(account.id);
      return { ...(member ? takeUp(member, account) : this.open(account)), role, observed: [] };
    };
    this.members = [
      ...carriers.map(take('carrier')),
      ...reserve.map(take('reserve')),
      ...resting.map(take('resting')),
    ];
    for (const member of held.values()) this.retire(member);
    const was = this.socketByKey;
    const isAnew = isWished || isReordered(before, this.members);
    const sockets = this.redeal(isAnew ? undefined : this.plan);
    this.moved = movedKeys(was, this.socketByKey);
    return sockets;
  }

  /**
   * Tells, whenever asked, when anything that the last switch or replacement has moved ticked at
   * its new place from now on, undefined while nothing has; undefined when it has moved nothing.
   */
  watchMoved(): (() => number | undefined) | undefined {
    const { moved } = this;
    if (moved.size === 0) return undefined;
    const sinceMono = this.clock.monoMs();
    return () => {
      const { store, socketByKey } = this;
      const own = this.targets.filter(({ key, slot }) =>
        moved.has(key) && store?.source[slot] === socketByKey.get(key));
      const ticksMono = own.map(({ slot }) => store?.touchedMonoMs[slot] ?? -Infinity);
      const firstMono = ticksMono.reduce(
        (first, mono) => (mono >= sinceMono && mono < first ? mono : first), Infinity);
      return firstMono < Infinity ? firstMono : undefined;
    };
  }

  /** An account was refused elsewhere than at its sockets: these rest as well; null: let in. */
  refuse(account: string, refusal: FeedRefusal | null): void {
    this.members.find((one) => one.account.id === account)?.feed.refuse(refusal);
  }

  /** What accounts can carry has changed: more of their brokers' tokens are known. */
  dealAnew(): void {
    const moved = this.redeal(this.plan);
    if (moved.length > 0) this.options.onRedealt?.(moved);
  }

  /**
   * Makes these targets the whole subscription, in order of priority, written to `store`. Answers
   * with those that no account has room for.
   */
  setTargets(targets: readonly FeedTarget[], store: QuoteStore): readonly FeedTarget[] {
    this.targets = targets;
    this.store = store;
    this.deal(store, this.plan);
    return this.unplaced();
  }

  /** These are the targets from the next deal on: the accounts that they fit come with it. */
  expectTargets(targets: readonly FeedTarget[]): void {
    this.targets = targets;
  }

  /** Targets that no account has room for, in order of priority. */
  unplaced(): readonly FeedTarget[] {
    const left = new Set(this.plan.unplaced);
    return left.size === 0 ? [] : this.targets.filter(({ key }) => left.has(key));
  }

  /** As of one account: see `AccountFeed`. */
  setActivity(exchange: Exchange, activity: FeedActivity): void {
    this.activities.set(exchange, activity);
    for (const { feed } of this.members) feed.setActivity(exchange, activity);
  }

  /** The socket that carries a contract, by its number; undefined when none does. */
  socketOf(key: ContractKey): number | undefined {
    return this.socketByKey.get(key);
  }

  isSocketLive(socket: number): boolean {
    return this.memberOf(socket)?.feed.isSocketLive(socket) ?? false;
  }

  /**
   * When a socket was last heard, by the monotonic clock: what it has brought in this epoch was so
   * then. Undefined while it does not deliver.
   */
  heard(socket: number): SocketHeard | undefined {
    return this.memberOf(socket)?.feed.heard(socket);
  }

  /** The account of a socket; undefined once it is gone. */
  accountOf(socket: number): PooledAccount | undefined {
    return this.memberOf(socket)?.account;
  }

  sockets(): PooledSocket[] {
    return socketsOf(this.members, new Set(this.socketByKey.values()));
  }

  loads(): AccountLoad[] {
    return loadsOf(this.members, this.plan);
  }

  /** Contracts that have a socket, and those that have none. */
  coverage(): { contracts: number; withoutFeed: number } {
    return { contracts: this.plan.places.size, withoutFeed: this.plan.unplaced.length };
  }

  counters(): FeedCounters {
    return this.tally.total();
  }

  /** Packets applied a second, over the time since it was asked before, a second at least. */
  appliedPerSecond(): number {
    return this.tally.appliedPerSecond();
  }

  /** Why each account's sockets do not try to connect, for those that do not. */
  parked(): { account: string; reason: string }[] {
    return this.members.flatMap(({ account, feed }) => {
      const reason = feed.parkedReason();
      return reason === null ? [] : [{ account: account.label, reason }];
    });
  }

  /** True when there is no account whose sockets try to connect. */
  isParked(): boolean {
    return this.members.every(({ feed }) => feed.parkedReason() !== null);
  }

  stop(): void {
    this.watchTimer.cancel();
    for (const { feed } of this.members) feed.stop();
  }

  /** One look a second at every socket there is. */
  private watch(): void {
    const peers = this.store ? peerTicks(this.observations, this.store) : noTicks;
    const busy = busyTicks(this.busy);
    for (const { feed } of this.members) {
      feed.watch((one) => Math.max(peers.get(one) ?? -Infinity, busy.get(one) ?? -Infinity));
    }
    const nowMono = this.clock.monoMs();
    const others = this.members.filter(({ account, feed }) =>
      this.dark.look(account.id, {
        dark: feed.darkPlaces(),
        nowMono,
        isSpare: (socket) => isSpare(this.planned(this.plan), { account: account.id, socket }),
      }));
    if (others.length > 0) this.dealAnew();
    this.watchTimer = this.clock.after(watchMs, () => this.watch());
  }

  private planned(previous: CapacityPlan | undefined): Planned {
    const { targets, members, dark } = this;
    return { targets, members, outOf: (account) => dark.outOf(account), previous };
  }

  private get clock(): Clock {
    return this.options.clock;
  }

  private memberOf(socket: number): Member | undefined {
    return this.members.find(
      ({ numberBase }) => socket > numberBase && socket <= numberBase + socketsPerAccountMax,
    );
  }

  private open(account: PooledAccount): Omit<Member, 'role' | 'observed'> {
    const { id } = account;
    const numberBase = this.freeBase();
    const feed: AccountFeed = createAccountFeed({
      ...this.options,
      ...account,
      numberBase,
      onRefused: (refusal) => this.options.onRefused?.(id, refusal),
      onState: () => this.options.onState?.(id, feed.state()),
      onReplaced: (reason, faultMono) => {
        const was = this.socketByKey;
        this.options.onRedealt?.(this.readSockets());
        const moved = movedKeys(was, this.socketByKey);
        // Who only observes has lost nothing.
        if (moved.size === 0) return;
        this.moved = moved;
        this.options.onReplaced?.(id, reason, faultMono);
      },
    });
    for (const [exchange, activity] of this.activities) feed.setActivity(exchange, activity);
    return { account, feed, numberBase };
  }

  /** The next one that no account has now. */
  private freeBase(): number {
    const isUsed = (base: number): boolean =>
      this.members.some(({ numberBase }) => numberBase === base);
    let base = this.nextBase;
    while (isUsed(base)) base = (base + socketsPerAccountMax) % numberBaseMax;
    this.nextBase = (base + socketsPerAccountMax) % numberBaseMax;
    return base;
  }

  private retire({ account, feed }: Member): void {
    this.tally.keep(feed.counters());
    this.dark.forget(account.id);
    feed.stop();
    this.options.onState?.(account.id, { wanted: 0, live: 0 });
  }

  /** Deals the same targets anew; answers with the sockets that have others. */
  private redeal(previous: CapacityPlan | undefined): number[] {
    if (!this.store) return [];
    const was = this.socketByKey;
    this.deal(this.store, previous);
    return movedSockets(was, this.socketByKey);
  }

  /** The same places, on other sockets; answers with those. */
  private readSockets(): number[] {
    const was = this.socketByKey;
    this.placed();
    return movedSockets(was, this.socketByKey);
  }

  private deal(store: QuoteStore, previous: CapacityPlan | undefined): void {
    this.plan = planMembers(this.planned(previous));
    const { log } = this.options;
    const sockets = targetsByPlace(this.targets, this.plan);
    let observers = 0;
    for (const member of this.members) {
      const { account, feed, role } = member;
      const carried = sockets.get(account.id);
      const isObserver = !carried && role !== 'resting' && observers < standbyAccountsMax;
      if (isObserver) observers++;
      const countMax = Math.min(observedMax, account.limits.instrumentsPerSocketMax);
      member.observed = isObserver ? firstFor(account, this.targets, countMax) : [];
      const observed = isObserver ? [member.observed] : [];
      const plan = (carried ?? observed).map((items) => namedBy(account, items));
      feed.setPlan(plan, { store, lookup: lookupOf(plan.flat(), account, log) });
    }
    this.placed();
  }

  /** Contracts lie at other sockets, or sockets at other places. */
  private placed(): void {
    this.socketByKey = this.socketsByKey();
    const carried = {
      socketOf: (key: ContractKey) => this.socketByKey.get(key),
      feedOf: (socket: number) => this.memberOf(socket)?.feed,
    };
    this.observations = observationsOf(this.members, carried);
    this.busy = busySockets(this.targets, carried.socketOf, carried.feedOf);
    if (this.store) this.moveOwners(this.store);
  }

  private socketsByKey(): Map<ContractKey, number> {
    const feeds = new Map(this.members.map(({ account, feed }) => [account.id, feed]));
    const numbers = new Map<ContractKey, number>();
    for (const [key, { account, socket }] of this.plan.places) {
      const number = feeds.get(account)?.socketAt(socket);
      if (number !== undefined) numbers.set(key, number);
    }
    return numbers;
  }

  /**
   * A contract that moves to another socket is that one's at once: not after a takeover, and what
   * the old socket still delivers must not take it back.
   */
  private moveOwners(store: QuoteStore): void {
    const now = this.clock.monoMs();
    for (const { key, slot } of this.targets) {
      const socket = this.socketOf(key);
      const owner = store.source[slot] ?? 0;
      if (owner !== 0 && socket !== undefined && owner !== socket) {
        store.assignOwner(slot, socket, now);
      }
    }
  }
}
