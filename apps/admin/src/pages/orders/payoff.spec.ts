import { describe, expect, it } from 'vitest';
import {
  atExpiry,
  beforeExpiry,
  drawnRange,
  payoffCurve,
  payoffShape,
  roundMarks,
  type PayoffLeg,
} from './payoff';

const leg = (kind: PayoffLeg['kind'], strike: number, units: number, price: number): PayoffLeg =>
  ({ kind, strike, units, price, iv: kind === 'FUT' ? null : 12 });

describe('the payoff of a position', () => {
  it.each<[string, PayoffLeg[], ReturnType<typeof payoffShape>]>([
    ['a bought call', [leg('CE', 100, 10, 5)], {
      maxProfit: null, maxLoss: -50, breakEvens: [105],
    }],
    ['a sold call', [leg('CE', 100, -10, 5)], {
      maxProfit: 50, maxLoss: null, breakEvens: [105],
    }],
    ['a bought put', [leg('PE', 100, 10, 5)], {
      maxProfit: 950, maxLoss: -50, breakEvens: [95],
    }],
    ['a sold straddle', [leg('CE', 100, -10, 5), leg('PE', 100, -10, 5)], {
      maxProfit: 100, maxLoss: null, breakEvens: [90, 110],
    }],
    ['a bull call spread', [leg('CE', 100, 10, 5), leg('CE', 110, -10, 2)], {
      maxProfit: 70, maxLoss: -30, breakEvens: [103],
    }],
    ['an iron condor', [
      leg('PE', 80, 10, 1), leg('PE', 90, -10, 3), leg('CE', 110, -10, 3), leg('CE', 120, 10, 1),
    ], { maxProfit: 40, maxLoss: -60, breakEvens: [86, 114] }],
    ['a future', [leg('FUT', 0, 10, 100)], {
      maxProfit: null, maxLoss: -1_000, breakEvens: [100],
    }],
    ['a covered call', [leg('FUT', 0, 10, 100), leg('CE', 110, -10, 2)], {
      maxProfit: 120, maxLoss: -980, breakEvens: [98],
    }],
  ])('is exact at its bends: %s', (_what, legs, expected) => {
    const found = payoffShape(legs);
    expect(found.breakEvens).toHaveLength(expected.breakEvens.length);
    found.breakEvens.forEach((at, index) => {
      expect(at).toBeCloseTo(expected.breakEvens[index]!, 9);
      expect(atExpiry(legs, at)).toBeCloseTo(0, 9);
    });
    expect([found.maxProfit, found.maxLoss]).toEqual([expected.maxProfit, expected.maxLoss]);
  });

  it('comes to its end as time runs out, and is worth more before it', () => {
    const legs = [leg('CE', 100, 10, 5)];
    const market = { model: 'black76', rate: 0, forwardAt: (spot: number) => spot } as const;
    const now = beforeExpiry(legs, { ...market, yearsToExpiry: 0.1 });
    const end = beforeExpiry(legs, { ...market, yearsToExpiry: 1e-9 });
    expect(now?.(100)).toBeGreaterThan(atExpiry(legs, 100));
    for (const spot of [80, 99, 105, 130]) {
      expect(end?.(spot)).toBeCloseTo(atExpiry(legs, spot), 2);
    }
    expect(beforeExpiry([{ ...legs[0]!, iv: null }], { ...market, yearsToExpiry: 0.1 })).toBeNull();
  });

  it('is drawn with all that matters in sight', () => {
    const legs = [leg('CE', 100, 10, 5), leg('CE', 110, -10, 2)];
    const { low, high } = drawnRange(legs, 95, [103]);
    expect([low < 95, high > 110]).toEqual([true, true]);
    expect(drawnRange([], null, [])).toEqual({ low: 0, high: 1 });
  });

  it('is drawn where an option has a value: not at nothing', () => {
    const legs = [leg('PE', 100, 1, 1), leg('CE', 400, 1, 1)];
    const { low } = drawnRange(legs, 250, []);
    const forwardAt = (spot: number): number => spot;
    const today = beforeExpiry(legs, {
      model: 'black76', rate: 0, forwardAt, yearsToExpiry: 0.1,
    });
    expect(low).toBeGreaterThan(0);
    expect(today?.(low)).toBeCloseTo(100 - low - 2, 6);
  });

  it('has a break-even where a look falls on it', () => {
    // Looked at every 0.3: 90 is one of the looks. A covered call whose future goes on.
    const gainAt = (spot: number): number => 10 * (spot - 98);
    const future = { ...leg('FUT', 0, 10, 98), now: 98 };
    const { shape } = payoffCurve([leg('CE', 100, -10, 8)], [{ legs: [future], slope: 1, gainAt }]);
    expect(shape.maxProfit).toBeCloseTo(100, 6);
    expect(shape.breakEvens).toEqual([90]);
    const none = payoffCurve([leg('FUT', 0, 1, 100)], [
      { legs: [leg('FUT', 0, -1, 100)], slope: 1, gainAt: (spot) => 100 - spot },
    ]);
    expect(none.shape).toEqual({ maxProfit: 0, maxLoss: 0, breakEvens: [] });
  });

  it('is marked at round figures', () => {
    expect(roundMarks({ low: 25_476, high: 26_724 }, 5)).toEqual([
      25_500, 25_750, 26_000, 26_250, 26_500,
    ]);
    expect(roundMarks({ low: -9_800, high: 4_700 }, 4)).toEqual([-5_000, 0]);
    expect(roundMarks({ low: 1, high: 1 }, 4)).toEqual([]);
  });
});
