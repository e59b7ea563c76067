import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanRisk, type RiskLine, type ScanTerms } from './scan-risk';
import { scenarios } from './scenarios';

const fixed = { seed: 20_261_122, numRuns: 300 };
const terms: ScanTerms = { spreads: [], shortOptionMinimumPaise: 0, isApart: () => false };
const expiry = '2026-06-30';

/** Loses its move, in paise, in scenarios 11 to 16 alone. */
const line = (quantity: number, losses: readonly number[], change: Partial<RiskLine> = {}) => ({
  quantity,
  expiry,
  isOption: true,
  pricePaise: 1_000,
  array: [...new Array<number>(10).fill(0), ...losses],
  delta: 0.5,
  ...change,
});

const randomLine = fc.record({
  quantity: fc.integer({ min: -500, max: 500 }),
  expiry: fc.constantFrom('2026-06-30', '2026-07-28'),
  isOption: fc.boolean(),
  pricePaise: fc.integer({ min: 5, max: 100_000 }),
  array: fc.array(fc.integer({ min: -100_000, max: 100_000 }), { minLength: 16, maxLength: 16 }),
  delta: fc.double({ min: -1, max: 1, noNaN: true }),
});
const randomLines = fc.array(randomLine, { maxLength: 8 });

describe('scenarios', () => {
  it('are in the order of the file', () => {
    const told = scenarios.map(({ move, volatility, isExtreme }) =>
      `${Math.round(3 * move)}${['-', '=', '+'][volatility + 1]}${isExtreme ? '!' : ''}`,
    );
    expect(told.join(' ')).toBe('0+ 0- 1+ 1- -1+ -1- 2+ 2- -2+ -2- 3+ 3- -3+ -3- 3=! -3=!');
  });
});

describe('scanRisk', () => {
  it('takes the worst scenario of all lines together and adds what sold options are worth', () => {
    const sold = line(-10, [-700, -600, 400, 300, -200, 100]);
    const bought = line(10, [-500, -450, 100, 90, -150, 30], { pricePaise: 200 });
    // Scenario 11: 10 × 700 − 10 × 500 = 2,000; NOV: 10 × 200 − 10 × 1,000 = −8,000.
    const found = scanRisk([sold, bought], terms);
    expect(found).toMatchObject({ scanPaise: 2_000, worstScenario: 11, novPaise: -8_000 });
    expect(found.spanPaise).toBe(10_000);
  });

  it('asks nothing for a bought option: its worst is its price', () => {
    const found = scanRisk([line(10, [-900, -900, 1_000, 1_000, -600, 350])], terms);
    expect(found).toMatchObject({ scanPaise: 10_000, novPaise: 10_000, spanPaise: 0 });
  });

  it('asks nothing for bought options of two months against each other', () => {
    const far = '2026-07-28';
    const worthless = [900, 900, 900, 900, 350, 350];
    const call = line(10, worthless, { pricePaise: 900 });
    const put = { ...call, expiry: far, delta: -0.5 };
    const spreads = [{ expiries: [expiry, far], ratios: [1, 1], ratePaise: 42 }] as const;
    const found = scanRisk([call, put], { ...terms, spreads });
    expect(found).toMatchObject({ calendarPaise: 0, spanPaise: 0 });
    const sold = { ...put, quantity: -10, delta: 0.5 };
    expect(scanRisk([call, sold], { ...terms, spreads }).calendarPaise).toBe(210);
  });

  it('has no net option value in a future', () => {
    const held = line(10, [-900, -900, 900, 900, -630, 630], { isOption: false });
    expect(scanRisk([held], terms)).toMatchObject({ novPaise: 0, spanPaise: 9_000 });
  });

  it('asks the short option minimum where it is more', () => {
    const sold = line(-10, [-70, -60, 40, 30, -20, 10]);
    const found = scanRisk([sold], { ...terms, shortOptionMinimumPaise: 300 });
    expect(found).toMatchObject({ scanPaise: 700, shortOptionMinimumPaise: 3_000 });
    expect(found.spanPaise).toBe(13_000);
  });

  it('says that no scenario loses with 0', () => {
    expect(scanRisk([], terms)).toMatchObject({ scanPaise: 0, worstScenario: 0, spanPaise: 0 });
  });

  it('lets an expiry that is apart offset nothing, and charges it no calendar', () => {
    const far = '2026-07-28';
    const near = line(10, [-900, -900, 900, 900, -630, 630], { isOption: false, delta: 1 });
    const lines = [near, { ...near, quantity: -10, expiry: far }];
    const spreads = [{ expiries: [expiry, far], ratios: [1, 1], ratePaise: 42 }] as const;
    expect(scanRisk(lines, { ...terms, spreads })).toMatchObject({ scanPaise: 0, spanPaise: 420 });
    const apart = scanRisk(lines, { ...terms, spreads, isApart: (at) => at === expiry });
    expect(apart).toMatchObject({ scanPaise: 18_000, calendarPaise: 0, spanPaise: 18_000 });
  });

  it('does not depend on order, scales with the quantity, and is never negative', () => {
    fc.assert(
      fc.property(randomLines, fc.integer({ min: 1, max: 9 }), (of, n) => {
        const whole = scanRisk(of, terms);
        expect(scanRisk([...of].reverse(), terms).spanPaise).toBe(whole.spanPaise);
        const more = of.map((one) => ({ ...one, quantity: n * one.quantity }));
        expect(scanRisk(more, terms).spanPaise).toBe(n * whole.spanPaise);
        expect(whole.spanPaise).toBeGreaterThanOrEqual(0);
      }),
      fixed,
    );
  });

  it('never asks more for lines together than for each alone', () => {
    fc.assert(
      fc.property(randomLines, (lines) => {
        const alone = lines.reduce((sum, one) => sum + scanRisk([one], terms).spanPaise, 0);
        expect(scanRisk(lines, terms).spanPaise).toBeLessThanOrEqual(alone);
      }),
      fixed,
    );
  });
});
