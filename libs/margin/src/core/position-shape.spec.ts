import { describe, expect, it } from 'vitest';
import { future, july, lot, option } from './testing/margin-fixture';
import type { MarginPosition } from './margin-position';
import { shapeOf, type MarginShape } from './position-shape';

const call = (strike: number, lots: number, expiry?: string): MarginPosition =>
  option('CE', strike, lots * lot, expiry === undefined ? [100] : [100, expiry]);
const put = (strike: number, lots: number, expiry?: string): MarginPosition =>
  option('PE', strike, lots * lot, expiry === undefined ? [100] : [100, expiry]);

describe('shapeOf', () => {
  it.each<[MarginShape, MarginPosition[]]>([
    ['naked', [call(24_000, -1)]],
    ['naked', [call(24_000, -1), call(24_500, -2)]],
    ['naked', [future(lot)]],
    ['naked', [future(lot), future(lot, 23_890, july)]],
    ['bought', [call(24_000, 1), put(23_000, 2)]],
    ['vertical', [call(24_000, -1), call(24_500, 1)]],
    ['straddle', [call(24_000, -1), put(24_000, -1)]],
    ['straddle', [call(24_500, -1), put(23_000, -1)]],
    ['condor', [call(24_500, -1), call(25_000, 1), put(23_000, -1), put(22_500, 1)]],
    ['calendar', [call(24_000, -1), call(24_000, 1, july)]],
    ['calendar', [future(lot), future(-lot, 23_890, july)]],
    ['futureAndOption', [future(lot), put(23_000, 1)]],
    ['other', [call(24_500, -1), put(23_000, 1)]],
    ['other', [call(24_500, -1), call(25_000, 1), put(23_000, -1)]],
    ['other', [call(24_000, -1), put(24_000, -1, july)]],
    ['other', []],
  ])('%s', (shape, positions) => {
    expect(shapeOf(positions)).toBe(shape);
    expect(shapeOf([...positions].reverse())).toBe(shape);
  });

  it('has no name for several underlyings', () => {
    expect(shapeOf([call(24_000, -1), { ...call(24_500, -1), underlying: 'BANKNIFTY' }])).toBe(
      'other',
    );
  });
});
