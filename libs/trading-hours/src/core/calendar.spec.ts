import { indiaInstant } from '@strikewire/contracts';
import { describe, expect, it } from 'vitest';
import { alwaysOpenCalendar, weekdayCalendar } from './calendar';
import { isExpiryCurrent, segmentCloseMs } from './segment-close';

describe('segmentCloseMs', () => {
  it('closes F&O at 15:30 up to 2026-07-31 and at 15:40 from 2026-08-03', () => {
    expect(segmentCloseMs('NSE', '2026-07-31')).toBe(indiaInstant('2026-07-31', 15 * 60 + 30));
    expect(segmentCloseMs('NSE', '2026-08-03')).toBe(indiaInstant('2026-08-03', 15 * 60 + 40));
    expect(segmentCloseMs('BSE', '2026-11-26')).toBe(Date.parse('2026-11-26T10:10:00Z'));
  });

  it('keeps an expiry until the close, and not at the close itself', () => {
    const close = segmentCloseMs('NSE', '2026-11-24');
    expect(isExpiryCurrent('NSE', '2026-11-24', close - 1)).toBe(true);
    expect(isExpiryCurrent('NSE', '2026-11-24', close)).toBe(false);
  });
});

describe('calendars', () => {
  it('opens on weekdays from 09:15 to the close', () => {
    const open = indiaInstant('2026-11-24', 9 * 60 + 15);
    expect(weekdayCalendar.isOpen('NSE', open - 1)).toBe(false);
    expect(weekdayCalendar.isOpen('NSE', open)).toBe(true);
    expect(weekdayCalendar.isOpen('NSE', segmentCloseMs('NSE', '2026-11-24'))).toBe(false);
    expect(weekdayCalendar.isOpen('NSE', indiaInstant('2026-11-22', 12 * 60))).toBe(false);
  });

  it.each([
    ['2026-11-24', 0, '2026-11-24'],
    ['2026-11-24', 9 * 60 + 15, '2026-11-25'],
    ['2026-11-20', 16 * 60, '2026-11-23'],
    ['2026-11-21', 9 * 60, '2026-11-23'],
  ])('after %s, minute %d, opens next on %s', (date, minute, next) => {
    const expected = indiaInstant(next, 9 * 60 + 15);
    expect(weekdayCalendar.nextOpenMs('NSE', indiaInstant(date, minute))).toBe(expected);
  });

  it('has one that never closes', () => {
    const sunday = indiaInstant('2026-11-22', 3 * 60);
    expect(alwaysOpenCalendar.isOpen('NSE', sunday)).toBe(true);
    expect(alwaysOpenCalendar.nextOpenMs('NSE', sunday)).toBeUndefined();
  });
});
