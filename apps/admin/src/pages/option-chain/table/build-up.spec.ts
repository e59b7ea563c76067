import { describe, expect, it } from 'vitest';
import { buildUpOf } from './build-up';

describe('a build-up', () => {
  it.each([
    [150, 2_000, 'Long build-up', 1],
    [150, -2_000, 'Short covering', 1],
    [-150, 2_000, 'Short build-up', -1],
    [-150, -2_000, 'Long unwinding', -1],
  ])('of price %d and open interest %d is a %s', (changePaise, oiChange, word, sign) => {
    expect(buildUpOf({ changePaise, oiChange })).toMatchObject({ word, sign });
  });

  it.each([
    [0, 2_000],
    [150, 0],
    [NaN, 2_000],
    [150, NaN],
  ])('of price %d and open interest %d is none', (changePaise, oiChange) => {
    expect(buildUpOf({ changePaise, oiChange })).toBeNull();
  });
});
