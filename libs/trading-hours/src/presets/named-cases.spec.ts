import { describe, expect, it } from 'vitest';
import { createCalendar, type TradingHoursCalendar } from '../core/session-calendar';
import { templateSchema } from '../core/template';
import { tradingHoursPresets } from './index';

const calendars = new Map(
  tradingHoursPresets.map((preset) => [preset.name, createCalendar(preset)]),
);
const calendarOf = (name: string): TradingHoursCalendar => {
  const calendar = calendars.get(name);
  if (!calendar) throw new Error(`no preset is named ${name}`);
  return calendar;
};
const at = (date: string, time: string): number => {
  return Date.parse(`${date}T${time.length === 5 ? `${time}:00` : time}+05:30`);
};
const india = (atMs: number): string => new Date(atMs + 19_800_000).toISOString().slice(11, 16);
const hoursOf = (name: string, date: string, instrumentClass = 'default'): string =>
  calendarOf(name)
    .sessionOn(date, { instrumentClass })
    .sessions.map(({ openMs, closeMs }) => `${india(openMs)}-${india(closeMs)}`)
    .join(' ');
const [fno, equity, bse, mcx] = ['NSE F&O', 'NSE equity', 'BSE F&O', 'MCX non-agri'];

describe('presets', () => {
  it('are as the schema has them, and the first of a segment is not the one for any hour', () => {
    const segments = tradingHoursPresets.map((preset) => {
      const { exchange, segment } = templateSchema.parse(preset);
      return `${exchange} ${segment}`;
    });
    expect(segments).toEqual([
      'NSE fno', 'NSE equity', 'BSE fno', 'MCX commodity', 'MCX agri', 'NSE currency', 'NSE fno',
    ]);
  });

  it('say where every date comes from', () => {
    for (const { name, dates = [], overrides = [] } of tradingHoursPresets) {
      for (const { date, source } of [...dates, ...overrides]) {
        expect(source, `${name} ${date}`).toMatch(/confidence: (high|medium|low)/);
      }
    }
  });

  it.each([
    [fno, '2023-06-01', false], [fno, '2024-06-03', true], [fno, '2026-12-31', true],
    [fno, '2027-01-01', false], [mcx, '2024-06-03', false], [mcx, '2025-06-03', true],
    ['NSE currency', '2025-06-03', false], ['24x7', '2027-01-03', true],
  ])('%s of %s is verified: %s', (name, date, verified) => {
    expect(calendarOf(name).sessionOn(date).verified).toBe(verified);
  });
});

