import { describe, expect, it } from 'vitest';
import { feedSocketOf } from '../../testing';
import { noteOf, roomWords, tickAgeOf, ticksWords } from './socket-words';

const lastError = { reason: 'closed 1006', at: '2026-11-23T09:59:00.000+05:30' };

describe('a socket in words', () => {
  it.each([
    [null, feedSocketOf(1)],
    ['stands by', feedSocketOf(1, { instruments: 0 })],
    ['rests until the market opens', feedSocketOf(1, { state: 'resting', reason: 'closed' })],
    [null, feedSocketOf(1, { state: 'waiting', reason: 'closed 1006', lastError })],
    ['token refused', feedSocketOf(1, { state: 'parked', reason: 'token refused', lastError })],
  ])('has the note %s', (note, socket) => {
    expect(noteOf(socket)).toBe(note);
  });

  it('has ticks that age while the status is not renewed', () => {
    const now = { isOpen: true, ageMs: 6_000 };
    expect(tickAgeOf(feedSocketOf(1), { ...now, ageMs: 0 })).toMatchObject({ level: 'live' });
    expect(tickAgeOf(feedSocketOf(1), now)).toEqual({ level: 'late', text: '6 s' });
    expect(tickAgeOf(feedSocketOf(1, { state: 'resting' }), now)).toMatchObject({ text: 'closed' });
    expect(tickAgeOf(feedSocketOf(1, { tickAgeMs: null }), now)).toMatchObject({ level: 'none' });
    expect(tickAgeOf(feedSocketOf(1, { instruments: 0 }), now)).toBeNull();
  });

  it('says how full it is', () => {
    expect(roomWords(feedSocketOf(1, { instruments: 4_999 }))).toBe(
      '4,999 of 5,000 contracts, 99% of what its broker allows on a socket',
    );
  });
});

describe('what a line of ticks says to whoever cannot see it', () => {
  const told = (values: (number | null)[]): string =>
    ticksWords(values.map((value, index) => ({ atMs: 60_000 * index, value })));

  it('is how far back it goes, with the least and the most', () => {
    expect(told([1_240, 800.4, 900])).toBe('Ticks per second over the last 2 min: 800 to 1,240');
    expect(told([null, 7, 7, null])).toBe('Ticks per second over the last 60 s: 7');
  });

  it('is that there is nothing yet', () => {
    expect([told([]), told([null])]).toEqual([
      'Ticks per second: nothing to show yet', 'Ticks per second: nothing to show yet',
    ]);
  });
});
