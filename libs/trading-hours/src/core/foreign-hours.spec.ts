import { describe, expect, it } from 'vitest';
import { createCalendar } from './session-calendar';
import { templateFormat, type PhaseWindow, type TradingHoursInput } from './template';

const workdays = (windows: PhaseWindow[]) => {
  return { mon: windows, tue: windows, wed: windows, thu: windows, fri: windows };
};
const hours = (
  timeZone: string,
  windows: PhaseWindow[],
  more: Partial<TradingHoursInput> = {},
): TradingHoursInput => ({
  format: templateFormat,
  name: timeZone,
  exchange: 'X',
  segment: 'x',
  timeZone,
  weeks: [{ from: '2024-01-01', days: workdays(windows) }],
  ...more,
});
const window = (phase: PhaseWindow['phase'], start: string, end: string): PhaseWindow => {
  return { phase, start, end };
};
const at = Date.parse;

describe('a lunch break', () => {
  const tokyo = createCalendar(
    hours('Asia/Tokyo', [], {
      weeks: [
        { from: '2024-01-01', days: workdays([
          window('continuous', '09:00', '11:30'), window('break', '11:30', '12:30'),
          window('continuous', '12:30', '15:00'),
        ]) },
        { from: '2024-11-05', days: workdays([
          window('continuous', '09:00', '11:30'), window('break', '11:30', '12:30'),
          window('continuous', '12:30', '15:30'),
        ]) },
      ],
      dates: [{ kind: 'closed', date: '2024-11-04', name: 'Culture Day, observed' }],
    }),
  );

  it.each([
    ['2024-11-01T15:00:00+09:00', false], ['2024-11-01T14:59:59+09:00', true],
    ['2024-11-04T10:00:00+09:00', false],
    ['2024-11-05T08:59:59+09:00', false], ['2024-11-05T09:00:00+09:00', true],
    ['2024-11-05T11:29:59+09:00', true], ['2024-11-05T11:30:00+09:00', false],
    ['2024-11-05T12:29:59+09:00', false], ['2024-11-05T12:30:00+09:00', true],
    ['2024-11-05T15:29:59.999+09:00', true], ['2024-11-05T15:30:00+09:00', false],
  ])('Tokyo at %s is open: %s', (when, isOpen) => {
    expect(tokyo.isOpen(at(when))).toBe(isOpen);
  });

  it('is neither a close nor an open', () => {
    const noon = at('2024-11-05T12:00:00+09:00');
    expect(tokyo.nextClose(noon)).toBe(at('2024-11-05T15:30:00+09:00'));
    expect(tokyo.nextOpen(noon)).toBe(at('2024-11-06T09:00:00+09:00'));
    expect(tokyo.previousOpen(noon)).toBe(at('2024-11-05T09:00:00+09:00'));
    expect(tokyo.minutesToClose(noon)).toBe(210);
    expect(tokyo.phaseAt(noon)).toEqual({
      phase: 'break', date: '2024-11-05', isTradable: false,
      untilMs: at('2024-11-05T12:30:00+09:00'),
    });
    expect(tokyo.sessionOn('2024-11-05').sessions).toHaveLength(1);
  });

  it('can have hours on one side only, as on a half day in Hong Kong', () => {
    const day = [
      window('continuous', '09:30', '12:00'), window('break', '12:00', '13:00'),
      window('continuous', '13:00', '16:00'),
    ];
    const hongKong = createCalendar(
      hours('Asia/Hong_Kong', day, {
        dates: [{ kind: 'partial', date: '2024-12-24', name: 'Christmas Eve', closes: '12:00' }],
      }),
    );
    expect(hongKong.nextClose(at('2024-12-23T12:30:00+08:00'))).toBe(
      at('2024-12-23T16:00:00+08:00'),
    );
    const [session] = hongKong.sessionOn('2024-12-24').sessions;
    expect(session?.closeMs).toBe(at('2024-12-24T12:00:00+08:00'));
    expect(hongKong.nextOpen(at('2024-12-24T12:00:00+08:00'))).toBe(
      at('2024-12-25T09:30:00+08:00'),
    );
  });
});