describe('days that went otherwise than others', () => {
  it.each([
    // Daylight time in New York.
    [mcx, '2026-03-06', '09:00-23:55'], [mcx, '2026-03-09', '09:00-23:30'],
    [mcx, '2025-10-31', '09:00-23:30'], [mcx, '2025-11-03', '09:00-23:55'],
    [mcx, '2026-10-30', '09:00-23:30'], [mcx, '2026-11-02', '09:00-23:55'],
    // Muhurat trading in the afternoon, and the day after it.
    [fno, '2025-10-21', '13:45-14:45'], [equity, '2025-10-21', '13:45-14:45'],
    [mcx, '2025-10-21', '13:45-14:45'], [fno, '2025-10-22', ''], [mcx, '2025-10-22', '17:00-23:30'],
    ['MCX agri', '2025-10-22', '17:00-21:00'],
    [fno, '2023-11-11', ''], [fno, '2023-11-12', '18:15-19:15'],
    [fno, '2022-10-24', '18:15-19:15'], [fno, '2022-10-25', '09:15-15:30'],
    [fno, '2022-10-26', ''], [mcx, '2018-11-07', '17:00-23:55'],
    // A Saturday in place of a Monday.
    [fno, '2024-01-19', '09:15-15:30'], [fno, '2024-01-20', '09:15-15:30'],
    [fno, '2024-01-21', ''], [fno, '2024-01-22', ''], [fno, '2024-01-23', '09:15-15:30'],
    [mcx, '2024-01-20', ''], [mcx, '2024-01-22', '17:00-23:55'],
    // Two windows.
    [fno, '2024-03-02', '09:15-10:00 11:30-12:30'], [bse, '2024-05-18', '09:15-10:00 11:30-12:30'],
    [equity, '2024-03-02', '09:15-10:00 11:30-12:30'], [mcx, '2024-03-02', ''],
    // Budget days.
    [equity, '2015-02-28', '09:15-15:30'], [fno, '2020-02-01', '09:15-15:30'],
    [fno, '2026-02-01', '09:15-15:30'], [mcx, '2026-02-01', '09:00-17:00'],
    [mcx, '2025-02-01', '09:00-17:00'],
    // To 15:40 since the closing auction.
    [fno, '2026-07-31', '09:15-15:30'], [fno, '2026-08-03', '09:15-15:40'],
    [bse, '2026-08-03', '09:15-15:40'], [equity, '2026-08-03', '09:15-15:30'],
    // New Year and a day on which all are closed.
    [fno, '2026-01-01', '09:15-15:30'], [mcx, '2026-01-01', '09:00-17:00'],
    ['MCX agri', '2026-01-01', '09:00-17:00'],
    [fno, '2026-01-26', ''], [equity, '2026-01-26', ''], [bse, '2026-01-26', ''],
    [mcx, '2026-01-26', ''],
    // The pandemic.
    [mcx, '2018-12-28', '10:00-23:55'], [mcx, '2018-12-31', '09:00-23:55'],
    [mcx, '2020-03-27', '09:00-23:30'], [mcx, '2020-03-30', '09:00-17:00'],
    [mcx, '2020-04-02', ''], [mcx, '2020-04-06', ''], [mcx, '2020-04-14', ''],
    [mcx, '2020-04-20', '09:00-17:00'], [mcx, '2020-04-23', '09:00-23:30'],
    ['MCX agri', '2020-04-23', '09:00-17:00'],
    // Split holidays of MCX alone.
    [mcx, '2015-05-04', '17:00-23:30'], [fno, '2015-05-04', '09:15-15:30'],
    [mcx, '2015-12-24', '17:00-23:55'], [fno, '2015-12-24', '09:15-15:30'],
    // Elections; Bakri Id of 2023, which was moved.
    [fno, '2019-04-29', ''], [fno, '2019-10-21', ''], [fno, '2024-05-20', ''],
    [fno, '2024-11-19', '09:15-15:30'], [fno, '2024-11-20', ''], [mcx, '2024-11-20', '17:00-23:55'],
    ['MCX agri', '2024-11-20', '17:00-21:00'],
    [fno, '2026-01-15', ''], [mcx, '2026-01-15', '17:00-23:55'],
    [fno, '2023-06-28', '09:15-15:30'], [fno, '2023-06-29', ''],
    // Outages.
    [fno, '2021-02-24', '09:15-17:00'], [bse, '2021-02-24', '09:15-17:00'],
    [mcx, '2025-10-28', '13:25-23:30'], [mcx, '2025-07-23', '10:17-23:30'],
    // Trading without settlement.
    [fno, '2025-09-08', '09:15-15:30'], ['NSE currency', '2025-09-08', ''],
    ['NSE currency', '2025-09-09', '09:00-17:00'],
    ['24x7', '2026-01-26', '00:00-00:00'],
  ])('%s on %s: %s', (name, date, hours) => {
    expect(hoursOf(name, date)).toBe(hours);
  });

  it('is shut between the windows of a drill', () => {
    const calendar = calendarOf(fno);
    const isOpen = (time: string): boolean => calendar.isOpen(at('2024-03-02', time));
    expect(['10:00', '10:30', '11:29:59'].map(isOpen)).toEqual([false, false, false]);
    expect(['09:59:59', '11:30', '12:29:59'].map(isOpen)).toEqual([true, true, true]);
    expect(calendar.nextClose(at('2024-03-02', '09:30'))).toBe(at('2024-03-02', '10:00'));
    expect(calendar.nextOpen(at('2024-03-02', '10:00'))).toBe(at('2024-03-02', '11:30'));
    expect(calendar.tradingDaysBetween('2024-03-01', '2024-03-04')).toEqual([
      '2024-03-01', '2024-03-02',
    ]);
  });

  it('is open at 15:35 from 2026-08-03, and closed at 15:40:00', () => {
    const isOpen = (date: string, time: string): boolean => calendarOf(fno).isOpen(at(date, time));
    expect(isOpen('2026-07-31', '15:35')).toBe(false);
    expect(isOpen('2026-08-03', '15:35')).toBe(true);
    expect(isOpen('2026-08-03', '15:39:59')).toBe(true);
    expect(isOpen('2026-08-03', '15:40')).toBe(false);
  });

  it('halts without closing on the day of the outage', () => {
    const calendar = calendarOf(fno);
    const noon = at('2021-02-24', '12:00');
    expect(calendar.isOpen(noon)).toBe(false);
    expect(calendar.phaseAt(noon)).toMatchObject({ phase: 'halt', isTradable: false });
    expect(calendar.nextClose(noon)).toBe(at('2021-02-24', '17:00'));
    expect(calendar.isOpen(at('2021-02-24', '16:00'))).toBe(true);
    const knownAt = at('2021-02-24', '11:00');
    expect(calendar.isOpen(noon, { knownAt })).toBe(true);
    expect(calendar.nextClose(noon, { knownAt })).toBe(at('2021-02-24', '15:30'));
    expect(calendarOf(equity).isOpen(at('2021-02-24', '11:41'))).toBe(false);
    expect(calendarOf(fno).isOpen(at('2021-02-24', '11:41'))).toBe(true);
  });

  it('opens late on the day of an outage, and had planned otherwise', () => {
    const knownAt = at('2025-10-28', '08:00');
    const from = at('2025-10-27', '23:45');
    expect(calendarOf(mcx).nextOpen(from)).toBe(at('2025-10-28', '13:25'));
    expect(calendarOf(mcx).nextOpen(from, { knownAt })).toBe(at('2025-10-28', '09:00'));
  });

  it('trades on 2025-09-08 and settles nothing', () => {
    expect(calendarOf(equity).sessionOn('2025-09-08')).toMatchObject({
      state: 'open', settles: false, name: null,
    });
    expect(calendarOf(equity).sessionOn('2025-09-09').settles).toBe(true);
    expect(calendarOf(equity).sessionOn('2026-02-01').settles).toBe(false);
    expect(calendarOf(equity).sessionOn('2026-02-02').settles).toBe(true);
  });

  it.each([fno, equity, bse, mcx, 'MCX agri', 'NSE currency'])(
    '%s knows of 2026-11-08, but not when',
    (name) => {
      const day = calendarOf(name).sessionOn('2026-11-08');
      expect(day).toMatchObject({ state: 'hours_unknown', sessions: [] });
      expect(calendarOf(name).isOpen(at('2026-11-08', '18:30'))).toBe(false);
    },
  );
});

