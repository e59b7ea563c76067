import { templateFormat, templateSchema, type PhaseWindow } from '@strikewire/trading-hours';
import { expect, it } from 'vitest';
import * as edits from './grid-edits';
import { windowsOn, type Spot, type WeekAt } from './grid-windows';

const day: PhaseWindow[] = [
  { phase: 'pre_open', start: '09:00', end: '09:08' },
  { phase: 'continuous', start: '09:15', end: '15:30' },
];
const ruledEnd = { rule: 'new_york_dst', daylight: '23:30', standard: '23:55' } as const;
const weekOf = (days: Record<string, PhaseWindow[]>): WeekAt => ({
  era: 0,
  template: templateSchema.parse({
    format: templateFormat,
    name: 'Test',
    exchange: 'NSE',
    segment: 'fno',
    weeks: [{ from: '2015-01-01', days }],
  }),
});
const at = weekOf({ mon: day, tue: day });
const spot: Spot = { day: 'mon', place: 1 };
const hours = (made: edits.Edited, on: Spot['day'] = 'mon'): string[] =>
  windowsOn({ ...at, template: made.template }, on).map(
    ({ start, end }) => `${start}-${typeof end === 'string' ? end : end.daylight}`,
  );

it('moves go by steps to a multiple of the step, and keep the length', () => {
  const later = edits.moved(at, spot, { days: 0, minutes: 5, snap: 5 });
  expect(hours(later)).toEqual(['09:00-09:08', '09:20-15:35']);
  const opening = edits.moved(at, { day: 'mon', place: 0 }, { days: 0, minutes: -1, snap: 1 });
  expect(hours(opening)[0]).toBe('08:59-09:07');
  const odd = weekOf({ mon: [{ phase: 'continuous', start: '09:07', end: '10:07' }] });
  const up = edits.moved(odd, { day: 'mon', place: 0 }, { days: 0, minutes: -5, snap: 5 });
  const down = edits.moved(odd, { day: 'mon', place: 0 }, { days: 0, minutes: 5, snap: 5 });
  expect([hours(up), hours(down)]).toEqual([['09:05-10:05'], ['09:10-10:10']]);
});

it('windows stay in order of their starts when one is moved past another', () => {
  const before = edits.moved(at, spot, { days: 0, minutes: -480, snap: 5 });
  expect(hours(before)).toEqual(['01:15-07:30', '09:00-09:08']);
  expect(before.spot).toEqual({ day: 'mon', place: 0 });
});

it('a day that was listed otherwise is put in order by a change', () => {
  const [first, second] = day;
  const listed = weekOf({ mon: day });
  listed.template.weeks[0]!.days.mon = [second!, first!];
  const made = edits.moved(listed, { day: 'mon', place: 0 }, { days: 0, minutes: 5, snap: 5 });
  expect([hours(made), made.spot]).toEqual([
    ['09:00-09:08', '09:20-15:35'],
    { day: 'mon', place: 1 },
  ]);
});

it('another day keeps the times, and stands in order there', () => {
  const next = edits.moved(at, spot, { days: 2, minutes: 0, snap: 5 });
  expect([hours(next), hours(next, 'wed')]).toEqual([['09:00-09:08'], ['09:15-15:30']]);
  expect(next.spot).toEqual({ day: 'wed', place: 0 });
  const back = edits.moved(at, spot, { days: -1, minutes: 0, snap: 5 });
  expect([back.template === at.template, back.note]).toEqual([true, 'the week begins on Monday']);
});

it('a move ends at the edges of the day, and may run past midnight', () => {
  const early = edits.moved(at, spot, { days: 0, minutes: -600, snap: 5 });
  expect(hours(early)).toContain('00:00-06:15');
  expect(edits.moved({ ...at, template: early.template }, { day: 'mon', place: 0 }, {
    days: 0,
    minutes: -5,
    snap: 5,
  }).note).toBe('the day begins at 00:00');
  const late = edits.moved(at, spot, { days: 0, minutes: 600, snap: 5 });
  expect(hours(late)).toContain('19:15-25:30');
});

it('stretches one edge, with some minutes left', () => {
  const by = { start: 0, end: 0, snap: 5 };
  expect(hours(edits.stretched(at, spot, { ...by, end: 10 }))).toContain('09:15-15:40');
  expect(hours(edits.stretched(at, spot, { ...by, start: -10 }))).toContain('09:05-15:30');
  const turned = edits.stretched(at, spot, { ...by, end: -400 });
  expect(turned.template).toBe(at.template);
  expect(turned.note).toMatch(/^a window needs some minutes/);
  expect(edits.stretched(at, spot, { ...by, start: -600 }).note).toBe('the day begins at 00:00');
  const longest = edits.stretched(at, spot, { ...by, end: 3_000 });
  expect(hours(longest)).toContain('09:15-47:59');
});

