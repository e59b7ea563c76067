import { describe, expect, it } from 'vitest';
import { holidays, nseSessions } from './exchange-days';

describe('exchange days', () => {
  it('are weekdays, each once, ascending', () => {
    expect(holidays).toEqual([...new Set(holidays)].sort());
    for (const date of holidays) {
      expect([1, 2, 3, 4, 5], date).toContain(new Date(`${date}T00:00:00Z`).getUTCDay());
    }
  });

  it('close derivatives at 15:40 from August 2026 on and shares at 15:30', () => {
    if (nseSessions.kind !== 'hours') throw new Error('NSE keeps hours');
    const closes = nseSessions.eras.map(({ from, cash, derivatives }) =>
      [from, cash.closeMinute, derivatives.closeMinute]);
    expect(closes).toEqual([['2000-01-01', 930, 930], ['2026-08-03', 930, 940]]);
  });
});
