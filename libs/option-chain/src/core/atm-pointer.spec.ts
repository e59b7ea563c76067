import { describe, expect, it } from 'vitest';
import { pointAtm } from './atm-pointer';

const strikes = Int32Array.from([10_000, 10_500, 11_000, 12_000]);

describe('pointAtm', () => {
  it('points at the strike nearest to the rounded price, the higher of two', () => {
    expect(pointAtm(strikes, 500, 10_740)).toEqual({
      atmPaise: 10_500,
      anchorIndex: 1,
      isOutsideWindow: false,
    });
    // 11,500 is not listed: 11,000 and 12,000 are equally near.
    expect(pointAtm(strikes, 500, 11_250)).toMatchObject({ atmPaise: 11_500, anchorIndex: 3 });
  });

  it.each([
    ['below', 9_600, { atmPaise: 9_500, anchorIndex: 0, isOutsideWindow: true }],
    ['above', 12_300, { atmPaise: 12_500, anchorIndex: 3, isOutsideWindow: true }],
    ['on the first', 9_750, { atmPaise: 10_000, anchorIndex: 0, isOutsideWindow: false }],
    ['on the last', 12_249, { atmPaise: 12_000, anchorIndex: 3, isOutsideWindow: false }],
  ])('goes on pointing when the ATM is %s the window', (_where, ltp, expected) => {
    expect(pointAtm(strikes, 500, ltp)).toEqual(expected);
  });

  it('points nowhere without a price or without strikes', () => {
    const nowhere = { atmPaise: 0, anchorIndex: -1, isOutsideWindow: false };
    expect(pointAtm(strikes, 500, 0)).toEqual(nowhere);
    expect(pointAtm([], 500, 10_000)).toEqual(nowhere);
  });
});
