import { planCapacity, type CapacityPlan, type PlanAccount } from '../core/capacity-plan';
import { planAccount } from './feed-dealing';
import type { Member } from './feed-members';
import type { FeedTarget } from './feed-types';

/** A socket by its account, and its place in the plan. */
export interface PlannedSocket {
  account: string;
  socket: number;
}

/** What a plan is made of. */
export interface Planned {
  /** In order of priority. */
  targets: readonly FeedTarget[];
  members: readonly Member[];
  /** Sockets of an account that are to carry nothing now. */
  outOf(account: string): ReadonlySet<number>;
  /** Where targets lie now; undefined: everything is dealt anew. */
  previous: CapacityPlan | undefined;
}

/**
 * Deals targets to the carriers. While a socket of theirs is to carry nothing, and what it carried
 * finds no room with them, accounts in reserve that deliver carry the rest.
 */
export function planMembers({ targets, members, outOf, previous }: Planned): CapacityPlan {
  const accountsOf = (some: readonly Member[]): PlanAccount[] =>
    some.map(({ account }) => planAccount(account, outOf(account.id)));
  const carriers = accountsOf(members.filter(({ role }) => role === 'carrier'));
  const plan = planCapacity(targets, carriers, previous?.places);
  const isShort = carriers.some(({ without }) => without !== undefined);
  if (plan.unplaced.length === 0 || !isShort) return plan;
  const helpers = members.filter(({ role, feed }) => role === 'reserve' && feed.state().live > 0);
  return planCapacity(targets, [...carriers, ...accountsOf(helpers)], previous?.places);
}

/** Whether as much would be carried without a socket that carries something now. */
export function isSpare(planned: Planned, { account, socket }: PlannedSocket): boolean {
  const outOf = (id: string): ReadonlySet<number> =>
    new Set([...planned.outOf(id), ...(id === account ? [socket] : [])]);
  const { unplaced } = planMembers({ ...planned, outOf });
  return unplaced.length <= (planned.previous?.unplaced.length ?? 0);
}
