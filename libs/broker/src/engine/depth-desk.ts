import type { ContractKey, Exchange } from '@strikewire/contracts';
import type { Clock, Log, OpenSocket, Random, Timer } from '@strikewire/runtime';
import type { DepthFeed } from '../core/depth-protocol';
import type { InstrumentToken } from '../core/market-data-port';
import { ConnectionBudget } from './connection-budget';
import type { DataAccount } from './data-account';
import { DepthSocket, type FullBook } from './depth-socket';

/** An account as full books are asked of it. */
export type DepthAccount =
  Pick<DataAccount, 'id' | 'label' | 'broker' | 'instance' | 'depthConnections'>;

/** What full books are had through. */
export interface DepthDeskDeps {
  clock: Clock;
  random: Random;
  log: Log;
  openSocket: OpenSocket;
  /** The accounts that carry the data now, in order; asked again and again. */
  accounts(): readonly DepthAccount[];
  /** What an account's broker calls a contract; undefined while that is not known. */
  tokenOf(account: DepthAccount, key: ContractKey): InstrumentToken | undefined;
  isMarketOpen(exchange: Exchange): boolean;
  /** When the market feed last ticked with a contract, by the monotonic clock; -Infinity: never. */
  quoteMono(key: ContractKey): number;
}

/** A contract whose full book somebody looks at. */
export interface DepthContract {
  key: ContractKey;
  exchange: Exchange;
}

/** A full book, and whose account it came through. */
export interface DepthReading extends FullBook {
  broker: string;
  /** The account's name for people. */
  account: string;
  /** Which of the sockets there ever were: versions count within it. */
  socket: number;
}

/** How an account's depth socket is. */
export interface DepthStatus {
  /** Its id. */
  account: string;
  state: DepthSocket['status']['state'];
  reason: string | null;
  books: number;
  max: number;
}

interface Member {
  account: DepthAccount;
  feed: DepthFeed;
  socket: DepthSocket;
  number: number;
}

interface Lease extends DepthContract {
  member: Member;
  untilMono: number;
}

/** A book is let go of when nobody has read it for this long. */
export const depthLeaseMs = 30_000;
const watchMs = 1_000;

/**
 * Full books of the contracts that somebody looks at, from the accounts that carry the data. A
 * contract is subscribed when it is read, for as long as it is read every half minute. At most
 * fifty a time come from one account; there are none of what is over, nor of a contract that no
 * carrying account can deliver: five levels of everything come over the market feed all the same,
 * which nothing here touches.
 */
export class DepthDesk {
  private readonly deps: DepthDeskDeps;
  private members: Member[] = [];
  private readonly leases = new Map<ContractKey, Lease>();
  private sockets = 0;
  private timer: Timer | undefined;
  private isStopped = false;

  constructor(deps: DepthDeskDeps) {
    this.deps = deps;
  }

  /** The whole book of now, and for the next half minute it is wanted; undefined: there is none. */
  read(contract: DepthContract): DepthReading | undefined {
    if (this.isStopped || !this.deps.isMarketOpen(contract.exchange)) return undefined;
    this.takeAccounts();
    const lease = this.leaseOf(contract);
    if (!lease) return undefined;
    lease.untilMono = this.deps.clock.monoMs() + depthLeaseMs;
    this.timer ??= this.deps.clock.after(watchMs, () => this.look());
    const { socket, account: { broker, label }, number } = lease.member;
    const book = socket.read(contract.key);
    return book && { ...book, broker, account: label, socket: number };
  }

  /** The accounts that can deliver full books, in the order in which they are asked. */
  status(): DepthStatus[] {
    return this.members.map(({ account: { id }, socket }) => ({ account: id, ...socket.status }));
  }

  stop(): void {
    this.isStopped = true;
    this.timer?.cancel();
    this.leases.clear();
    for (const { socket } of this.members) socket.stop();
  }

  private leaseOf(contract: DepthContract): Lease | undefined {
    const { key, exchange } = contract;
    const held = this.leases.get(key);
    if (held && held.member.socket.status.state !== 'parked') return held;
    this.leases.delete(key);
    for (const member of this.members) {
      if (!member.feed.exchanges.includes(exchange)) continue;
      const token = this.deps.tokenOf(member.account, key);
      if (!token || !member.socket.want(key, token)) continue;
      const lease = { key, exchange, member, untilMono: -Infinity };
      this.leases.set(key, lease);
      return lease;
    }
    return undefined;
  }

  private look(): void {
    const { clock, isMarketOpen, quoteMono } = this.deps;
    this.timer = undefined;
    this.takeAccounts();
    const now = clock.monoMs();
    for (const lease of [...this.leases.values()]) {
      const { key, exchange, member, untilMono } = lease;
      if (now < untilMono && isMarketOpen(exchange)) {
        // An account that was refused meanwhile has let go of it: it goes to another one.
        const next = this.leaseOf(lease);
        if (next) next.untilMono = untilMono;
        continue;
      }
      this.leases.delete(key);
      member.socket.leave(key);
    }
    for (const { socket } of this.members) socket.watch(quoteMono);
    if (this.leases.size > 0) this.timer = clock.after(watchMs, () => this.look());
  }

  /** Follows who carries, and with which credentials; books of who is gone go to the others. */
  private takeAccounts(): void {
    const accounts = this.deps.accounts().filter(({ instance }) => isUsable(instance.depthFeed));
    const { members } = this;
    const isSame = accounts.length === members.length && accounts.every(
      ({ id, instance }, index) =>
        id === members[index]?.account.id && instance === members[index].account.instance,
    );
    if (isSame) return;
    const held = new Map(members.map((member) => [member.account.id, member]));
    this.members = accounts.map((account) => {
      const member = held.get(account.id);
      if (member?.account.instance !== account.instance) return this.open(account);
      held.delete(account.id);
      return { ...member, account };
    });
    for (const { socket } of held.values()) socket.stop();
    this.rehome();
  }

  private rehome(): void {
    for (const lease of [...this.leases.values()]) {
      const { socket } = lease.member;
      const member = this.members.find((one) => one.socket === socket);
      if (member) {
        lease.member = member;
        continue;
      }
      this.leases.delete(lease.key);
      const next = this.leaseOf(lease);
      if (next) next.untilMono = lease.untilMono;
    }
  }

  private open(account: DepthAccount): Member {
    const { clock, random, log, openSocket } = this.deps;
    const feed = account.instance.depthFeed as DepthFeed;
    const budget = account.depthConnections ?? new ConnectionBudget(clock, feed.limits);
    const socket = new DepthSocket({
      clock, random, log, openSocket, feed, budget,
      check: () => account.instance.check(),
    });
    return { account, feed, socket, number: ++this.sockets };
  }
}

/** Limits that cannot be are a fault of the plugin's: there are no full books then. */
function isUsable(feed: DepthFeed | undefined): boolean {
  const limits = feed?.limits as Partial<DepthFeed['limits']> | undefined;
  const isFrom = (least: number, value: number | undefined): boolean =>
    value !== undefined && Number.isInteger(value) && value >= least;
  return isFrom(1, limits?.instrumentsPerSocketMax) && isFrom(1, limits?.socketsMax) &&
    isFrom(0, limits?.lingerMs) && isFrom(0, limits?.throttledWaitMs) &&
    isFrom(1, limits?.silentMs);
}
