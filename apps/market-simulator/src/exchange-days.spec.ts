import { describe, expect, it } from 'vitest';
import { exchangeSessions, holidays } from './exchange-days';

describe('exchange days', () => {
  it('are weekdays, each once, ascending', () => {
    expect(holidays).toEqual([...new Set(holidays)].sort());
    for (const date of holidays) {
      expect([1, 2, 3, 4, 5], date).toContain(new Date(`${date}T00:00:00Z`).getUTCDay());
    }
  });

  it('close derivatives at 15:40 from August 2026 on and shares at 15:30', () => {
    if (exchangeSessions.kind !== 'hours') throw new Error('NSE keeps hours');
    const closes = exchangeSessions.eras.map(({ from, cash, derivatives }) =>
      [from, cash.closeMinute, derivatives.closeMinute]);
    expect(closes).toEqual([['2000-01-01', 930, 930], ['2026-08-03', 930, 940]]);
  });

  it('close MCX by the clocks of New York, and open it in the evening of most holidays', () => {
    if (exchangeSessions.kind !== 'hours') throw new Error('MCX keeps hours');
    const { eras = [], days = {} } = exchangeSessions.commodities ?? {};
    const inNewYork = new Intl.DateTimeFormat('en', {
      timeZone: 'America/New_York', timeZoneName: 'shortOffset',
    });
    for (const { from, hours } of eras) {
      const isSummer = inNewYork.format(new Date(`${from}T16:00:00Z`)).endsWith('GMT-4');
      expect([from, hours.closeMinute]).toEqual([from, isSummer ? 1_410 : 1_435]);
    }
    const closed = Object.keys(days).filter((date) => days[date] === null);
    expect(closed).toEqual(['2026-01-26', '2026-04-03', '2026-10-02', '2026-12-25']);
    expect(holidays.filter((date) => days[date] === undefined)).toEqual([]);
    expect(days['2026-11-24']).toEqual({ openMinute: 1_020, closeMinute: 1_435 });
    expect(days['2026-10-20']).toEqual({ openMinute: 1_020, closeMinute: 1_410 });
  });
});
