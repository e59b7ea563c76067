import { describe, expect, it } from 'vitest';
import { isSameLook, lookOf, lookWords, usualLook, type ChainLook } from './chain-look';
import { usualMoveRule } from './table/move-watch';

const other: ChainLook = {
  columns: ['ltp', 'oi', 'delta'],
  isHeatOn: true,
  moves: { percent: 5, seconds: 30 },
};

describe('a look at chains', () => {
  it('is read from the words it was written in', () => {
    expect(lookWords(other)).toEqual({ columns: 'ltp,oi,delta', heat: 'on', moves: '5-30' });
    expect(lookOf(lookWords(other))).toEqual(other);
    const still = { ...usualLook, moves: null };
    expect(lookOf(lookWords(still))).toEqual(still);
  });

  it('leaves out what is as usual', () => {
    expect(Object.values(lookWords(usualLook))).toEqual([undefined, undefined, undefined]);
    expect(lookOf({ heat: 'on' })).toEqual({ ...usualLook, isHeatOn: true });
  });

  it('is none when no word is there', () => {
    expect(lookOf({})).toBeNull();
    expect(lookOf({ other: '1', heat: ['on'] })).toBeNull();
  });

  it.each(['', '0-60', '10', '10-60-5', '5.5-60', '501-60', '10-901', 'x'])(
    'marks moves as usual for %j',
    (moves) => {
      expect(lookOf({ moves })?.moves).toEqual(usualMoveRule);
    },
  );

  it('is the same as another with the same order and marks', () => {
    expect(isSameLook(other, { ...other })).toBe(true);
    expect(isSameLook(other, { ...other, columns: ['oi', 'ltp', 'delta'] })).toBe(false);
    expect(isSameLook(other, { ...other, moves: null })).toBe(false);
  });
});