it('an end that follows a rule is not dragged, its start and its day are', () => {
  const mcx = weekOf({ mon: [{ phase: 'continuous', start: '09:00', end: ruledEnd }] });
  const only: Spot = { day: 'mon', place: 0 };
  const later = edits.moved(mcx, only, { days: 0, minutes: 30, snap: 5 });
  const end = edits.stretched(mcx, only, { start: 0, end: 5, snap: 5 });
  for (const refused of [later, end]) {
    expect(refused.template).toBe(mcx.template);
    expect(refused.note).toContain("New York's daylight time");
  }
  const start = edits.stretched(mcx, only, { start: 30, end: 0, snap: 5 });
  expect(windowsOn({ ...mcx, template: start.template }, 'mon')).toEqual([
    { phase: 'continuous', start: '09:30', end: ruledEnd },
  ]);
  const next = edits.moved(mcx, only, { days: 1, minutes: 30, snap: 5 });
  expect(windowsOn({ ...mcx, template: next.template }, 'tue')[0]?.end).toEqual(ruledEnd);
});

it('adds what was drawn, and finds room when nothing was', () => {
  const drawn = edits.added(at, 'mon', { start: 500, end: 530 });
  expect(hours(drawn)[0]).toBe('08:20-08:50');
  expect(drawn.spot).toEqual({ day: 'mon', place: 0 });
  expect(hours(edits.addedSomewhere(at, 'mon'))).toContain('15:30-16:30');
  expect(hours(edits.addedSomewhere(at, 'sun'), 'sun')).toEqual(['09:15-15:30']);
  const night = weekOf({ mon: [{ phase: 'continuous', start: '02:00', end: '23:30' }] });
  expect(hours(edits.addedSomewhere(night, 'mon'))[0]).toBe('00:00-01:00');
  const whole = weekOf({ mon: [{ phase: 'continuous', start: '00:00', end: '24:00' }] });
  const none = edits.addedSomewhere(whole, 'mon');
  expect([none.spot, none.note]).toEqual([null, expect.stringContaining('no room')]);
});

it('splits within the window alone, at first in its middle', () => {
  expect(edits.middleOf(day[1]!, 5)).toBe('12:25');
  expect(edits.middleOf(day[0]!, 5)).toBe('09:05');
  expect(edits.middleOf({ phase: 'break', start: '09:01', end: '09:03' }, 5)).toBe('09:02');
  const parts = edits.splitWindow(at, spot, '12:00');
  expect(parts && hours(parts)).toEqual(['09:00-09:08', '09:15-12:00', '12:00-15:30']);
  expect(parts?.spot).toEqual({ day: 'mon', place: 2 });
  expect(edits.splitWindow(at, spot, '15:30')).toBeUndefined();
});

it('after a removal the next window is picked, after the last one none', () => {
  const first = edits.removed(at, spot);
  expect([hours(first), first.spot]).toEqual([['09:00-09:08'], { day: 'mon', place: 0 }]);
  const last = edits.removed({ ...at, template: first.template }, { day: 'mon', place: 0 });
  expect([hours(last), last.spot]).toEqual([[], null]);
});

it('a day that goes on as before gets hours of its own once it is changed', () => {
  const { template } = at;
  const later = { ...template, weeks: [...template.weeks, { from: '2026-01-01', days: {} }] };
  const made = edits.moved({ template: later, era: 1 }, spot, { days: 0, minutes: 5, snap: 5 });
  expect(made.template.weeks[1]?.days.mon?.map(({ start }) => start)).toEqual(['09:00', '09:20']);
  expect(made.template.weeks[0]).toEqual(template.weeks[0]);
});

it('with a time that is none yet the windows of a day stay where they are', () => {
  const typed = weekOf({ mon: day });
  const [first, second] = day;
  typed.template.weeks[0]!.days.mon = [{ ...first!, start: '9' }, second!];
  const made = edits.moved(typed, spot, { days: 0, minutes: -480, snap: 5 });
  expect(windowsOn({ ...typed, template: made.template }, 'mon').map(({ start }) => start)).toEqual(
    ['9', '01:15'],
  );
});
