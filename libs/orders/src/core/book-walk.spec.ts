import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderBook } from './book';
import { walkBook } from './book-walk';

const book: OrderBook = {
  bids: [
    { pricePaise: 13_355, quantity: 650 },
    { pricePaise: 13_350, quantity: 1_300 },
    { pricePaise: 13_300, quantity: 65 },
  ],
  asks: [
    { pricePaise: 13_400, quantity: 325 },
    { pricePaise: 13_410, quantity: 650 },
    { pricePaise: 13_500, quantity: 65 },
    { pricePaise: 0, quantity: 0 },
  ],
  atMs: 0,
};

describe('a walk through the book', () => {
  it('fills at the touch when the touch is enough', () => {
    expect(walkBook(book, 'BUY', 325)).toMatchObject({
      filledQuantity: 325,
      restQuantity: 0,
      averagePaise: 13_400,
      worstPaise: 13_400,
      levels: 1,
      slippagePaise: 0,
      impactPaise: 0,
      midPaise: 13_377.5,
      midSlippagePaise: 22.5,
    });
  });

  it('averages over the levels that it needs, and tells the rest', () => {
    const walk = walkBook(book, 'BUY', 1_105);
    expect(walk.valuePaise).toBe(325 * 13_400 + 650 * 13_410 + 65 * 13_500);
    expect(walk).toMatchObject({ filledQuantity: 1_040, restQuantity: 65, worstPaise: 13_500 });
    expect(walk.impactPaise).toBe(100);
    expect(walk.impactPercent).toBeCloseTo(0.746_27, 4);
    expect(walk.slippagePaise).toBeCloseTo(12.5, 9);
    expect(walk.slippagePercent).toBeCloseTo(0.093_28, 4);
  });

  it('counts what hurts a seller as above zero', () => {
    const walk = walkBook(book, 'SELL', 1_950);
    expect(walk.averagePaise).toBeCloseTo((650 * 13_355 + 1_300 * 13_350) / 1_950, 9);
    expect(walk.slippagePaise).toBeCloseTo(10 / 3, 9);
    expect(walk.impactPaise).toBe(5);
  });

  it('looks no deeper than it is told', () => {
    expect(walkBook(book, 'BUY', 1_000, 1)).toMatchObject({
      filledQuantity: 325, restQuantity: 675,
    });
  });

  it('has no prices where nobody is', () => {
    const empty: OrderBook = { bids: [], asks: [], atMs: 0 };
    expect(walkBook(empty, 'BUY', 65)).toMatchObject({
      filledQuantity: 0, restQuantity: 65, averagePaise: null, worstPaise: null, touchPaise: null,
      slippagePaise: null, impactPercent: null, midPaise: null,
    });
  });

  it('fills and leaves exactly what was asked, between touch and worst price', () => {
    const level = fc.record({
      pricePaise: fc.integer({ min: -5, max: 5_000 }),
      quantity: fc.integer({ min: -5, max: 500 }),
    });
    const side = fc.constantFrom('BUY' as const, 'SELL' as const);
    fc.assert(
      fc.property(
        fc.array(level, { maxLength: 30 }),
        fc.integer({ min: 1, max: 5_000 }),
        side,
        (levels, quantity, way) => {
          const walk = walkBook({ bids: levels, asks: levels, atMs: 0 }, way, quantity, 30);
          expect(walk.filledQuantity + walk.restQuantity).toBe(quantity);
          if (walk.filledQuantity === 0) return;
          const shown = levels.filter((one) => one.pricePaise > 0 && one.quantity > 0);
          const total = shown.reduce((sum, one) => sum + one.quantity, 0);
          expect(walk.filledQuantity).toBe(Math.min(quantity, total));
          expect(walk.slippagePaise).toBeGreaterThanOrEqual(-1e-9);
          expect(walk.impactPaise!).toBeGreaterThanOrEqual(walk.slippagePaise! - 1e-9);
        },
      ),
      { seed: 8, numRuns: 500 },
    );
  });
});
