import { underlyingKey, type UniverseRow } from '@strikewire/contracts';
import { selectExpiries, type ClassedExpiry } from './expiry-rules';
import type { Skeleton } from './skeleton';
import type { ResolvedUnderlying } from './universe';
import { windowSize } from './universe-preview';

/** An underlying as it is planned now. */
export interface ServedUnderlying {
  row: UniverseRow;
  /** Its expiries, ascending; empty before its list was read. */
  listed: readonly ClassedExpiry[];
  chains: readonly { expiry: string; skeleton: Skeleton | null }[];
}

/**
 * Whether what is planned is what the rules say, chains and windows included: a day that was built
 * before the rules changed keeps its chains until the next build.
 */
export function isApplied(
  wanted: readonly ResolvedUnderlying[],
  planned: readonly ServedUnderlying[],
): boolean {
  if (wanted.length !== planned.length) return false;
  const byKey = new Map(planned.map((one) => [underlyingKey(one.row), one]));
  return wanted.every(({ row }) => {
    const now = byKey.get(underlyingKey(row));
    return now !== undefined && isSameRule(row, now.row) && hasChainsOf(row, now);
  });
}

function isSameRule(a: UniverseRow, b: UniverseRow): boolean {
  return ruleText(a) === ruleText(b);
}

function ruleText({ kind, window, expiries }: UniverseRow): string {
  const { below, above, around } = window;
  const { nearest, monthlies, quarterlies } = expiries;
  return JSON.stringify([kind, below, above, around ?? null, nearest, monthlies, quarterlies]);
}

/** Built after the list as it is, of windows as wide as the rule's. */
function hasChainsOf(row: UniverseRow, { listed, chains }: ServedUnderlying): boolean {
  const kept = new Set(chains.map(({ expiry }) => expiry));
  // Without a list, nothing is built that could be of other rules.
  if (listed.length > 0) {
    const isEach = selectExpiries(listed, row.expiries).every(({ expiry }) => kept.has(expiry));
    if (!isEach || selectExpiries(listed, row.expiries).length < kept.size) return false;
  }
  return chains.every(({ skeleton }) => skeleton === null || sizeOf(skeleton) === windowSize(row));
}

/** What the rule asked for: what is there, what lacks a leg, and what is not listed. */
function sizeOf({ strikes, incompletePaise, shortfall }: Skeleton): number {
  return strikes.length + incompletePaise.length + shortfall;
}
