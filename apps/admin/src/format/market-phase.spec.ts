import { describe, expect, it } from 'vitest';
import { segmentStatusOf } from '../testing';
import { optionSegmentOf, segmentLabel, segmentLine } from './market-phase';

const nowMs = Date.parse('2026-11-24T13:26:00+05:30');
const line = (changes: Parameters<typeof segmentStatusOf>[0]): string => {
  const { tone, text, at } = segmentLine(segmentStatusOf(changes), nowMs);
  return `${tone}: ${text} (${at})`;
};

describe('a segment', () => {
  it('says what it does and for how long', () => {
    expect(line({})).toBe('good: open, closes in 2 h 14 m (24 Nov 15:40)');
    const closed = { isOpen: false, phase: 'closed', nextOpen: '2026-11-25T09:15:00+05:30' };
    expect(line(closed)).toBe('off: closed, opens in 19 h 49 m (25 Nov 09:15)');
    expect(line({ ...closed, phase: 'pre_open' })).toMatch(/^late: pre-open, opens in/);
    expect(line({ phase: 'closing_auction' })).toMatch(/^good: closing auction, closes in/);
  });

  it('in a break says when it goes on', () => {
    const until = { phaseUntil: '2026-11-24T13:30:00+05:30' };
    expect(line({ isOpen: false, phase: 'break', ...until })).toBe(
      'late: break, goes on in 4 min (24 Nov 13:30)',
    );
  });

  it('that is halted promises no opening', () => {
    const halted = { isOpen: false, phase: 'halt', nextOpen: '2026-11-25T09:15:00+05:30' };
    expect(line(halted)).toBe('bad: trading halted (session ends 24 Nov 15:40)');
    expect(line({ ...halted, minutesToClose: null })).toBe('bad: trading halted ()');
  });

  it('never guesses what is not known', () => {
    const closed = { isOpen: false, phase: 'closed', nextOpen: '2026-11-25T09:15:00+05:30' };
    const { today } = segmentStatusOf();
    expect(line({ ...closed, today: { ...today, state: 'hours_unknown' } })).toBe(
      "late: today's hours are not known (next known opening 25 Nov 09:15)",
    );
    expect(line({ ...closed, nextOpen: null })).toBe('off: closed, no opening is known ()');
    expect(line({ nextClose: null })).toBe('good: open ()');
  });

  it('is the one that the options of an exchange belong to', () => {
    const [nse, mcx] = [
      segmentStatusOf(),
      segmentStatusOf({ exchange: 'MCX', segment: 'commodity' }),
    ];
    expect(optionSegmentOf([nse, mcx], 'MCX')).toBe(mcx);
    expect(optionSegmentOf([nse, mcx], 'BSE')).toBeNull();
    expect([segmentLabel(nse), segmentLabel(mcx)]).toEqual(['NSE F&O', 'MCX commodity']);
  });
});
