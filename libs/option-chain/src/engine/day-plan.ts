import type { InstrumentToken, ListedUnderlying } from '@strikewire/broker';
import {
  underlyingKey,
  type ContractKey,
  type Exchange,
  type UniverseRow,
} from '@strikewire/contracts';
import type { ClassedExpiry } from '../core/expiry-rules';
import type { ChainAnswer, Skeleton } from '../core/skeleton';
import { renameSkeleton } from '../core/skeleton-names';
import { chainOrder, type ResolvedUnderlying } from '../core/universe';
import { chainKey } from './live-chain';
import type { RefreshTarget } from './refresh-runner';

export type BuildState = 'pending' | 'built' | 'not_built';

/** One chain that the day's plan wants. */
export interface PlannedChain extends ClassedExpiry {
  state: BuildState;
  /** Why it is not built, in plain words. */
  reason: string | null;
  skeleton: Skeleton | null;
  /** The REST answer it was built from, until its figures are in a store. */
  answer: ChainAnswer | null;
  /** The whole answer, from a build before the open until the cut at the open. */
  held: ChainAnswer | null;
}

/** One underlying of the day's plan. */
export interface PlannedUnderlying {
  row: UniverseRow;
  key: string;
  /** The day that its chains are of; an exchange that does not trade keeps the one before. */
  tradingDay: string;
  /**
   * The open that has come on its day (epoch ms), and whether all that it cuts is cut; null before
   * it. Whatever the hours become, it is not moved, nor made up for once more.
   */
  opened: { openMs: number; isCut: boolean } | null;
  /** What a broker calls it, the one at home if it can; null when it is listed nowhere. */
  broker: ListedUnderlying | null;
  /** Its place in the universe. */
  place: number;
  state: BuildState;
  reason: string | null;
  listed: readonly ClassedExpiry[];
  fetchedMs: number | null;
  chains: PlannedChain[];
}

/** The day's plan: what is wanted and how far it is. */
export interface DayPlan {
  underlyings: PlannedUnderlying[];
}

/** A plan in which nothing is known yet but what the broker calls each underlying. */
export function emptyPlan(
  universe: readonly ResolvedUnderlying[],
  known: {
    tradingDayOf(exchange: Exchange): string;
    /** Why nothing can be asked. */
    missing?: string | undefined;
  },
): DayPlan {
  const underlyings = universe.map(({ row, listed }, place): PlannedUnderlying => {
    const unknown = known.missing ?? 'the broker does not list this underlying';
    return {
      row,
      key: underlyingKey(row),
      tradingDay: known.tradingDayOf(row.exchange),
      opened: null,
      broker: listed,
      place,
      state: listed ? 'pending' : 'not_built',
      reason: listed ? null : unknown,
      listed: [],
      fetchedMs: null,
      chains: [],
    };
  });
  return { underlyings };
}

/** The place of one of its chains, or of its list (null), in all that is done by priority. */
export function orderOf(underlying: PlannedUnderlying, expiry: string | null): number {
  const { row, place, chains } = underlying;
  const at = expiry === null ? -1 : chains.findIndex((one) => one.expiry === expiry);
  return chainOrder(row.kind, { underlying: place, expiry: at });
}

/** A wanted chain of which nothing is known yet. */
export function pendingChain(expiry: ClassedExpiry): PlannedChain {
  return { ...expiry, state: 'pending', reason: null, skeleton: null, answer: null, held: null };
}

/**
 * Takes over what another day's plan has built, so that it is served until it is built anew.
 * Nothing is taken for an underlying that has chains of its own.
 */
export function carryOver(
  plan: DayPlan,
  previous: DayPlan,
  isCurrent: (row: UniverseRow, expiry: string) => boolean,
): void {
  for (const underlying of plan.underlyings) {
    const before = previous.underlyings.find(({ key }) => key === underlying.key);
    if (!before || underlying.chains.length > 0) continue;
    underlying.chains = before.chains
      .filter(({ skeleton, expiry }) => skeleton && isCurrent(underlying.row, expiry))
      .map((chain) => ({ ...pendingChain(chain), skeleton: chain.skeleton }));
  }
}

/**
 * Takes over all that is known of underlyings whose day goes on, whatever is stored of it: nothing
 * is cut anew because accounts have changed, or because a database is behind. A day that was
 * closed halfway goes on as well, up to `today`: the windows of the day before do not come back.
 */