describe('daylight saving', () => {
  const newYork = createCalendar(
    hours('America/New_York', [window('continuous', '09:30', '16:00')]),
  );

  it.each([
    ['2025-03-07', '14:30', '21:00'], ['2025-03-10', '13:30', '20:00'],
    ['2025-10-31', '13:30', '20:00'], ['2025-11-03', '14:30', '21:00'],
  ])('New York on %s is open from %s to %s UTC', (date, open, close) => {
    const [session] = newYork.sessionOn(date).sessions;
    expect(session).toEqual({
      date, openMs: at(`${date}T${open}:00Z`), closeMs: at(`${date}T${close}:00Z`),
    });
  });

  it.each([
    // Evening to evening, over the nights on which clocks change.
    ['2025-03-08', '2025-03-08T23:00:00Z', '2025-03-09T21:00:00Z', 22],
    ['2025-11-01', '2025-11-01T22:00:00Z', '2025-11-02T22:00:00Z', 24],
    ['2025-06-07', '2025-06-07T22:00:00Z', '2025-06-08T21:00:00Z', 23],
  ])('a session past midnight of %s belongs to the date that it begins on', (date, from, to, h) => {
    const night = createCalendar(
      hours('America/New_York', [], {
        weeks: [{ from: '2024-01-01', days: { sat: [window('continuous', '18:00', '41:00')] } }],
      }),
    );
    expect(night.sessionOn(date).sessions).toEqual([{ date, openMs: at(from), closeMs: at(to) }]);
    expect((at(to) - at(from)) / 3_600_000).toBe(h);
    expect(night.phaseAt(at(to) - 1).date).toBe(date);
    expect(night.tradingDaysBetween(date, date)).toEqual([]);
  });

  it('leaves out what a change of the clock swallows', () => {
    const night = (start: string, end: string) =>
      createCalendar(
        hours('America/New_York', [], {
          weeks: [{
            from: '2024-01-01',
            days: { sun: [window('continuous', '01:00', start), window('continuous', start, end)] },
          }],
        }),
      ).sessionOn('2025-03-09').sessions;
    expect(night('02:30', '02:45')).toEqual([
      {
        date: '2025-03-09',
        openMs: at('2025-03-09T06:00:00Z'),
        closeMs: at('2025-03-09T07:45:00Z'),
      },
    ]);
    // 02:30 is 03:30 by the new clock, after 03:15 already.
    expect(night('02:30', '03:15')[0]?.closeMs).toBe(at('2025-03-09T07:30:00Z'));
  });

  it('keeps windows in order that a change of the clock puts into one another', () => {
    const days = {
      sun: [window('continuous', '02:30', '02:45'), window('pre_open', '03:00', '04:00')],
    };
    const weeks = [{ from: '2024-01-01', days }];
    const night = createCalendar(hours('America/New_York', [], { weeks }));
    const { phases } = night.sessionOn('2025-03-09');
    expect(phases.map(({ phase, startMs, endMs }) => [phase, startMs, endMs])).toEqual([
      ['continuous', at('2025-03-09T07:30:00Z'), at('2025-03-09T07:45:00Z')],
      ['pre_open', at('2025-03-09T07:45:00Z'), at('2025-03-09T08:00:00Z')],
    ]);
    expect(night.phaseAt(at('2025-03-09T07:40:00Z')).phase).toBe('continuous');
  });

  it('ends at a time that comes once, also in the night of the repeated hour', () => {
    const days = { sun: [window('continuous', '00:30', '02:00')] };
    const weeks = [{ from: '2024-01-01', days }];
    const night = createCalendar(hours('America/New_York', [], { weeks }));
    expect(night.sessionOn('2025-11-02').sessions).toEqual([{
      date: '2025-11-02',
      openMs: at('2025-11-02T04:30:00Z'),
      closeMs: at('2025-11-02T07:00:00Z'),
    }]);
  });
});

