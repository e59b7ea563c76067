import fc from 'fast-check';
import { expect, it } from 'vitest';
import { wireRupees } from './wire-rupees';

it('rupees of an account may be below zero, and are none beyond a thousand crore', () => {
  expect([0, '98765.05', -1_000.5, 1e10, -1e10].map(wireRupees))
    .toEqual([0, 98_765.05, -1_000.5, 1e10, -1e10]);
  expect([1e10 + 1, -3.4e38, NaN, null, '', 'x'].filter((one) => wireRupees(one) !== null))
    .toEqual([]);
});

it('whatever there is, it never throws', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      expect(Math.abs(wireRupees(value) ?? 0)).toBeLessThanOrEqual(1e10);
    }),
    { seed: 82, numRuns: 300 },
  );
});
