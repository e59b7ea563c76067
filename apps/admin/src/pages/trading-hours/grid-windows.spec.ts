import { templateFormat, templateSchema, type PhaseWindow } from '@strikewire/trading-hours';
import { expect, it } from 'vitest';
import * as calendar from './calendar-events';
import { gridWindows, windowWords, type GridWindow } from './grid-windows';
import { gridActOf } from './grid-keys';

const ruledEnd = { rule: 'new_york_dst', daylight: '23:30', standard: '23:55' } as const;
const template = templateSchema.parse({
  format: templateFormat,
  name: 'Test',
  exchange: 'MCX',
  segment: 'commodity',
  tradable: { default: ['continuous'], futures: ['continuous', 'pre_open'], agri: [] },
  weeks: [
    {
      from: '2015-01-01',
      days: {
        mon: [
          { phase: 'pre_open', start: '08:45', end: '09:00' },
          { phase: 'continuous', start: '09:00', end: ruledEnd, classes: ['default'] },
        ],
        sun: [{ phase: 'continuous', start: '22:00', end: '25:30' }],
      },
    },
    { from: '2026-01-01', days: { tue: [{ phase: 'break', start: '10:00', end: '11:00' }] } },
  ],
});
const drawnOf = (era: number, needs = {}): GridWindow[] =>
  gridWindows({ template, era }, needs).drawn;

it('a window is said in full: day, phase, hours, for whom, and what is wrong', () => {
  const needs = { 'weeks.0.days.mon.1.start': 'needs to be at or after 09:15' };
  expect(drawnOf(0, needs).map(windowWords)).toEqual([
    'Monday, pre-open, 08:45 to 09:00, tradable for futures',
    "Monday, continuous trading, 09:00 to 23:30 or 23:55 by New York's clock, tradable, " +
      'only for default, needs to be at or after 09:15',
    'Sunday, continuous trading, 22:00 to 25:30, tradable but for agri',
  ]);
});

it('a later era shows what it goes on with, as such', () => {
  const [monday, , tuesday] = drawnOf(1);
  expect([monday?.isInherited, tuesday?.isInherited]).toEqual([true, false]);
  expect(windowWords(monday!)).toMatch(/, as before$/);
  expect(windowWords(tuesday!)).toBe('Tuesday, break, 10:00 to 11:00, not tradable');
});

it('what is no time yet, or ends before it begins, is not drawn but told', () => {
  const typed = structuredClone(template);
  const bad: PhaseWindow[] = [
    { phase: 'continuous', start: '9', end: '10:00' },
    { phase: 'continuous', start: '12:00', end: '11:00' },
    { phase: 'continuous', start: '13:00', end: '14:00' },
  ];
  typed.weeks[0]!.days.mon = bad;
  const { drawn, undrawn } = gridWindows({ template: typed, era: 0 }, {});
  expect(drawn.map(calendar.keyOf)).toEqual(['mon-2', 'sun-0']);
  expect(undrawn.map(calendar.keyOf)).toEqual(['mon-0', 'mon-1']);
});

it('stands in the calendar on its weekday, of two ends up to the later one', () => {
  const [, ruled, night] = drawnOf(0).map(calendar.eventOf);
  expect([ruled?.start, ruled?.end]).toEqual([
    '2001-01-01T09:00:00.000Z',
    '2001-01-01T23:55:00.000Z',
  ]);
  expect([night?.start, night?.end]).toEqual([
    '2001-01-07T22:00:00.000Z',
    '2001-01-08T01:30:00.000Z',
  ]);
  expect(ruled?.className).toBe('window main open some-classes ruled');
});

it('what is dragged in the calendar comes back as days and minutes', () => {
  const start = new Date('2001-01-03T22:00:00Z');
  const end = new Date('2001-01-04T01:00:00Z');
  expect(calendar.spanOf({ start, end })).toEqual({ day: 'wed', start: 1_320, end: 1_500 });
  const by = { days: -1, milliseconds: -300_000 };
  expect(calendar.draggedBy(by)).toEqual({ days: -1, minutes: -5 });
  expect(calendar.minutesBy({ days: 1, milliseconds: -300_000 })).toBe(1_435);
});

it('keys move, stretch and split; what is the browser’s stays with it', () => {
  const none = { shiftKey: false, altKey: false, ctrlKey: false, metaKey: false };
  const act = (key: string, held = {}) => gridActOf({ key, ...none, ...held }, 5);
  expect(act('ArrowUp')).toEqual({ act: 'move', days: 0, minutes: -5 });
  expect(act('ArrowRight')).toEqual({ act: 'move', days: 1, minutes: 0 });
  expect(act('ArrowDown', { shiftKey: true })).toEqual({ act: 'stretch', start: 0, end: 5 });
  const both = { altKey: true, shiftKey: true };
  expect(act('ArrowDown', both)).toEqual({ act: 'stretch', start: 5, end: 0 });
  expect(act('z', { ctrlKey: true })).toEqual({ act: 'undo' });
  expect(['s', 'N', 'Delete', 'Enter', 'Escape'].map((key) => act(key)?.act)).toEqual([
    'split',
    'add',
    'remove',
    'open',
    'leave',
  ]);
  const kept = [act('s', { ctrlKey: true }), act('ArrowLeft', { altKey: true }), act('Tab')];
  expect(kept).toEqual([null, null, null]);
});
