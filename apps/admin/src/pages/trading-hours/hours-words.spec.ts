import { templateFormat, templateSchema } from '@strikewire/trading-hours';
import { expect, it } from 'vitest';
import { segmentStatusOf } from '../../testing';
import * as words from './hours-words';

const nowMs = Date.parse('2026-11-24T10:00:00+05:30');

it('sessions are said by their own zone, also past midnight', () => {
  const day = { open: '2026-11-24T09:15:00+05:30', close: '2026-11-24T15:40:00+05:30' };
  const night = { open: '2026-11-24T23:00:00-05:00', close: '2026-11-25T02:00:00-05:00' };
  expect(words.sessionsLabel([day, night])).toBe('09:15–15:40, 23:00–02:00 +1');
  const whole = { open: '2026-11-24T00:00:00+05:30', close: '2026-11-25T00:00:00+05:30' };
  expect(words.stretchLabel(whole)).toBe('00:00–24:00');
  expect(words.sessionsLabel([])).toBe('closed');
  expect(words.datedLabel('2027-01-26', nowMs)).toBe('Tue 26 Jan 27');
});

it('warnings of dates that are over are left out', () => {
  const warnings = ['2026-11-08 Muhurat: hours are not known yet', 'no year of it is verified'];
  expect(words.presentWarnings(warnings, '2026-11-09')).toEqual(['no year of it is verified']);
  expect(words.presentWarnings(warnings, '2026-11-08')).toEqual(warnings);
});

it('that nobody has checked the year is said once, and calmly', () => {
  const warnings = ['no year of it is verified', '2026 is not verified: none is known'];
  const today = { date: '2026-11-24', state: 'open', name: 'Drill', verified: false } as const;
  expect(words.segmentRemarks(segmentStatusOf({ today, warnings }))).toEqual([
    { text: 'today: Drill', isCalm: false },
    { text: 'the list of holidays is not verified: some may be missing', isCalm: true },
  ]);
  const [, soon = ''] = warnings;
  expect(words.segmentRemarks(segmentStatusOf({ warnings: [soon] }))).toEqual([
    { text: soon, isCalm: false },
  ]);
});

it('needs are placed as the page names the fields', () => {
  const template = templateSchema.parse({
    format: templateFormat,
    name: 'Test',
    exchange: 'NSE',
    segment: 'fno',
    weeks: [{ from: '2015-01-01', days: {} }],
    dates: [{ kind: 'closed', date: '2026-11-24', name: 'Guru Nanak Jayanti' }],
  });
  const paths = ['weeks.0.days.mon.1.start', 'weeks.0.from', 'dates.0.name', 'name'];
  expect(paths.map((path) => words.fieldWords(template, path))).toEqual([
    'Monday window 2 start',
    'hours since 2015-01-01',
    '2026-11-24 Guru Nanak Jayanti',
    'name',
  ]);
});
