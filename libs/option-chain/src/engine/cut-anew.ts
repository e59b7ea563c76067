import type { InstrumentTable } from '@strikewire/broker';
import type { UnderlyingRef } from '@strikewire/contracts';
import { buildSkeleton, type ChainAnswer, type Skeleton } from '../core/skeleton';
import { isSameWindow, recutAnswer } from '../core/window-change';
import {
  settleUnderlying,
  type DayPlan,
  type PlannedChain,
  type PlannedUnderlying,
} from './day-plan';
import { chainKey } from './live-chain';

/** A chain to be cut anew, and what the broker has answered. */
export interface RefreshedChain {
  underlying: PlannedUnderlying;
  planned: PlannedChain;
  answer: ChainAnswer;
}

/** What came of it. */
export interface CutReport {
  /** Chains that have another window now. */
  changed: number;
  failed: { chain: string; reason: string }[];
}

/** What chains are cut with. */
export interface CutAnewInput {
  plan: DayPlan;
  /** Spots in paise, by underlying. */
  prices: ReadonlyMap<string, number>;
  /** By the broker that has answered. */
  instruments: ReadonlyMap<string, InstrumentTable>;
  asOfMs: number;
  /** Stores a skeleton; `isFirst`: the chain had none. */
  store(skeleton: Skeleton, isFirst: boolean): void;
}

/** Cuts chains anew around the price of now, into the plan; what fails keeps what it has. */
export function cutAnew(refreshed: readonly RefreshedChain[], input: CutAnewInput): CutReport {
  const report: CutReport = { changed: 0, failed: [] };
  for (const asked of refreshed) {
    const one = inPlan(input.plan, asked);
    if (!one) {
      const chain = chainKey(asked.underlying.row, asked.planned.expiry);
      report.failed.push({ chain, reason: 'it is kept no more' });
      continue;
    }
    const { underlying, planned, answer } = one;
    const outcome = cutOf(one, input);
    if ('reason' in outcome) {
      const chain = chainKey(underlying.row, planned.expiry);
      report.failed.push({ chain, reason: outcome.reason });
      continue;
    }
    const { skeleton } = outcome;
    const before = planned.skeleton;
    if (before && isSameWindow(before, skeleton)) continue;
    report.changed++;
    // What the old window has is held already, and perhaps newer by now.
    const added = recutAnswer(answer, before, 0);
    Object.assign(planned, { state: 'built', reason: null, skeleton, answer: added });
    settleUnderlying(underlying);
    input.store(skeleton, before === null);
  }
  return report;
}

/** The same chain in the plan of now: another build may have begun, a rollover let go of it. */
function inPlan(plan: DayPlan, asked: RefreshedChain): RefreshedChain | undefined {
  const underlying = plan.underlyings.find(({ key }) => key === asked.underlying.key);
  const planned = underlying?.chains.find(({ expiry }) => expiry === asked.planned.expiry);
  return underlying && planned && { ...asked, underlying, planned };
}

function cutOf(
  { underlying, planned, answer }: RefreshedChain,
  { prices, instruments, asOfMs }: CutAnewInput,
): ReturnType<typeof buildSkeleton> {
  const { row, key } = underlying;
  const { expiry, class: expiryClass } = planned;
  const ltpPaise = prices.get(key);
  const master = instruments.get(answer.broker);
  if (!master) return { reason: `the instruments of ${answer.broker} could not be read` };
  if (ltpPaise === undefined) {
    return { reason: 'no LTP: neither a tick nor the quote API has one' };
  }
  return buildSkeleton({
    row, expiry, expiryClass, chain: answer, ltpPaise, asOfMs, instruments: master,
  });
}

/** Spots in paise: of the feed, else of one request for all that it has not. */
export async function pricesOf(
  refreshed: readonly RefreshedChain[],
  from: {
    fed(key: string): number | undefined;
    quoted(underlyings: readonly UnderlyingRef[]): Promise<ReadonlyMap<string, number>>;
  },
): Promise<ReadonlyMap<string, number>> {
  const prices = new Map<string, number>();
  const silent = new Map<string, UnderlyingRef>();
  for (const { underlying: { key, row } } of refreshed) {
    const fedPaise = from.fed(key);
    if (fedPaise !== undefined) prices.set(key, fedPaise);
    else silent.set(key, row);
  }
  if (silent.size === 0) return prices;
  // Without them the others are cut all the same.
  const quoted = await from.quoted([...silent.values()]).catch(() => new Map<string, number>());
  for (const key of silent.keys()) {
    const ltpPaise = quoted.get(key);
    if (ltpPaise !== undefined) prices.set(key, ltpPaise);
  }
  return prices;
}
