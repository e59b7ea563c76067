import type { Exchange } from '@strikewire/contracts';
import { SlotIndex, type QuoteStore } from '@strikewire/market-data';
import type { Clock } from '@strikewire/runtime';
import { planCapacity, type CapacityPlan } from '../core/capacity-plan';
import type { FeedLimits } from '../core/feed-protocol';
import { tokenKey, type InstrumentToken } from '../core/market-data-port';
import {
  createAccountFeed,
  type AccountFeed,
  type AccountFeedOptions,
  type FeedAccount,
  type FeedActivity,
  type FeedCounters,
  type FeedTarget,
  type NumberedSocket,
} from './account-feed';

/** An account that may carry a part of the subscription. */
export interface PooledAccount extends FeedAccount {
  id: string;
  /** Its name for people. */
  label: string;
  limits: FeedLimits;
  exchanges?: readonly Exchange[];
}

/** What all accounts' feeds share. */
export interface FeedPoolOptions extends Omit<
  AccountFeedOptions,
  keyof FeedAccount | 'limits' | 'numberBase' | 'onParked'
> {
  /**
   * The same targets were dealt anew, because an account was refused or let in again; these
   * sockets carry what another one, or none, carried before.
   */
  onRedealt?(sockets: readonly number[]): void;
}

/** A socket of the pool, and whose it is. */
export interface PooledSocket extends NumberedSocket {
  account: string;
}

/** What an account's sockets carry and could carry. */
export interface AccountLoad {
  id: string;
  label: string;
  planned: number;
  capacity: number;
  /** Instruments on each socket that the plan fills, and the most that one may have. */
  sockets: readonly number[];
  instrumentsPerSocketMax: number;
  /** Sockets that the account may have beyond those, kept for replacing a lost one. */
  standby: number;
}

/** A rate is taken over at least this long. */
const rateWindowMs = 1_000;
/** No broker allows an account as many sockets; their numbers lie so far apart. */
const numbersPerAccount = 16;
/** Sources of a store are numbered up to 65,535. */
const numberBaseMax = 64_992;

interface Member {
  account: PooledAccount;
  feed: AccountFeed;
  numberBase: number;
}

/**
 * The feeds of all accounts, as one: deals the targets to accounts and sockets by the capacity
 * plan, and moves as little as can be when targets or accounts change. That another account is
 * to come first is a wish, and deals everything anew. Sockets have numbers of their own across
 * accounts.
 */
export class FeedPool {
  private readonly options: FeedPoolOptions;
  private members: Member[] = [];
  private readonly activities = new Map<Exchange, FeedActivity>();
  private targets: readonly FeedTarget[] = [];
  private store: QuoteStore | undefined;
  private plan: CapacityPlan = { places: new Map(), unplaced: [] };
  private socketByToken = new Map<string, number>();
  /** Of accounts that are gone. */
  private readonly past: FeedCounters = {
    applied: 0, behind: 0, unknownInstrument: 0, malformed: 0,
  };
  private nextBase = 0;
  private rate: { fromMono: number; fromApplied: number; perSecond: number };

  constructor(options: FeedPoolOptions) {
    this.options = options;
    this.rate = { fromMono: options.clock.monoMs(), fromApplied: 0, perSecond: 0 };
  }

