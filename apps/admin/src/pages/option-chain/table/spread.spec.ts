import { describe, expect, it } from 'vitest';
import { spreadBandOf, spreadPercentOf } from './spread';

describe('a spread', () => {
  it('is told in percent of the last price', () => {
    const percent = spreadPercentOf({ ltpPaise: 10_000, bidPaise: 9_950, askPaise: 10_050 });
    expect(percent).toBeCloseTo(1, 10);
  });

  it.each([
    ['nobody buys', { ltpPaise: 10_000, bidPaise: 0, askPaise: 10_050 }],
    ['nobody sells', { ltpPaise: 10_000, bidPaise: 9_950, askPaise: 0 }],
    ['the book is unknown', { ltpPaise: 10_000, bidPaise: NaN, askPaise: NaN }],
    ['nothing was traded', { ltpPaise: NaN, bidPaise: 9_950, askPaise: 10_050 }],
  ])('is none while %s', (_why, leg) => {
    expect(spreadPercentOf(leg)).toBeNaN();
    expect(spreadBandOf(spreadPercentOf(leg))).toBeNull();
  });

  it.each([
    [-0.2, 'tight'],
    [0.499, 'tight'],
    [0.5, 'fair'],
    [1.99, 'fair'],
    [2, 'wide'],
    [5, 'poor'],
    [400, 'poor'],
  ])('of %d percent is %s', (percent, band) => {
    expect(spreadBandOf(percent)).toBe(band);
  });
});
