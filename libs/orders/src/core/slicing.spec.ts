import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sliceCap, sliceQuantity } from './slicing';

const nifty = { lotSize: 65, freezeQuantity: 1_756 };

describe('slicing', () => {
  it('lets one order have whole lots only: of 1756 units 1755, 27 lots', () => {
    expect(sliceCap(nifty)).toBe(1_755);
    expect(sliceQuantity(1_755, nifty)).toEqual([1_755]);
    expect(sliceQuantity(1_820, nifty)).toEqual([1_755, 65]);
    expect(sliceQuantity(3_575, nifty)).toEqual([1_755, 1_755, 65]);
  });

  it('is one order where nothing is frozen', () => {
    expect(sliceQuantity(65_000, { lotSize: 65, freezeQuantity: null })).toEqual([65_000]);
  });

  it.each([
    [100, nifty, 'lot_multiple'],
    [0, nifty, 'lot_multiple'],
    [-65, nifty, 'lot_multiple'],
    [NaN, nifty, 'lot_multiple'],
    [65, { lotSize: 65, freezeQuantity: 64 }, 'freeze_below_lot'],
    [1_755 * 51, nifty, 'too_many_slices'],
  ])('refuses %s units', (quantity, terms, code) => {
    expect(() => sliceQuantity(quantity, terms)).toThrow(expect.objectContaining({ code }));
  });

  it('loses and adds nothing (random lots and limits)', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2_000 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 500 }),
        (lotSize, lotsPerOrder, lots) => {
          const freezeQuantity = lotSize * lotsPerOrder + (lotSize - 1);
          const terms = { lotSize, freezeQuantity, slicesMax: 500 };
          const slices = sliceQuantity(lots * lotSize, terms);
          expect(slices.reduce((sum, one) => sum + one, 0)).toBe(lots * lotSize);
          expect(slices.every((one) => one > 0 && one % lotSize === 0)).toBe(true);
          expect(Math.max(...slices)).toBeLessThanOrEqual(freezeQuantity);
          expect(slices).toHaveLength(Math.ceil(lots / lotsPerOrder));
        },
      ),
      { seed: 8, numRuns: 500 },
    );
  });
});