  /**
   * These accounts, in order, from now on carry the targets. Answers with the sockets that carry
   * what another one, or none, carried before: what passed meanwhile is missing.
   */
  setAccounts(accounts: readonly PooledAccount[]): number[] {
    const before = this.members;
    const held = new Map(before.map((member) => [member.account.id, member]));
    this.members = accounts.map((account) => {
      const member = held.get(account.id);
      held.delete(account.id);
      return member ? takeUp(member, account) : this.open(account);
    });
    for (const member of held.values()) this.retire(member);
    return this.redeal(isReordered(before, this.members) ? undefined : this.plan);
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

  /** Targets that no account has room for, in order of priority. */
  unplaced(): readonly FeedTarget[] {
    const left = new Set(this.plan.unplaced);
    return left.size === 0 ? [] : this.targets.filter(({ token }) => left.has(tokenKey(token)));
  }

  /** As of one account: see `AccountFeed`. */
  setActivity(exchange: Exchange, activity: FeedActivity): void {
    this.activities.set(exchange, activity);
    for (const { feed } of this.members) feed.setActivity(exchange, activity);
  }

  /** The socket that carries a token, by its number; undefined when none does. */
  socketOf(token: InstrumentToken): number | undefined {
    return this.socketByToken.get(tokenKey(token));
  }

  isSocketLive(socket: number): boolean {
    return this.memberOf(socket)?.feed.isSocketLive(socket) ?? false;
  }

  /** The account of a socket; undefined once it is gone. */
  accountOf(socket: number): PooledAccount | undefined {
    return this.memberOf(socket)?.account;
  }

  sockets(): PooledSocket[] {
    return this.members.flatMap(({ account, feed }) =>
      feed.sockets().map((socket) => ({ ...socket, account: account.label })),
    );
  }

  loads(): AccountLoad[] {
    return this.members.map(({ account }) => {
      const { socketsPlanned, socketsMax, instrumentsPerSocketMax } = account.limits;
      const sockets = new Array<number>(socketsPlanned).fill(0);
      for (const place of this.plan.places.values()) {
        if (place.account === account.id) sockets[place.socket] = (sockets[place.socket] ?? 0) + 1;
      }
      return {
        id: account.id,
        label: account.label,
        planned: sockets.reduce((sum, one) => sum + one, 0),
        capacity: socketsPlanned * instrumentsPerSocketMax,
        sockets,
        instrumentsPerSocketMax,
        standby: socketsMax - socketsPlanned,
      };
    });
  }

  counters(): FeedCounters {
    const total = { ...this.past };
    for (const { feed } of this.members) addTo(total, feed.counters());
    return total;
  }

  /** Packets applied a second, over the time since it was asked before, a second at least. */
  appliedPerSecond(): number {
    const { fromMono, fromApplied, perSecond } = this.rate;
    const nowMono = this.clock.monoMs();
    const elapsedMs = nowMono - fromMono;
    if (elapsedMs < rateWindowMs) return perSecond;
    const { applied } = this.counters();
    const measured = Math.round(((applied - fromApplied) / elapsedMs) * 1_000);
    this.rate = { fromMono: nowMono, fromApplied: applied, perSecond: measured };
    return measured;
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
    for (const { feed } of this.members) feed.stop();
  }

  private get clock(): Clock {
    return this.options.clock;
  }

  private memberOf(socket: number): Member | undefined {
    return this.members.find(
      ({ numberBase }) => socket > numberBase && socket <= numberBase + numbersPerAccount,
    );
  }

  private open(account: PooledAccount): Member {
    const numberBase = this.nextBase;
    this.nextBase = (this.nextBase + numbersPerAccount) % numberBaseMax;
    const onParked = (): void => {
      // With one account there is nothing to deal: its sockets wait where they are.
      if (this.members.length > 1) this.options.onRedealt?.(this.redeal(this.plan));
    };
    const feed = createAccountFeed({ ...this.options, ...account, numberBase, onParked });
    for (const [exchange, activity] of this.activities) feed.setActivity(exchange, activity);
    return { account, feed, numberBase };
  }

  private retire({ feed }: Member): void {
    addTo(this.past, feed.counters());
    feed.stop();
  }

  /** Deals the same targets anew; answers with the sockets that have others. */
  private redeal(previous: CapacityPlan | undefined): number[] {
    if (!this.store) return [];
    const was = this.socketByToken;
    this.deal(this.store, previous);
    const moved = [...this.socketByToken].filter(([token, socket]) => was.get(token) !== socket);
    return [...new Set(moved.map(([, socket]) => socket))];
  }

  /** What a refused account carried goes to the others, as far as they have room. */
  private usable(): readonly Member[] {
    const letIn = this.members.filter(({ feed }) => feed.parkedReason() === null);
    return letIn.length > 0 ? letIn : this.members;
  }

  private deal(store: QuoteStore, previous: CapacityPlan | undefined): void {
    const accounts = this.usable().map(({ account: { id, limits, exchanges } }) => ({
      id,
      socketsPlanned: limits.socketsPlanned,
      instrumentsPerSocketMax: limits.instrumentsPerSocketMax,
      ...(exchanges && { exchanges }),
    }));
    const items = this.targets.map(({ token, exchange }) => ({ key: tokenKey(token), exchange }));
    this.plan = planCapacity(items, accounts, previous?.places);
    const sockets = this.dealt();
    this.moveOwners(store);
    for (const member of this.members) {
      const { account, feed } = member;
      const carried = sockets.get(account.id) ?? [];
      feed.setPlan(carried, { store, lookup: lookupOf(carried.flat(), account) });
    }
  }

  /** The targets of each account's sockets, in their order of priority. */
  private dealt(): Map<string, FeedTarget[][]> {
    const byAccount = new Map<string, FeedTarget[][]>();
    const bases = new Map(this.members.map(({ account, numberBase }) => [account.id, numberBase]));
    this.socketByToken = new Map();
    for (const target of this.targets) {
      const key = tokenKey(target.token);
      const place = this.plan.places.get(key);
      if (!place) continue;
      const sockets = byAccount.get(place.account) ?? [];
      byAccount.set(place.account, sockets);
      while (sockets.length <= place.socket) sockets.push([]);
      sockets[place.socket]?.push(target);
      this.socketByToken.set(key, (bases.get(place.account) ?? 0) + place.socket + 1);
    }
    return byAccount;
  }

  /**
   * A contract that moves to another socket is that one's at once: not after a takeover, and what
   * the old socket still delivers must not take it back.
   */
  private moveOwners(store: QuoteStore): void {
    const now = this.clock.monoMs();
    for (const { token, slot } of this.targets) {
      const socket = this.socketOf(token);
      const owner = store.source[slot] ?? 0;
      if (owner !== 0 && socket !== undefined && owner !== socket) {
        store.assignOwner(slot, socket, now);
      }
    }
  }
}

function takeUp(member: Member, account: PooledAccount): Member {
  const { instance, connections } = member.account;
  if (instance !== account.instance || connections !== account.connections) {
    member.feed.changeAccount(account);
  }
  return { ...member, account };
}

/** Another account comes first, though the one that did is still there: that is wished for. */
function isReordered(before: readonly Member[], after: readonly Member[]): boolean {
  const former = before[0]?.account.id;
  const isThere = after.some(({ account }) => account.id === former);
  return isThere && after[0]?.account.id !== former;
}

function lookupOf(targets: readonly FeedTarget[], { instance }: FeedAccount): SlotIndex {
  const index = new SlotIndex(Math.max(1, targets.length));
  for (const { token, slot } of targets) {
    const { segment, id } = instance.feed.wireId(token);
    index.set(segment, id, slot);
  }
  return index;
}

function addTo(total: FeedCounters, counters: FeedCounters): void {
  total.applied += counters.applied;
  total.behind += counters.behind;
  total.unknownInstrument += counters.unknownInstrument;
  total.malformed += counters.malformed;
}
