import type { ContractKey } from '@strikewire/contracts';
import type { MarginEstimate } from './margin-estimate';
import { isOption, underlyingOf, type MarginPosition } from './margin-position';

/** What an order changes, and what it would do to the margin. */
export interface RiskQuestion {
  held: readonly MarginPosition[];
  intended: readonly MarginPosition[];
  /** Null: there is none. */
  before: MarginEstimate | null;
  after: MarginEstimate | null;
}

/**
 * Whether an order takes risk away: each line only shrinks what is held of its contract, and
 * neither the blocked margin nor the worst loss of the scenarios rises. So to sell the hedge of a
 * sold option is none, although its quantity shrinks. Without estimates it has to be plain from
 * the quantities alone: sold options are bought back, all is closed in one proportion, or nothing
 * but bought options is left.
 */
export function isRiskReducing({ held, intended, before, after }: RiskQuestion): boolean {
  const now = quantities(held);
  const change = [...quantities(intended)].filter(([, quantity]) => quantity !== 0);
  if (change.length === 0) return false;
  const isShrinking = change.every(([key, quantity]) => shrinks(now.get(key) ?? 0, quantity));
  if (!isShrinking) return false;
  if (before && after) {
    return after.marginPaise <= before.marginPaise && worstLoss(after) <= worstLoss(before);
  }
  const touched = new Set(intended.map(underlyingOf));
  return [...touched].every((underlying) => {
    const isOfIt = (one: MarginPosition): boolean => underlyingOf(one) === underlying;
    return isPlainlyLess(held.filter(isOfIt), quantities(intended.filter(isOfIt)));
  });
}

function worstLoss({ byUnderlying }: MarginEstimate): number {
  return byUnderlying.reduce((sum, one) => sum + one.scanPaise, 0);
}

/** Of one underlying. */
function isPlainlyLess(
  held: readonly MarginPosition[],
  change: ReadonlyMap<ContractKey, number>,
): boolean {
  const now = quantities(held);
  const left = held.filter((one) => (now.get(one.key) ?? 0) + (change.get(one.key) ?? 0) !== 0);
  const isBoughtLeft = left.every((one) => isOption(one) && (now.get(one.key) ?? 0) > 0);
  const isBuyBack = held.every((one) => !change.get(one.key) || isSoldOption(one, now));
  const shares = new Set([...now].map(([key, quantity]) => (change.get(key) ?? 0) / quantity));
  return isBoughtLeft || isBuyBack || shares.size === 1;
}

function isSoldOption(one: MarginPosition, now: ReadonlyMap<ContractKey, number>): boolean {
  return isOption(one) && (now.get(one.key) ?? 0) < 0;
}

function shrinks(held: number, change: number): boolean {
  return held * change < 0 && Math.abs(change) <= Math.abs(held);
}

function quantities(positions: readonly MarginPosition[]): Map<ContractKey, number> {
  const sums = new Map<ContractKey, number>();
  for (const { key, quantity } of positions) sums.set(key, (sums.get(key) ?? 0) + quantity);
  for (const [key, quantity] of sums) if (quantity === 0) sums.delete(key);
  return sums;
}
