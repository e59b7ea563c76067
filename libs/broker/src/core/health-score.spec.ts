import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { healthScore, type HealthFacts } from './health-score';

const well: HealthFacts = {
  wanted: 4, live: 4, isFit: true, isMarketOpen: true, tickAgeMs: 50, losses: 0, failures: 0,
  restMs: 80, budgetUse: 0.3,
};
const scoreOf = (changes: Partial<HealthFacts>): number => healthScore({ ...well, ...changes });

describe('healthScore', () => {
  it('is 100 when all is well, and while nothing trades', () => {
    expect(healthScore(well)).toBe(100);
    expect(scoreOf({ isMarketOpen: false, tickAgeMs: null })).toBe(100);
    expect(scoreOf({ wanted: 0, live: 0, tickAgeMs: null })).toBe(100);
  });

  it('weighs what costs data most', () => {
    expect(scoreOf({ live: 0, tickAgeMs: 9_000 })).toBe(40);
    expect(scoreOf({ live: 3 })).toBe(90);
    expect(scoreOf({ tickAgeMs: 8_000 })).toBe(80);
    expect(scoreOf({ losses: 2 })).toBe(92);
    expect(scoreOf({ failures: 50 })).toBe(80);
    expect(scoreOf({ restMs: 1_750 })).toBe(95);
    expect(scoreOf({ budgetUse: 1 })).toBe(90);
    expect(scoreOf({ isFit: false, live: 0, tickAgeMs: null })).toBe(0);
  });

  it('never rises when something gets worse, and stays within 0 and 100', () => {
    const facts = fc.record({
      wanted: fc.constant(4), live: fc.integer({ min: 0, max: 4 }), isFit: fc.boolean(),
      isMarketOpen: fc.boolean(), tickAgeMs: fc.option(fc.integer({ min: 0, max: 100_000 })),
      losses: fc.integer({ min: 0, max: 20 }), failures: fc.integer({ min: 0, max: 20 }),
      restMs: fc.option(fc.integer({ min: 0, max: 10_000 })),
      budgetUse: fc.double({ min: 0, max: 2, noNaN: true }),
    });
    fc.assert(fc.property(facts, (one) => {
      const score = healthScore(one);
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(100);
      const worse = [
        { losses: one.losses + 1 }, { failures: one.failures + 1 }, { isFit: false },
        { budgetUse: one.budgetUse + 0.1 }, { live: Math.max(0, one.live - 1) },
      ];
      for (const change of worse) {
        expect(healthScore({ ...one, ...change })).toBeLessThanOrEqual(score);
      }
    }));
  });
});
