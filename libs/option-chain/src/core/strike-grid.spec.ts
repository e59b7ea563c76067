import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atmStrike, nearestStrikeIndex, strikeInterval, strikeWindow } from './strike-grid';

const rupees = (...prices: number[]): number[] => prices.map((price) => Math.round(price * 100));

const range = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);

/** Irregular lists: two intervals, gaps where strikes are missing, odd adjusted strikes. */
const irregular = fc
  .record({
    start: fc.integer({ min: 500, max: 5_000_000 }),
    gaps: fc.array(fc.constantFrom(125, 250, 500, 500, 500, 1_000, 1_750, 5_000), {
      minLength: 0,
      maxLength: 80,
    }),
  })
  .map(({ start, gaps }) =>
    gaps.reduce((strikes, gap) => [...strikes, (strikes.at(-1) ?? 0) + gap], [start]),
  );

const listAndPrice = irregular.chain((strikes) =>
  fc.record({
    strikes: fc.constant(strikes),
    price: fc.integer({ min: 1, max: (strikes.at(-1) ?? 0) + 20_000 }),
  }),
);

const fixed = { seed: 20_261_124, numRuns: 400 };

const at = (paise: number) => ({ atmPaise: paise, ltpPaise: paise });

describe('strikeInterval', () => {
  it('is the most frequent gap, not the smallest and not the first', () => {
    expect(strikeInterval(rupees(100, 150, 200, 225, 250, 300), 20_000)).toBe(5_000);
  });

  it('takes the smaller of two equally frequent gaps', () => {
    expect(strikeInterval(rupees(100, 110, 115, 120, 130), 11_500)).toBe(500);
    expect(strikeInterval(rupees(100, 105, 115), 10_500)).toBe(500);
  });

  it('looks at the 20 strikes nearest to the price alone', () => {
    // 50 apart around the money, 100 apart far from it, and many more of those.
    const near = range(24_500, 25_500, 50);
    const far = [...range(15_000, 24_400, 100), ...range(25_600, 40_000, 100)];
    const listed = rupees(...[...near, ...far].sort((a, b) => a - b));
    expect(strikeInterval(listed, 2_500_000)).toBe(5_000);
    expect(strikeInterval(listed, 3_500_000)).toBe(10_000);
    expect(strikeInterval(listed, 1_600_000)).toBe(10_000);
  });

  it('sees through adjusted strikes such as 1012.5 and through missing ones', () => {
    const listed = rupees(980, 990, 1000, 1010, 1012.5, 1020, 1040, 1050, 1060);
    expect(strikeInterval(listed, 101_100)).toBe(1_000);
  });

  it('needs two strikes', () => {
    expect(strikeInterval([], 100)).toBeNull();
    expect(strikeInterval([5_000], 100)).toBeNull();
    expect(strikeInterval([5_000, 7_500], 100)).toBe(2_500);
  });

  it('agrees with a count by hand on any list', () => {
    fc.assert(
      fc.property(listAndPrice, ({ strikes, price }) => {
        expect(strikeInterval(strikes, price)).toBe(naiveInterval(strikes, price));
      }),
      fixed,
    );
  });
});

/** The window of 20 that leaves the nearest out last, found by dropping the farther end. */
function naiveInterval(strikes: readonly number[], price: number): number | null {
  const kept = [...strikes];
  while (kept.length > 20) {
    const farLeft = price - kept[0]!;
    const farRight = kept.at(-1)! - price;
    if (farRight >= farLeft) kept.pop();
    else kept.shift();
  }
  const gaps = kept.slice(1).map((strike, index) => strike - kept[index]!);
  const ranked = [...new Set(gaps)]
    .map((gap) => ({ gap, count: gaps.filter((other) => other === gap).length }))
    .sort((a, b) => b.count - a.count || a.gap - b.gap);
  return ranked[0]?.gap ?? null;
}

describe('atmStrike', () => {
  it.each([
    ['NIFTY', 25_175, 50, 25_200],
    ['NIFTY', 24_567, 50, 24_550],
    ['BANKNIFTY', 48_610, 100, 48_600],
    ['BANKNIFTY', 52_834, 100, 52_800],
    ['just below a half', 25_174.99, 50, 25_150],
    ['an exact half goes up', 1_001.25, 2.5, 1_002.5],
    ['half of an odd number of paise', 0.05, 0.05, 0.05],
    ['a strike itself', 24_550, 50, 24_550],
  ])('%s %d by %d gives %d', (_name, ltp, interval, atm) => {
    const [ltpPaise, step, expected] = rupees(ltp, interval, atm);
    expect(atmStrike(ltpPaise!, step!)).toBe(expected);
  });

  it('is the multiple within half an interval, the upper one at the half', () => {
    const anyPrice = fc.integer({ min: 1, max: 20_000_000 });
    fc.assert(
      fc.property(anyPrice, fc.integer({ min: 1, max: 100_000 }), (ltp, interval) => {
        const atm = atmStrike(ltp, interval);
        expect(atm % interval).toBe(0);
        expect(2 * (atm - ltp)).toBeLessThanOrEqual(interval);
        expect(2 * (ltp - atm)).toBeLessThan(interval);
      }),
      fixed,
    );
  });
});