describe('what was known when', () => {
  it('has three versions of the weekend of 20 January 2024', () => {
    const known = (date: string, when: string): string =>
      calendarOf(fno).sessionOn(date, { knownAt: at(when, '12:00') }).state;
    expect(known('2024-01-20', '2023-12-27')).toBe('closed');
    expect(known('2024-01-20', '2023-12-29')).toBe('hours_unknown');
    expect(known('2024-01-20', '2024-01-20')).toBe('open');
    expect(known('2024-01-22', '2024-01-18')).toBe('open');
    expect(known('2024-01-22', '2024-01-20')).toBe('closed');
  });

  it('does not know of the elections of January 2026 before they are declared', () => {
    const knownAt = at('2026-01-11', '12:00');
    expect(calendarOf(fno).isOpen(at('2026-01-15', '12:00'), { knownAt })).toBe(true);
    expect(calendarOf(fno).isOpen(at('2026-01-15', '12:00'))).toBe(false);
  });
});

describe('classes of instruments', () => {
  it('lets futures alone into the pre-open session, from 2025-12-08', () => {
    expect(hoursOf(fno, '2025-12-05', 'futures')).toBe('09:15-15:30');
    expect(hoursOf(fno, '2025-12-08', 'futures')).toBe('09:00-15:30');
    expect(hoursOf(fno, '2025-12-08', 'options')).toBe('09:15-15:30');
    const futures = { instrumentClass: 'futures' };
    const isOpen = (time: string): boolean =>
      calendarOf(fno).isOpen(at('2025-12-08', time), futures);
    expect(['09:07:59', '09:08', '09:14:59', '09:15'].map(isOpen)).toEqual([
      true, false, false, true,
    ]);
    expect(calendarOf(fno).phaseAt(at('2025-12-08', '09:05'))).toMatchObject({
      phase: 'pre_open', isTradable: false,
    });
  });

  it('closes shares with derivatives in an auction, from 2026-08-03', () => {
    const calendar = calendarOf(equity);
    const phase = (time: string, instrumentClass: string): string =>
      calendar.phaseAt(at('2026-08-03', time), { instrumentClass }).phase;
    const times = ['15:14', '15:15', '15:20', '15:30', '15:35', '15:50', '16:00'];
    expect(times.map((time) => phase(time, 'equity_fno'))).toEqual([
      'continuous', 'reference_price', 'closing_auction', 'closing_auction_matching', 'closed',
      'post_close', 'closed',
    ]);
    expect(times.map((time) => phase(time, 'default'))).toEqual([
      'continuous', 'continuous', 'continuous', 'closed', 'closed', 'post_close', 'closed',
    ]);
    expect(phase('15:20', 'block_deal')).toBe('closed');
    const query = { instrumentClass: 'equity_fno' };
    expect(calendar.isOpen(at('2026-08-03', '15:17'), query)).toBe(false);
    expect(calendar.isOpen(at('2026-08-03', '15:25'), query)).toBe(true);
    expect(hoursOf(equity, '2026-08-03', 'equity_fno')).toBe('09:15-15:30');
    expect(calendar.nextClose(at('2026-08-03', '15:00'), query)).toBe(at('2026-08-03', '15:30'));
  });

  it('has two windows of block deals a day', () => {
    expect(hoursOf(equity, '2024-06-03', 'block_deal')).toBe('08:45-09:00 14:05-14:20');
    expect(calendarOf(equity).phaseAt(at('2024-06-03', '08:50')).phase).toBe('block_deal');
    expect(calendarOf(equity).phaseAt(at('2024-06-03', '14:10')).phase).toBe('continuous');
  });

  it('ends crops without a price abroad at 17:00, and not in the evening of a holiday', () => {
    expect(hoursOf('MCX agri', '2025-06-03', 'other_agri')).toBe('09:00-17:00');
    expect(hoursOf('MCX agri', '2025-06-03')).toBe('09:00-21:00');
    expect(hoursOf('MCX agri', '2026-01-15', 'other_agri')).toBe('');
    expect(hoursOf('MCX agri', '2026-01-15')).toBe('17:00-21:00');
  });
});

describe('phases around the hours of trading', () => {
  it.each([
    [equity, '2024-06-03', [
      'block_deal 08:45-09:00', 'pre_open 09:00-09:08', 'pre_open_matching 09:08-09:15',
      'continuous 09:15-15:30', 'post_close 15:40-16:00',
    ]],
    [equity, '2024-03-02', [
      'pre_open 09:00-09:08', 'pre_open_matching 09:08-09:15', 'continuous 09:15-10:00',
      'pre_open 11:15-11:23', 'pre_open_matching 11:23-11:30', 'continuous 11:30-12:30',
      'post_close 12:40-12:50',
    ]],
    [mcx, '2026-03-09', ['order_cancel 08:45-08:59', 'continuous 09:00-23:30']],
  ])('%s on %s', (name, date, expected) => {
    const { phases } = calendarOf(name).sessionOn(date);
    expect(
      phases.map(({ phase, startMs, endMs }) => `${phase} ${india(startMs)}-${india(endMs)}`),
    ).toEqual(expected);
  });
});