describe('edges', () => {
  const india = hours('Asia/Kolkata', [window('continuous', '09:15', '15:30')], {
    dates: [
      {
        kind: 'closed',
        date: '2026-01-15',
        name: 'Elections',
        knownAt: '2026-01-12T10:00:00+05:30',
      },
      { kind: 'extension', date: '2026-01-20', name: 'Longer', minutes: 30 },
    ],
    overrides: [{ kind: 'closed', date: '2026-01-21', name: 'Once' },
      { kind: 'regular', date: '2026-01-21', name: 'And back' }],
    verifiedYears: [2026],
  });
  const calendar = createCalendar(india, { from: '2026-01-01', to: '2026-01-31' });

  it('are half-open, next and previous are strict', () => {
    const [open, close] = [at('2026-01-13T09:15:00+05:30'), at('2026-01-13T15:30:00+05:30')];
    expect([open - 1, open, close - 1, close].map((one) => calendar.isOpen(one))).toEqual([
      false, true, true, false,
    ]);
    const day = 86_400_000;
    expect(calendar.nextOpen(open)).toBe(open + day);
    expect(calendar.nextOpen(open - 1)).toBe(open);
    expect(calendar.previousOpen(open)).toBe(open - day);
    expect(calendar.nextClose(close)).toBe(close + day);
    expect(calendar.previousClose(close)).toBe(close - day);
    expect(calendar.previousClose(close + 1)).toBe(close);
    expect(calendar.minutesToClose(close)).toBeNull();
    expect(calendar.minutesToClose(close - 60_000)).toBe(1);
  });

  it.each(['2025-12-31T23:59:59+05:30', '2026-02-01T00:00:00+05:30'])(
    'refuses %s, which is outside', (when) => {
      expect(() => calendar.isOpen(at(when))).toThrow(/knows 2026-01-01 to 2026-01-31/);
      expect(() => calendar.nextOpen(at(when))).toThrow(/outside/);
      expect(() => calendar.sessionOn(when.slice(0, 10))).toThrow(/outside/);
    },
  );

  it('refuses what is no instant, and has undefined for what does not come', () => {
    expect(() => calendar.isOpen(NaN)).toThrow(/NaN is outside/);
    expect(calendar.nextOpen(at('2026-01-31T12:00:00+05:30'))).toBeUndefined();
    expect(calendar.previousClose(at('2026-01-01T12:00:00+05:30'))).toBeUndefined();
  });

  it('takes changes as they were known', () => {
    const noon = at('2026-01-15T12:00:00+05:30');
    const known = (text: string) => ({ knownAt: at(text) });
    expect(calendar.isOpen(noon)).toBe(false);
    expect(calendar.isOpen(noon, known('2026-01-12T09:59:59+05:30'))).toBe(true);
    expect(calendar.isOpen(noon, known('2026-01-12T10:00:00+05:30'))).toBe(false);
    expect(calendar.sessionOn('2026-01-15')).toMatchObject({ layer: 'date', name: 'Elections' });
  });

  it('takes a special session before a closure of the same date, wherever it stands', () => {
    const special = {
      kind: 'special', date: '2026-01-14', name: 'Muhurat',
      windows: [window('continuous', '18:00', '19:00')],
    } as const;
    const closed = { kind: 'closed', date: '2026-01-14', name: 'Diwali' } as const;
    for (const dates of [[special, closed], [closed, special]]) {
      const day = createCalendar({ ...india, dates: dates as never }).sessionOn('2026-01-14');
      expect(day).toMatchObject({ state: 'open', name: 'Muhurat' });
    }
  });

  it('counts a session from its open on, and not one that opens at the end', () => {
    const [open, next] = [at('2026-01-13T09:15:00+05:30'), at('2026-01-14T09:15:00+05:30')];
    const dates = (from: number, to: number): string[] =>
      calendar.sessionsBetween(from, to).map(({ date }) => date);
    expect(dates(open, next)).toEqual(['2026-01-13']);
    expect(dates(open + 1, next + 1)).toEqual(['2026-01-14']);
  });

  it('takes the last override, and extends the last phase', () => {
    expect(calendar.sessionOn('2026-01-21')).toMatchObject({ state: 'open', layer: 'override' });
    expect(calendar.isOpen(at('2026-01-20T15:59:59+05:30'))).toBe(true);
    expect(calendar.isOpen(at('2026-01-20T16:00:00+05:30'))).toBe(false);
  });

  it('halts as it happens, without closing', () => {
    const from = at('2026-01-13T11:00:00+05:30');
    const to = at('2026-01-13T12:00:00+05:30');
    const halts = [{ fromMs: from, toMs: to, reason: 'outage' }];
    const halted = createCalendar(india, { halts });
    expect([from - 1, from, to - 1, to].map((one) => halted.isOpen(one))).toEqual([
      true, false, false, true,
    ]);
    expect(halted.phaseAt(from - 1)).toMatchObject({ phase: 'continuous', untilMs: from });
    expect(halted.phaseAt(from)).toMatchObject({ phase: 'halt', isTradable: false, untilMs: to });
    const close = at('2026-01-13T15:30:00+05:30');
    expect(halted.nextClose(from)).toBe(close);
    const open = createCalendar(india, { halts: [{ fromMs: from, toMs: null, reason: 'outage' }] });
    expect(open.phaseAt(to)).toMatchObject({ phase: 'halt', untilMs: close });
    expect(open.phaseAt(close).phase).toBe('closed');
  });

  it.each([
    [[window('continuous', '10:00', '09:00')], /needs to be after 10:00/],
    [[window('continuous', '09:00', '10:00'), window('break', '09:59', '11:00')], /or after 10:00/],
    [[{ ...window('continuous', '09:00', '10:00'), classes: ['bonds'] }], /bonds is none/],
  ])('refuses windows that make no day', (windows, message) => {
    expect(() => createCalendar(hours('Asia/Kolkata', windows))).toThrow(message);
  });

  it('refuses nights that reach into the next day', () => {
    const night = [window('continuous', '09:00', '34:00')];
    expect(() => createCalendar(hours('Asia/Kolkata', night))).toThrow(
      /2024-01-02: continuous starts before the last phase has ended/,
    );
  });
});
