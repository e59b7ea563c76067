import { describe, expect, it } from 'vitest';
import { nseDerivatives } from '../../presets/derivatives';
import { alwaysHours } from '../../presets';
import { createCalendar, type TradingHoursCalendar } from '../session-calendar';
import { templateFormat, type TradingHoursInput } from '../template';
import { activityAt, plannedSessions } from './planned-sessions';

const at = (text: string): number => Date.parse(`${text}:00+05:30`);
const nse = createCalendar(nseDerivatives);

/** `connect open close clean-up` of each session of a date, as local times. */
function timesOn(calendar: TradingHoursCalendar, date: string): string[] {
  const local = (atMs: number): string =>
    new Date(atMs + 19_800_000).toISOString().slice(11, 16);
  return plannedSessions(calendar, at(`${date}T00:00`), at(`${date}T23:59`))
    .filter((session) => session.date === date)
    .map(({ connectMs, openMs, closeMs, cleanUpMs, staysUp }) =>
      [connectMs, openMs, closeMs, cleanUpMs].map(local).join(' ') + (staysUp ? ' stays' : ''),
    );
}

function calendarOf(windows: readonly (readonly [string, string, string])[]) {
  const day = windows.map(([phase, start, end]) => ({ phase, start, end }));
  const template = {
    format: templateFormat, name: 'X', exchange: 'NSE', segment: 'fno',
    weeks: [{ from: '2026-01-01', days: { mon: day, tue: day } }],
  };
  return createCalendar(template as TradingHoursInput);
}

describe('when feeds come and go', () => {
  it.each([
    ['an ordinary day', '2026-11-23', ['08:55 09:15 15:40 15:45']],
    ['a day before there was a pre-open', '2025-11-24', ['09:10 09:15 15:30 15:35']],
    ['two windows', '2024-03-02', ['09:10 09:15 10:00 10:05', '11:25 11:30 12:30 12:35']],
    ['Muhurat', '2025-10-21', ['13:40 13:45 14:45 14:50']],
    ['an outage in the middle', '2021-02-24', ['09:10 09:15 17:00 17:05']],
    ['a holiday', '2026-11-24', []],
    ['hours that are not known', '2026-11-08', []],
  ])('%s', (_name, date, expected) => {
    expect(timesOn(nse, date)).toEqual(expected);
  });

  it('goes by the pre-open that belongs to the session, not to the one before', () => {
    const calendar = calendarOf([
      ['block_deal', '08:45', '09:00'], ['pre_open', '09:00', '09:10'],
      ['continuous', '09:15', '10:00'], ['pre_open', '11:15', '11:23'],
      ['continuous', '11:30', '12:30'], ['post_close', '12:40', '12:50'],
    ]);
    expect(timesOn(calendar, '2026-11-23')).toEqual([
      '08:55 09:15 10:00 10:05', '11:10 11:30 12:30 12:35',
    ]);
  });

  it('stays up between sessions that are close to each other', () => {
    const close = calendarOf([['continuous', '09:00', '10:00'], ['continuous', '10:10', '11:00']]);
    expect(timesOn(close, '2026-11-23')).toEqual([
      '08:55 09:00 10:00 10:05 stays', '10:05 10:10 11:00 11:05',
    ]);
    const closer = calendarOf([['continuous', '09:00', '10:00'], ['continuous', '10:02', '11:00']]);
    expect(timesOn(closer, '2026-11-23')[1]).toBe('10:00 10:02 11:00 11:05');
    const apart = calendarOf([['continuous', '09:00', '10:00'], ['continuous', '10:11', '11:00']]);
    expect(timesOn(apart, '2026-11-23')[0]).toBe('08:55 09:00 10:00 10:05');
  });

  it('never goes where the market never closes', () => {
    const always = createCalendar(alwaysHours);
    for (const time of ['23:54', '23:55', '23:59', '24:00', '00:04', '00:06', '12:00']) {
      const atMs = time === '24:00' ? at('2026-11-24T00:00') : at(`2026-11-23T${time}`);
      const sessions = plannedSessions(always, atMs, atMs);
      expect(activityAt(sessions, atMs), time).toBe('subscribed');
    }
  });

  it('is asked about what no calendar knows without a word', () => {
    const short = createCalendar(nseDerivatives, { from: '2026-11-02', to: '2026-11-20' });
    expect(plannedSessions(short, at('2027-01-04T10:00'), at('2027-01-05T10:00'))).toEqual([]);
    expect(plannedSessions(short, at('2026-11-20T10:00'), at('2026-11-30T10:00'))).toHaveLength(1);
  });
});

describe('activityAt', () => {
  it.each([
    ['2026-11-23T08:54', 'off'], ['2026-11-23T08:55', 'connected'],
    ['2026-11-23T09:14', 'connected'], ['2026-11-23T09:15', 'subscribed'],
    ['2026-11-23T15:40', 'subscribed'], ['2026-11-23T15:44', 'subscribed'],
    ['2026-11-23T15:45', 'off'], ['2026-11-24T10:00', 'off'],
    ['2024-03-02T10:04', 'subscribed'], ['2024-03-02T10:05', 'off'],
    ['2024-03-02T11:25', 'connected'], ['2024-03-02T11:30', 'subscribed'],
  ] as const)('%s: %s', (time, expected) => {
    const atMs = at(time);
    expect(activityAt(plannedSessions(nse, atMs, atMs), atMs)).toBe(expected);
  });

  it('is what a walk over two years finds', () => {
    const from = at('2024-01-01T00:00');
    const sessions = nse.sessionsBetween(from, at('2025-12-31T00:00'));
    const opens = (atMs: number): boolean => nse.isOpen(atMs);
    let index = 0;
    for (let atMs = from; atMs < at('2025-12-30T00:00'); atMs += 25 * 60_000) {
      while ((sessions[index]?.closeMs ?? Infinity) + 300_000 <= atMs) index++;
      const session = sessions[index];
      const planned = plannedSessions(nse, atMs, atMs);
      const activity = activityAt(planned, atMs);
      if (opens(atMs)) expect(activity).toBe('subscribed');
      const isAfterOpen = session !== undefined && atMs >= session.openMs;
      expect(activity === 'subscribed', new Date(atMs).toISOString()).toBe(isAfterOpen);
      if (activity === 'connected') {
        expect(session!.openMs - atMs).toBeLessThanOrEqual(20 * 60_000);
      }
    }
  }, 240_000);
});
