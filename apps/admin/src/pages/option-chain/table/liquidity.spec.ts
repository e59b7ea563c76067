import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heatLevelOf, heatRange, liquidityOf, liquidityScore } from './liquidity';

const inputs = fc.record({
  spreadPercent: fc.double({ min: 0, max: 500, noNaN: true }),
  touchLots: fc.double({ min: 0, max: 1e6, noNaN: true }),
  volumeLots: fc.double({ min: 0, max: 1e8, noNaN: true }),
});

describe('a liquidity score', () => {
  it.each([
    ['the best there is', [0.1, 100, 10_000], 100],
    ['nothing of anything', [10, 0, 0], 0],
    ['a spread alone', [0.2, 0, 0], 50],
    ['depth alone', [10, 100, 0], 30],
    ['volume alone', [10, 0, 10_000], 20],
    // 50 · (1 − ln 10 ÷ ln 50) + 30 · ln 11 ÷ ln 101 + 20 · ln 1,001 ÷ ln 10,001
    ['something of each', [2, 10, 1_000], 51],
    ['a crossed book with an unknown volume', [-1, 100, NaN], 80],
  ] as const)('of %s', (_what, [spreadPercent, touchLots, volumeLots], score) => {
    expect(liquidityScore({ spreadPercent, touchLots, volumeLots })).toBe(score);
  });

  it('is a whole number from 0 to 100, no better with a wider spread, no worse with more', () => {
    fc.assert(
      fc.property(inputs, fc.double({ min: 1, max: 10, noNaN: true }), (given, more) => {
        const score = liquidityScore(given);
        expect(Number.isInteger(score) && score >= 0 && score <= 100).toBe(true);
        const wider = { ...given, spreadPercent: given.spreadPercent * more };
        expect(liquidityScore(wider)).toBeLessThanOrEqual(score);
        const deeper = { ...given, touchLots: given.touchLots * more };
        expect(liquidityScore(deeper)).toBeGreaterThanOrEqual(score);
        const busier = { ...given, volumeLots: given.volumeLots * more };
        expect(liquidityScore(busier)).toBeGreaterThanOrEqual(score);
      }),
    );
  });

  it('counts a leg in lots, by the side of the touch that has fewer', () => {
    const leg = {
      ltpPaise: 10_000, bidPaise: 9_900, askPaise: 10_100, bidQty: 650, askQty: 65_000,
      volume: 65_000,
    };
    expect(liquidityOf(leg, 65)).toBe(51);
    expect(liquidityOf({ ...leg, askPaise: 0 }, 65)).toBe(0);
    expect(liquidityOf({ ...leg, bidPaise: NaN }, 65)).toBeNaN();
    expect(liquidityOf({ ...leg, ltpPaise: NaN }, 65)).toBeNaN();
  });
});

describe('the heat map', () => {
  it('has five shades, told by their scores', () => {
    expect([0, 19, 20, 59, 60, 80, 100, NaN].map(heatLevelOf)).toEqual([0, 0, 1, 2, 3, 4, 4, -1]);
    expect([0, 1, 2, 3, 4].map(heatRange)).toEqual(['0–19', '20–39', '40–59', '60–79', '80–100']);
  });
});
