import { describe, expect, it } from 'vitest';
import type { ClassedExpiry } from './expiry-rules';
import type { Skeleton } from './skeleton';
import { defaultUniverse, resolveUniverse, type ResolvedUnderlying } from './universe';
import { isApplied, type ServedUnderlying } from './universe-applied';

const monthlies: ClassedExpiry[] = [
  { expiry: '2026-11-24', class: 'monthly' },
  { expiry: '2026-12-29', class: 'quarterly' },
  { expiry: '2027-01-26', class: 'monthly' },
  { expiry: '2027-03-30', class: 'quarterly' },
];
const bankNifty = resolveUniverse(defaultUniverse.slice(1, 2), []);

/** Of a window of 100 strikes: one lacks a leg, and nine are not listed. */
const skeleton = (strikes = 90): Skeleton =>
  ({
    strikes: Array.from({ length: strikes }),
    incompletePaise: [100],
    shortfall: 9,
  }) as unknown as Skeleton;

function served(changes: Partial<ServedUnderlying> = {}): ServedUnderlying {
  const expiries = ['2026-11-24', '2026-12-29', '2027-03-30'];
  return {
    row: bankNifty[0]!.row,
    listed: monthlies,
    chains: expiries.map((expiry) => ({ expiry, skeleton: skeleton() })),
    ...changes,
  };
}
const changed = (row: Partial<ResolvedUnderlying['row']>): ResolvedUnderlying[] => [
  { listed: null, row: { ...bankNifty[0]!.row, ...row } },
];

describe('isApplied', () => {
  it('holds for a plan of the same rules, short windows included', () => {
    expect(isApplied(bankNifty, [served()])).toBe(true);
  });

  it('holds before anything is listed or built', () => {
    expect(isApplied(bankNifty, [served({ listed: [], chains: [] })])).toBe(true);
    const chains = served().chains.map((chain) => ({ ...chain, skeleton: null }));
    expect(isApplied(bankNifty, [served({ chains })])).toBe(true);
  });

  it('does not for another set, window or choice of expiries', () => {
    expect(isApplied([], [served()])).toBe(false);
    expect(isApplied(bankNifty, [])).toBe(false);
    expect(isApplied(changed({ symbol: 'NIFTY' }), [served()])).toBe(false);
    expect(isApplied(changed({ window: { below: 5, above: 5 } }), [served()])).toBe(false);
    const expiries = { nearest: 0, monthlies: 3, quarterlies: 3 };
    expect(isApplied(changed({ expiries }), [served()])).toBe(false);
  });

  it('does not while the chains of a stored day are of former rules', () => {
    const window = { below: 12, above: 12 };
    const row = { ...bankNifty[0]!.row, window };
    expect(isApplied(changed({ window }), [served({ row })])).toBe(false);
    const expiries = { nearest: 1, monthlies: 1, quarterlies: 0 };
    const fewer = { ...bankNifty[0]!.row, expiries };
    expect(isApplied(changed({ expiries }), [served({ row: fewer })])).toBe(false);
  });
});
