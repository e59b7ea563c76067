import { describe, expect, it } from 'vitest';
import { defaultUnderlyings } from './data/universe';
import { listStrikes } from './strikes';
import type { Underlying } from './underlying';

const underlying = (symbol: string): Underlying => {
  const index = defaultUnderlyings.findIndex((one) => one.symbol === symbol);
  return { ...(defaultUnderlyings[index] as Underlying), index };
};
const gaps = (strikes: readonly number[]): Set<number> =>
  new Set(strikes.slice(1).map((strike, index) => strike - (strikes[index] ?? 0)));

describe('universe', () => {
  it('holds the indices and about 220 shares, each id once', () => {
    const shares = defaultUnderlyings.filter(({ kind }) => kind === 'stock');
    expect(shares.length).toBeGreaterThan(210);
    expect(new Set(shares.map(({ id }) => id)).size).toBe(shares.length);
    expect(new Set(defaultUnderlyings.map(({ symbol }) => symbol)).size)
      .toBe(defaultUnderlyings.length);
    expect(shares.find(({ symbol }) => symbol === 'RELIANCE')?.id).toBe(2885);
    expect(underlying('M&M').name).toBe('Mahindra and Mahindra');
  });

  it('has a usable row for every share', () => {
    for (const { spot, step, lot, id, symbol } of defaultUnderlyings) {
      const isUsable = [spot, step, lot, id].every((value) => value > 0);
      expect(isUsable, symbol).toBe(true);
    }
  });
});

describe('listStrikes', () => {
  it('lists about 240 strikes of NIFTY, 50 apart, with some missing far out', () => {
    const strikes = listStrikes(underlying('NIFTY'), 0, 3);
    expect(strikes.length).toBeGreaterThan(220);
    expect(strikes.length).toBeLessThan(250);
    const near = strikes.filter((strike) => Math.abs(strike / 2_450_000 - 1) < 0.1);
    expect([...gaps(near)]).toEqual([5_000]);
    expect(gaps(strikes).has(10_000)).toBe(true);
  });

  it('has two intervals where the rule says so, and a coarse ladder years ahead', () => {
    expect([...gaps(listStrikes(underlying('BANKNIFTY'), 0, 10))]).toContain(50_000);
    expect([...gaps(listStrikes(underlying('BANKNIFTY'), 0, 10))]).toContain(10_000);
    expect(listStrikes(underlying('NIFTY'), 12, 1_000).length).toBeLessThan(30);
  });

  it('has adjusted strikes in the near month of one share', () => {
    expect(listStrikes(underlying('JINDALSTEL'), 0, 10)).toContain(101_250);
    expect(listStrikes(underlying('JINDALSTEL'), 1, 40)).toContain(102_000);
  });

  it('has fewer strikes than a window of 25 for one share', () => {
    expect(listStrikes(underlying('PAGEIND'), 0, 10).length).toBe(15);
  });
});
