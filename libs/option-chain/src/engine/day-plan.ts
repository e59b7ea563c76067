import { tokenKey, type BrokerChain, type InstrumentToken } from '@strikewire/broker';
import { indiaDateOf, indiaInstant, underlyingKey } from '@strikewire/contracts';
import type { ClassedExpiry } from '../core/expiry-rules';
import type { Skeleton } from '../core/skeleton';
import type { UniverseRow } from '../core/universe';

/** Chains are built anew from this minute of the day in India (09:00). */
const buildMinutes = 9 * 60;

/** When a trading day's chains are built, epoch ms. */
export function buildStartMs(tradingDay: string): number {
  return indiaInstant(tradingDay, buildMinutes);
}

/** The trading day of an instant: it changes at 09:00 in India, when chains are built anew. */
export function tradingDayOf(atMs: number): string {
  return indiaDateOf(atMs - buildMinutes * 60_000);
}

/** The day after, whatever day that is. */
export function nextTradingDay(tradingDay: string): string {
  return indiaDateOf(indiaInstant(tradingDay, 36 * 60));
}

export type BuildState = 'pending' | 'built' | 'not_built';

/** One chain that the day's plan wants. */
export interface PlannedChain extends ClassedExpiry {
  state: BuildState;
  /** Why it is not built, in plain words. */
  reason: string | null;
  skeleton: Skeleton | null;
  /** The REST answer it was built from, until its figures are in a store. */
  answer: BrokerChain | null;
  /** The whole answer, from a build before the open until the cut at the open. */
  held: BrokerChain | null;
}

/** One underlying of the day's plan. */
export interface PlannedUnderlying {
  row: UniverseRow;
  key: string;
  token: InstrumentToken | null;
  state: BuildState;
  reason: string | null;
  listed: readonly ClassedExpiry[];
  fetchedMs: number | null;
  chains: PlannedChain[];
}

/** The day's plan: what is wanted and how far it is. */
export interface DayPlan {
  tradingDay: string;
  underlyings: PlannedUnderlying[];
}

/** A plan in which nothing is known yet. */
export function emptyPlan(
  tradingDay: string,
  universe: readonly UniverseRow[],
  broker: {
    spotToken(row: UniverseRow): InstrumentToken | undefined;
    /** Why nothing can be asked. */
    missing?: string | undefined;
  },
): DayPlan {
  const underlyings = universe.map((row): PlannedUnderlying => {
    const token = broker.spotToken(row) ?? null;
    const unknown = broker.missing ?? 'the broker does not know this underlying';
    return {
      row,
      key: underlyingKey(row),
      token,
      state: token ? 'pending' : 'not_built',
      reason: token ? null : unknown,
      listed: [],
      fetchedMs: null,
      chains: [],
    };
  });
  return { tradingDay, underlyings };
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

/** All skeletons that are built, in the plan's order of priority. */
export function builtSkeletons(plan: DayPlan): Skeleton[] {
  return plan.underlyings.flatMap(({ chains }) =>
    chains.flatMap(({ skeleton }) => (skeleton ? [skeleton] : [])),
  );
}

/** The spots that are subscribed, whether or not their chains are built. */
export function plannedSpots(
  plan: DayPlan,
): (Pick<UniverseRow, 'exchange' | 'symbol'> & { token: InstrumentToken })[] {
  const seen = new Set<string>();
  return plan.underlyings.flatMap(({ row, token }) => {
    if (!token || seen.has(tokenKey(token))) return [];
    seen.add(tokenKey(token));
    return [{ exchange: row.exchange, symbol: row.symbol, token }];
  });
}
