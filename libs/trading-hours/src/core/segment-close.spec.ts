import { describe, expect, it } from 'vitest';
import { bseDerivatives, nseDerivatives } from '../presets/derivatives';
import { mcxCommodities } from '../presets/commodities';
import { segmentCloseMs } from './segment-close';
import { createCalendar } from './session-calendar';

const at = (date: string, time: string): number => Date.parse(`${date}T${time}:00+05:30`);
const calendars = {
  NSE: createCalendar(nseDerivatives),
  BSE: createCalendar(bseDerivatives),
  MCX: createCalendar(mcxCommodities),
};

describe('the close of a segment on a date', () => {
  it.each([
    ['NSE', '2026-07-31', '15:30'], ['NSE', '2026-08-03', '15:40'], ['BSE', '2026-11-26', '15:40'],
    ['MCX', '2026-03-06', '23:55'], ['MCX', '2026-03-09', '23:30'], ['MCX', '2026-11-02', '23:55'],
    ['MCX', '2026-01-01', '17:00'], ['MCX', '2020-04-20', '17:00'],
    ['NSE', '2025-10-21', '14:45'], ['NSE', '2024-03-02', '12:30'],
    // Without trading, as on an ordinary date: a holiday, a weekend, hours that are not known.
    ['NSE', '2026-01-26', '15:30'], ['NSE', '2026-11-24', '15:40'], ['NSE', '2026-08-08', '15:40'],
    ['NSE', '2026-11-08', '15:40'], ['MCX', '2026-01-26', '23:55'],
    // Before and after what the calendars know.
    ['NSE', '2012-06-28', '15:30'], ['NSE', '2071-06-30', '15:40'],
  ] as const)('%s on %s: %s', (exchange, date, time) => {
    expect(segmentCloseMs(exchange, date)).toBe(at(date, time));
  });

  it('is the calendar\'s on every date of trading', () => {
    for (const exchange of ['NSE', 'BSE', 'MCX'] as const) {
      const calendar = calendars[exchange];
      for (const date of calendar.tradingDaysBetween('2015-01-01', '2027-12-31')) {
        const close = calendar.sessionOn(date).sessions.at(-1)?.closeMs;
        expect(segmentCloseMs(exchange, date), `${exchange} ${date}`).toBe(close);
      }
    }
  });

  it.each(['2026-02-30', '1999-12-31', 'tomorrow'])('refuses %s', (date) => {
    expect(() => segmentCloseMs('NSE', date)).toThrow(/needs one from 2000 on/);
  });
});