describe('nearestStrikeIndex', () => {
  it('takes the higher of two equally near', () => {
    expect(nearestStrikeIndex([100, 200], 150)).toBe(1);
    expect(nearestStrikeIndex([100, 200], 149)).toBe(0);
  });

  it('ends at the ends, and at -1 without strikes', () => {
    expect(nearestStrikeIndex([100, 200, 300], 5)).toBe(0);
    expect(nearestStrikeIndex([100, 200, 300], 999)).toBe(2);
    expect(nearestStrikeIndex([], 100)).toBe(-1);
  });

  it('agrees with looking at every strike', () => {
    fc.assert(
      fc.property(listAndPrice, ({ strikes, price }) => {
        const best = Math.min(...strikes.map((strike) => Math.abs(strike - price)));
        const naive = strikes.findLastIndex((strike) => Math.abs(strike - price) === best);
        expect(nearestStrikeIndex(strikes, price)).toBe(naive);
        expect(nearestStrikeIndex(Int32Array.from(strikes), price)).toBe(naive);
      }),
      fixed,
    );
  });
});

describe('strikeWindow', () => {
  const rule = { below: 50, above: 49 };

  it('has 100 strikes where the exchange lists enough', () => {
    const listed = rupees(...range(20_000, 30_000, 50));
    const window = strikeWindow(listed, at(2_515_000), rule);
    expect(window.to - window.from).toBe(100);
    expect(window.shortfall).toBe(0);
    expect(listed[window.anchorIndex]).toBe(2_515_000);
    expect(listed[window.from]).toBe(2_265_000);
    expect(listed[window.to - 1]).toBe(2_760_000);
  });

  it('counts strikes, not distances, where two intervals meet', () => {
    const listed = rupees(...range(24_000, 24_900, 100), ...range(25_000, 25_500, 50));
    const window = strikeWindow(listed, at(2_500_000), { below: 3, above: 3 });
    expect(listed.slice(window.from, window.to)).toEqual(
      rupees(24_700, 24_800, 24_900, 25_000, 25_050, 25_100, 25_150),
    );
  });

  it('keeps adjusted strikes in their place', () => {
    const listed = rupees(990, 1000, 1010, 1012.5, 1020, 1030);
    const window = strikeWindow(listed, at(101_000), { below: 1, above: 2 });
    expect(listed.slice(window.from, window.to)).toEqual(rupees(1000, 1010, 1012.5, 1020));
  });

  it.each([
    ['below', 100, { from: 0, to: 3, anchorIndex: 0, shortfall: 2 }],
    ['above', 99_999, { from: 2, to: 5, anchorIndex: 4, shortfall: 2 }],
  ])('does not make up for what lacks %s by taking more elsewhere', (_side, atm, expected) => {
    const listed = [100, 200, 300, 400, 500];
    expect(strikeWindow(listed, at(atm), { below: 2, above: 2 })).toEqual(expected);
  });

  it('reports everything as missing without strikes', () => {
    expect(strikeWindow([], at(100), rule)).toEqual({
      from: 0,
      to: 0,
      anchorIndex: -1,
      shortfall: 100,
    });
  });

  it('holds the nearest below and above the anchor, and accounts for the rest', () => {
    const side = fc.integer({ min: 0, max: 60 });
    fc.assert(
      fc.property(listAndPrice, side, side, ({ strikes, price }, below, above) => {
        const window = strikeWindow(strikes, at(price), { below, above });
        const kept = strikes.slice(window.from, window.to);
        const anchor = strikes[window.anchorIndex]!;
        const lower = strikes.filter((strike) => strike < anchor).slice(-below || Infinity);
        const upper = strikes.filter((strike) => strike > anchor).slice(0, above);
        expect(kept).toEqual([...lower, anchor, ...upper]);
        expect(window.shortfall).toBe(below + above + 1 - kept.length);
        expect(window.shortfall).toBeGreaterThanOrEqual(0);
      }),
      fixed,
    );
  });
});
