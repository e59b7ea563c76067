import type { EventInput } from '@fullcalendar/vue3';
import type { Weekday } from '@strikewire/trading-hours';
import { hueOf, windowWords, type GridWindow, type Spot } from './grid-windows';
import { weekOrder } from './template-edit';

/** The calendar draws dates, a template has weekdays: they stand on a week of the past. */
const mondayMs = Date.UTC(2001, 0, 1);
const minuteMs = 60_000;
const dayMinutes = 1_440;

/** The date that stands for a weekday, epoch ms. */
export function dateOf(day: Weekday): number {
  return mondayMs + weekOrder.indexOf(day) * dayMinutes * minuteMs;
}

/** The weekday that a date of the calendar stands for. */
export function weekdayOf(date: Date): Weekday {
  const index = Math.floor((date.getTime() - mondayMs) / minuteMs / dayMinutes);
  return weekOrder[Math.min(Math.max(index, 0), weekOrder.length - 1)] ?? 'mon';
}

/** A window's name in the grid: `mon-0`. */
export function keyOf({ day, place }: Spot): string {
  return `${day}-${place}`;
}

/** A window as the calendar takes it. What lies past the week's end is cut off there. */
export function eventOf(one: GridWindow): EventInput {
  const atMs = dateOf(one.day);
  return {
    id: keyOf(one),
    title: windowWords(one),
    start: new Date(atMs + one.start * minuteMs).toISOString(),
    end: new Date(atMs + one.end * minuteMs).toISOString(),
    className: classOf(one),
    extendedProps: { one },
  };
}

function classOf({ window, openness, isInherited, need, earlierEnd }: GridWindow): string {
  const classes = ['window', hueOf[window.phase], openness];
  if (isInherited) classes.push('inherited');
  if (window.classes) classes.push('some-classes');
  if (earlierEnd !== undefined) classes.push('ruled');
  if (need) classes.push('wrong');
  return classes.join(' ');
}

/** What the calendar was given as an event. */
export function gridWindowOf({ extendedProps }: { extendedProps: object }): GridWindow {
  return (extendedProps as { one: GridWindow }).one;
}

interface Delta {
  days: number;
  milliseconds: number;
}

/** Columns and minutes that something was dragged by. */
export function draggedBy({ days, milliseconds }: Delta): { days: number; minutes: number } {
  return { days, minutes: milliseconds / minuteMs };
}

/** Minutes that an edge was dragged by, over columns too. */
export function minutesBy({ days, milliseconds }: Delta): number {
  return days * dayMinutes + milliseconds / minuteMs;
}

/** A stretch that was drawn: its day, and minutes after that day's midnight. */
export function spanOf(range: { start: Date; end: Date }): {
  day: Weekday;
  start: number;
  end: number;
} {
  const day = weekdayOf(range.start);
  const minutesOf = (date: Date): number => (date.getTime() - dateOf(day)) / minuteMs;
  return { day, start: minutesOf(range.start), end: minutesOf(range.end) };
}
