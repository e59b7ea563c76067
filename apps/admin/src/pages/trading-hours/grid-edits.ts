import type { PhaseWindow, TradingHoursTemplate, Weekday } from '@strikewire/trading-hours';
import { lastMinute, minutesOf, timeOf } from './clock-time';
import { dayNames } from './day-names';
import { windowsOn, type Spot, type WeekAt } from './grid-windows';
import { splitAt, weekOrder, withDay } from './template-edit';

/** What a change of the grid makes of its week. */
export interface Edited {
  template: TradingHoursTemplate;
  /** The window that was changed, where it is now; null when there is none left on the day. */
  spot: Spot | null;
  /** Why it is otherwise than asked; empty when it is not. */
  note: string;
}

const dayMinutes = 1_440;
const ruled = "its end follows New York's daylight time: change both its ends in the form";
const filled = 'has no room for another window: shorten one first';

/**
 * Moves a window by days and by minutes, to a multiple of `snap` minutes. It stays within the week,
 * and one whose end follows a rule keeps its times.
 */
export function moved(
  at: WeekAt,
  spot: Spot,
  by: { days: number; minutes: number; snap: number },
): Edited {
  const window = windowsOn(at, spot.day)[spot.place];
  if (!window) return unchanged(at, spot, '');
  const wanted = weekOrder.indexOf(spot.day) + by.days;
  const day = weekOrder[Math.min(Math.max(wanted, 0), weekOrder.length - 1)] ?? spot.day;
  if (typeof window.end !== 'string') {
    const note = by.minutes === 0 ? '' : ruled;
    return day === spot.day ? unchanged(at, spot, note) : placed(at, spot, { day, window }, note);
  }
  const [start, end] = [minutesOf(window.start), minutesOf(window.end)];
  const minutes = Math.min(Math.max(shift(start, by), -start), lastMinute - end);
  const next = { ...window, start: timeOf(start + minutes), end: timeOf(end + minutes) };
  if (day === spot.day && minutes === 0) return unchanged(at, spot, edgeNote(wanted, by.minutes));
  return placed(at, spot, { day, window: next }, '');
}

function edgeNote(wanted: number, minutes: number): string {
  if (minutes !== 0) return minutes < 0 ? 'the day begins at 00:00' : 'times go up to 47:59';
  return wanted < 0 ? 'the week begins on Monday' : 'the week ends on Sunday';
}

/** Minutes of a change that lead to a multiple of the step, never further than was asked. */
function shift(from: number, { minutes, snap }: { minutes: number; snap: number }): number {
  if (minutes === 0) return 0;
  const round = minutes < 0 ? Math.ceil : Math.floor;
  return round((from + minutes) / snap) * snap - from;
}

/** Moves one edge of a window, or both; it keeps `snap` minutes at least. */
export function stretched(
  at: WeekAt,
  spot: Spot,
  by: { start: number; end: number; snap: number },
): Edited {
  const window = windowsOn(at, spot.day)[spot.place];
  if (!window) return unchanged(at, spot, '');
  if (by.end !== 0 && typeof window.end !== 'string') return unchanged(at, spot, ruled);
  const { snap } = by;
  const start = minutesOf(window.start) + shift(minutesOf(window.start), {
    minutes: by.start,
    snap,
  });
  const ends = typeof window.end === 'string'
    ? [minutesOf(window.end)]
    : [minutesOf(window.end.daylight), minutesOf(window.end.standard)];
  const end = Math.min(...ends);
  const wanted = Math.min(end + shift(end, { minutes: by.end, snap }), lastMinute);
  if (start < 0) return unchanged(at, spot, 'the day begins at 00:00');
  if (wanted <= start) return unchanged(at, spot, 'a window needs some minutes: remove it instead');
  const next: PhaseWindow = {
    ...window,
    ...(by.start !== 0 && { start: timeOf(start) }),
    ...(by.end !== 0 && { end: timeOf(wanted) }),
  };
  return placed(at, spot, { day: spot.day, window: next }, '');
}

