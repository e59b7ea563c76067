import { describe, expect, it } from 'vitest';
import { calendarCharge, calendarSpreadsOf } from './calendar-charge';

const [near, middle, far] = ['2026-06-30', '2026-07-28', '2026-08-25'] as const;
const spread = (a: string, b: string, ratePaise: number) => ({
  expiries: [a, b] as const,
  ratios: [1, 1] as const,
  ratePaise,
});

describe('calendarCharge', () => {
  it('charges deltas against each other once', () => {
    const deltas = new Map([
      [near, 65],
      [far, -130],
    ]);
    expect(calendarCharge([spread(near, far, 42_000)], deltas)).toBe(65 * 42_000);
  });

  it('asks nothing for deltas of one direction', () => {
    const deltas = new Map([
      [near, 65],
      [far, 65],
    ]);
    expect(calendarCharge([spread(near, far, 42_000)], deltas)).toBe(0);
  });

  it('leaves to later spreads only what earlier ones did not take', () => {
    const deltas = new Map([
      [near, 100],
      [middle, -60],
      [far, -70],
    ]);
    const spreads = [spread(near, middle, 10), spread(near, far, 20), spread(middle, far, 1_000)];
    expect(calendarCharge(spreads, deltas)).toBe(60 * 10 + 40 * 20);
  });

  it('counts deltas by the ratio of each leg', () => {
    const deltas = new Map([
      [near, -90],
      [far, 20],
    ]);
    const twoToOne = { ...spread(near, far, 10), ratios: [2, 1] as const };
    expect(calendarCharge([twoToOne], deltas)).toBe(20 * 10);
  });
});

describe('calendarSpreadsOf', () => {
  it('makes every pair of months, nearest first, at the price of the far one', () => {
    // The file's 420 a unit is 1.75 % of 24,000.
    const prices = new Map([
      [far, 2_500_000],
      [near, 2_300_000],
      [middle, 2_400_000],
    ]);
    const made = calendarSpreadsOf(prices, 0.0175);
    expect(made.map((one) => [...one.expiries, Math.round(one.ratePaise)])).toEqual([
      [near, middle, 42_000],
      [near, far, 43_750],
      [middle, far, 43_750],
    ]);
  });
});
