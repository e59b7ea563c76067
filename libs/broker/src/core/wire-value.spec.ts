import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWireRow, wireNumber, wirePaise, wireText, wireTime, wireUnits } from './wire-value';

describe('times', () => {
  it.each([
    ['2026-11-24 09:20:05', '2026-11-24T03:50:05Z'],
    ['24-Nov-2026 09:20:05', '2026-11-24T03:50:05Z'],
    ['2026-11-24T09:20:05+05:30', '2026-11-24T03:50:05Z'],
    ['2026-11-24T03:50:05.250Z', '2026-11-24T03:50:05.250Z'],
    ['2026-11-24 00:00:00', '2026-11-23T18:30:00Z'],
  ])('%s is %s', (text, instant) => {
    expect(wireTime(text)).toBe(Date.parse(instant));
  });

  it.each([
    null, undefined, 7, '', '0001-01-01 00:00:00', '1970-01-01 00:00:00', '2026-02-30 09:15:00',
    '2026-11-24', '2026-11-24 25:00:00', '24-Xyz-2026 09:15:00', 'NA', '2026-11-24Tx+05:30',
  ])('%o is none', (value) => {
    expect(wireTime(value)).toBeNull();
  });
});

it('a time without a day is of the day that is told', () => {
  const nowMs = Date.parse('2026-11-24T20:00:00Z');
  expect(wireTime('09:20:05', nowMs)).toBe(Date.parse('2026-11-25T03:50:05Z'));
  expect([wireTime('09:20:05'), wireTime('24:20:05', nowMs)]).toEqual([null, null]);
});

it('a row is an object', () => {
  expect([{}, [], null, 'row'].map(isWireRow)).toEqual([true, false, false, false]);
});

describe('figures', () => {
  it('are numbers, or texts of them', () => {
    expect([wireNumber(1.5), wireNumber('1.5'), wireNumber(-0), wireNumber(' '), wireNumber('x')])
      .toEqual([1.5, 1.5, 0, null, null]);
    expect([65, '65', 0, 6.5, -65, 1e9].map(wireUnits)).toEqual([65, 65, 0, null, null, null]);
    expect([wireText(' a '), wireText(12), wireText(''), wireText(null), wireText({})])
      .toEqual(['a', '12', null, null, null]);
  });

  it('of prices are whole paise, and none of 0 or of what no contract costs', () => {
    expect([wirePaise(134.05), wirePaise('134.05'), wirePaise(0), wirePaise(-1), wirePaise(0.001)])
      .toEqual([13_405, 13_405, null, null, null]);
    expect([wirePaise(9_999_999), wirePaise(NaN), wirePaise(null)]).toEqual([null, null, null]);
  });

  it('never throw', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        for (const read of [wireNumber, wireUnits, wirePaise, wireText, wireTime]) read(value);
        expect(wireUnits(value) ?? 0).toBeGreaterThanOrEqual(0);
      }),
      { seed: 61, numRuns: 500 },
    );
  });
});
