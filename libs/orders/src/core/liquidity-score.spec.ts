import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderBook } from './book';
import { liquidityScore } from './liquidity-score';

const bookOf = (asks: readonly [number, number][], bid = 9_990): OrderBook => ({
  bids: [{ pricePaise: bid, quantity: 100 }],
  asks: asks.map(([pricePaise, quantity]) => ({ pricePaise, quantity })),
  atMs: 0,
});

describe('the liquidity score', () => {
  it('is the sum of its parts', () => {
    // No spread: 25. Touch 50 of 100: 12.5. Depth 150 of 300: 25.
    const book = bookOf([[10_000, 50], [10_010, 100]], 10_000);
    expect(liquidityScore(book, 'BUY', 100)).toBe(63);
    // A spread of 1 %: half of its part.
    expect(liquidityScore(bookOf([[10_050, 300]], 9_950), 'BUY', 100)).toBe(88);
    // Of 2 % and more: none.
    expect(liquidityScore(bookOf([[10_500, 300]], 9_500), 'BUY', 100)).toBe(75);
    expect(liquidityScore(bookOf([[10_000, 900]], 10_000), 'BUY', 100)).toBe(100);
  });

  it('is 0 for nothing, and without two sides', () => {
    expect(liquidityScore(bookOf([]), 'BUY', 100)).toBe(0);
    expect(liquidityScore(bookOf([[10_000, 50]]), 'BUY', 0)).toBe(0);
    expect(liquidityScore(bookOf([[10_000, 50]]), 'BUY', NaN)).toBe(0);
  });

  it('never falls with more in the book, never rises with more asked or a wider spread', () => {
    const number = fc.integer({ min: 1, max: 1_000 });
    fc.assert(
      fc.property(number, number, number, number, (touch, deep, asked, wide) => {
        const score = (more: number, wider: number, wanted: number): number =>
          liquidityScore(
            bookOf([[10_000, touch + more], [10_010, deep]], 9_990 - wider), 'BUY', wanted,
          );
        const base = score(0, 0, asked);
        expect(base).toBeGreaterThanOrEqual(0);
        expect(base).toBeLessThanOrEqual(100);
        expect(score(wide, 0, asked)).toBeGreaterThanOrEqual(base);
        expect(score(0, wide, asked)).toBeLessThanOrEqual(base);
        expect(score(0, 0, asked + wide)).toBeLessThanOrEqual(base);
      }),
      { seed: 8, numRuns: 500 },
    );
  });
});