/** One more window of continuous trading, in minutes after the day's midnight. */
export function added(at: WeekAt, day: Weekday, span: { start: number; end: number }): Edited {
  const end = Math.min(span.end, lastMinute);
  const window: PhaseWindow = {
    phase: 'continuous',
    start: timeOf(span.start),
    end: timeOf(end),
  };
  return withPlaced(at, { day, window }, windowsOn(at, day));
}

/** One more window on a day: an hour after the others, else in the first gap. */
export function addedSomewhere(at: WeekAt, day: Weekday): Edited {
  const spans = windowsOn(at, day)
    .map((window) => spanOf(window))
    .sort((a, b) => a.start - b.start);
  const last = Math.max(...spans.map(({ end }) => end), 0);
  if (spans.length === 0) return added(at, day, { start: 555, end: 930 });
  if (last + 60 <= dayMinutes) return added(at, day, { start: last, end: last + 60 });
  let from = 0;
  for (const { start, end } of spans) {
    if (start - from >= 1) return added(at, day, { start: from, end: Math.min(start, from + 60) });
    from = Math.max(from, end);
  }
  if (from < dayMinutes) return added(at, day, { start: from, end: dayMinutes });
  return { template: at.template, spot: null, note: `${dayNames[day]} ${filled}` };
}

/** Two windows in place of one; undefined when the time is not within it. */
export function splitWindow(at: WeekAt, spot: Spot, time: string): Edited | undefined {
  const parts = splitAt(windowsOn(at, spot.day), spot.place, time);
  if (!parts) return undefined;
  const template = withDay(at.template, at.era, spot.day, parts);
  return { template, spot: { day: spot.day, place: spot.place + 1 }, note: '' };
}

/** The middle of a window, on a multiple of `snap` minutes when it has one within. */
export function middleOf(window: PhaseWindow, snap: number): string {
  const { start, end } = spanOf(window, Math.min);
  const middle = Math.round((start + end) / 2 / snap) * snap;
  return timeOf(middle > start && middle < end ? middle : (start + end) / 2);
}

/** Without a window; the one that takes its place is told, or the one before. */
export function removed(at: WeekAt, { day, place }: Spot): Edited {
  const rest = windowsOn(at, day).filter((_, index) => index !== place);
  const template = withDay(at.template, at.era, day, rest);
  const spot = rest.length === 0 ? null : { day, place: Math.min(place, rest.length - 1) };
  return { template, spot, note: '' };
}

function spanOf({ start, end }: PhaseWindow, pick = Math.max): { start: number; end: number } {
  const ends = typeof end === 'string' ? [end] : [end.daylight, end.standard];
  return { start: minutesOf(start), end: pick(...ends.map(minutesOf)) };
}

function unchanged({ template }: WeekAt, spot: Spot, note: string): Edited {
  return { template, spot, note };
}

/** Takes a window from its spot and puts it, as it is now, on a day. */
function placed(
  at: WeekAt,
  spot: Spot,
  to: { day: Weekday; window: PhaseWindow },
  note: string,
): Edited {
  const rest = windowsOn(at, spot.day).filter((_, place) => place !== spot.place);
  if (to.day === spot.day) return { ...withPlaced(at, to, rest, spot.place), note };
  const template = withDay(at.template, at.era, spot.day, rest);
  const left = { ...at, template };
  return { ...withPlaced(left, to, windowsOn(left, to.day)), note };
}

/**
 * Windows of a day stand in order of their starts, as the format wants those of each class. While a
 * time is none yet they stay as they are, with the new one at `place`.
 */
function withPlaced(
  { template, era }: WeekAt,
  { day, window }: { day: Weekday; window: PhaseWindow },
  others: readonly PhaseWindow[],
  place = others.length,
): Edited {
  const all = others.toSpliced(place, 0, window);
  const starts = new Map(all.map((one) => [one, minutesOf(one.start)]));
  const startOf = (one: PhaseWindow): number => starts.get(one) ?? NaN;
  const isKnown = all.every((one) => Number.isFinite(startOf(one)));
  const windows = isKnown ? all.toSorted((a, b) => startOf(a) - startOf(b)) : all;
  const spot = { day, place: windows.indexOf(window) };
  return { template: withDay(template, era, day, windows), spot, note: '' };
}
