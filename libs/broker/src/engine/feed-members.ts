import type { CapacityPlan } from '../core/capacity-plan';
import type { PooledAccount } from './feed-dealing';
import type { AccountFeed, FeedTarget, NumberedSocket } from './feed-types';

/** A socket of the pool, whose it is, and what for. */
export interface PooledSocket extends NumberedSocket {
  account: string;
  /** It carries a part of the subscription, observes for an account in reserve, or stands by. */
  role: 'carrier' | 'observer' | 'standby';
  /** Instruments that its account's broker allows on one socket. */
  instrumentsMax: number;
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

/** An account of the pool, and what it is there for. */
export interface Member {
  account: PooledAccount;
  feed: AccountFeed;
  numberBase: number;
  role: MemberRole;
  /** What it subscribes though others carry it. */
  observed: readonly FeedTarget[];
}

/** What an account is for: it carries, could take over, or waits until it is let in again. */
export type MemberRole = 'carrier' | 'reserve' | 'resting';

/** Every socket; those in `carriers` carry a part of the subscription. */
export function socketsOf(
  members: readonly Member[],
  carriers: ReadonlySet<number>,
): PooledSocket[] {
  return members.flatMap(({ account, feed }) =>
    feed.sockets().map((socket): PooledSocket => {
      const other = socket.instruments > 0 ? 'observer' : 'standby';
      const role = carriers.has(socket.number) ? 'carrier' : other;
      const instrumentsMax = account.limits.instrumentsPerSocketMax;
      return { ...socket, account: account.label, role, instrumentsMax };
    }),
  );
}

/** What each account's sockets carry by the plan. */
export function loadsOf(members: readonly Member[], { places }: CapacityPlan): AccountLoad[] {
  return members.map(({ account }) => {
    const { socketsPlanned, socketsMax, instrumentsPerSocketMax } = account.limits;
    const sockets = new Array<number>(socketsPlanned).fill(0);
    for (const place of places.values()) {
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

/** The targets of each account's places, in their order of priority. */
export function targetsByPlace(
  targets: readonly FeedTarget[],
  { places }: CapacityPlan,
): Map<string, FeedTarget[][]> {
  const byAccount = new Map<string, FeedTarget[][]>();
  for (const target of targets) {
    const place = places.get(target.key);
    if (!place) continue;
    const sockets = byAccount.get(place.account) ?? [];
    byAccount.set(place.account, sockets);
    while (sockets.length <= place.socket) sockets.push([]);
    sockets[place.socket]?.push(target);
  }
  return byAccount;
}

/** The same member, by what its account is now. */
export function takeUp(member: Member, account: PooledAccount): Member {
  const { instance, connections } = member.account;
  if (instance !== account.instance || connections !== account.connections) {
    member.feed.changeAccount(account);
  }
  return { ...member, account };
}

/**
 * Another account comes first, though the one that did still carries: that is wished for. One that
 * only takes its place again after it was out gets what has none.
 */
export function isReordered(
  before: readonly Member[],
  [first, ...rest]: readonly Member[],
): boolean {
  const former = before[0]?.account.id;
  const isThere = rest.some(({ account, role }) => account.id === former && role === 'carrier');
  const known = before.find(({ account }) => account.id === first?.account.id);
  return isThere && (known === undefined || known.role === 'carrier');
}