export function resumeDay(plan: DayPlan, previous: DayPlan, today: string): void {
  for (const underlying of plan.underlyings) {
    const before = previous.underlyings.find(({ key }) => key === underlying.key);
    if (!before || before.chains.length === 0) continue;
    // What another broker has listed does not go because the one at home now does not.
    underlying.broker ??= before.broker;
    if (!underlying.broker) continue;
    const { listed, fetchedMs, tradingDay, opened } = before;
    if (tradingDay < underlying.tradingDay || tradingDay > today) continue;
    // Whoever still works on the plan of before changes nothing here.
    const chains = before.chains.map((chain) => ({ ...chain }));
    Object.assign(underlying, { listed, fetchedMs, tradingDay, opened, chains });
    settleUnderlying(underlying);
    if (listed.length === 0) underlying.state = 'pending';
  }
}

/** Takes over, whole, the underlyings whose day goes on. */
export function keepDay(plan: DayPlan, previous: DayPlan): void {
  plan.underlyings = plan.underlyings.map((underlying) => {
    const { key, tradingDay } = underlying;
    const before = previous.underlyings.find((one) => one.key === key);
    return before?.tradingDay === tradingDay ? before : underlying;
  });
}

/** Lets go of chains that are over; their underlyings are to be listed anew. Answers with those. */
export function letGo(
  plan: DayPlan,
  isOver: (row: UniverseRow, expiry: string) => boolean,
): { row: UniverseRow; chain: PlannedChain }[] {
  return plan.underlyings.flatMap((underlying) => {
    const { row, chains } = underlying;
    const over = chains.filter(({ expiry }) => isOver(row, expiry));
    if (over.length === 0) return [];
    underlying.chains = chains.filter((one) => !over.includes(one));
    underlying.listed = [];
    underlying.state = 'pending';
    return over.map((chain) => ({ row, chain }));
  });
}

/** An underlying is built when every chain is; not built when nothing of it is and some failed. */
export function settleUnderlying(underlying: PlannedUnderlying): void {
  const { chains } = underlying;
  if (chains.length === 0) return;
  if (chains.every((chain) => chain.state === 'built')) {
    underlying.state = 'built';
    underlying.reason = null;
    return;
  }
  const failed = chains.filter((chain) => chain.state === 'not_built');
  underlying.state = chains.some((chain) => chain.state === 'built') ? 'built' : 'pending';
  if (failed.length === chains.length) underlying.state = 'not_built';
  const first = failed[0];
  underlying.reason = first
    ? `${failed.length} of ${chains.length} chains are not built; ${first.expiry}: ${first.reason}`
    : null;
}

/**
 * Chains that were built under other brokers' tokens get those of this one, as far as all of a
 * chain's are known; answers with what has changed.
 */
export function renamePlan(
  plan: DayPlan,
  broker: string,
  tokenOf: (key: ContractKey) => InstrumentToken | undefined,
): Skeleton[] {
  return plan.underlyings.flatMap(({ chains }) => chains).flatMap((planned) => {
    const { skeleton } = planned;
    if (!skeleton || skeleton.broker === broker) return [];
    const renamed = renameSkeleton(skeleton, broker, tokenOf);
    if (renamed) planned.skeleton = renamed;
    return renamed ?? [];
  });
}

/** All skeletons that are built, in order of priority. */
export function builtSkeletons(plan: DayPlan): Skeleton[] {
  return plan.underlyings
    .flatMap((underlying) =>
      underlying.chains.flatMap(({ skeleton, expiry }) =>
        skeleton ? [{ skeleton, order: orderOf(underlying, expiry) }] : [],
      ),
    )
    .sort((a, b) => a.order - b.order)
    .map(({ skeleton }) => skeleton);
}

/** The spots that are subscribed, whether or not their chains are built. */
export function plannedSpots(
  plan: DayPlan,
): (Pick<UniverseRow, 'exchange' | 'symbol'> & { token: InstrumentToken })[] {
  const seen = new Set<string>();
  return plan.underlyings.flatMap(({ row, key, broker }) => {
    const token = broker?.spot;
    if (!token || seen.has(key)) return [];
    seen.add(key);
    return [{ exchange: row.exchange, symbol: row.symbol, token }];
  });
}

/** Everything that is asked for of the plan's built chains; of these keys alone when given. */
export function refreshTargets(plan: DayPlan, keys?: ReadonlySet<string>): RefreshTarget[] {
  return plan.underlyings.flatMap((underlying) => {
    const { broker, row, chains } = underlying;
    if (!broker) return [];
    return chains
      .filter(({ skeleton, expiry }) => skeleton && (!keys || keys.has(chainKey(row, expiry))))
      .map(({ expiry }) => ({ listed: broker, expiry, order: orderOf(underlying, expiry) }));
  });
}
