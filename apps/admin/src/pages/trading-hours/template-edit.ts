import {
  templateSchema,
  weekdays,
  type PhaseWindow,
  type TradingHoursTemplate,
  type Weekday,
} from '@strikewire/trading-hours';
import { needsOf, type FieldNeeds } from '../../ui/problem-words';
import { clockTimeOf, timeAfter } from './clock-time';

type Week = TradingHoursTemplate['weeks'][number];

/** Monday first, as people read a week. */
export const weekOrder: readonly Weekday[] = [...weekdays.slice(1), 'sun'];

/** What a template needs, by the path of the field: `weeks.0.days.mon.1.start`. */
export function templateNeeds(template: TradingHoursTemplate): FieldNeeds {
  return needsOf(templateSchema.safeParse(template));
}

/** The needs below a path, by what is left of theirs. */
export function needsUnder(needs: FieldNeeds, path: string): FieldNeeds {
  const found = Object.entries(needs).filter(([field]) => field.startsWith(`${path}.`));
  return Object.fromEntries(found.map(([field, need]) => [field.slice(path.length + 1), need]));
}

/** Places of the eras, the newest first. */
export function erasOf({ weeks }: TradingHoursTemplate): { place: number; from: string }[] {
  const eras = weeks.map(({ from }, place) => ({ place, from }));
  return eras.sort((a, b) => (a.from < b.from ? 1 : -1));
}

/** Place of the era that holds on a date; the earliest before all of them. */
export function eraOn(template: TradingHoursTemplate, date: string): number {
  const eras = erasOf(template);
  return (eras.find(({ from }) => from <= date) ?? eras.at(-1))?.place ?? 0;
}

/** What a weekday goes on with when an era does not name it; null when nothing came before. */
export function hoursBefore(
  template: TradingHoursTemplate,
  era: number,
  day: Weekday,
): { from: string; windows: readonly PhaseWindow[] } | null {
  const start = template.weeks[era]?.from ?? '';
  for (const { place, from } of erasOf(template)) {
    const windows = template.weeks[place]?.days[day];
    if (from < start && windows) return { from, windows };
  }
  return null;
}

/** A weekday with other windows; without any it goes on as in the era before. */
export function withDay(
  template: TradingHoursTemplate,
  era: number,
  day: Weekday,
  windows: readonly PhaseWindow[] | undefined,
): TradingHoursTemplate {
  return withWeek(template, era, (week) => {
    const others = weekdays.flatMap((one) => {
      const kept = one === day ? windows : week.days[one];
      return kept === undefined ? [] : [[one, [...kept]] as const];
    });
    return { ...week, days: Object.fromEntries(others) };
  });
}

/** Gives other weekdays of an era the hours that one has. */
export function withDayCopied(
  template: TradingHoursTemplate,
  era: number,
  day: Weekday,
  targets: readonly Weekday[],
): TradingHoursTemplate {
  const windows = template.weeks[era]?.days[day];
  return targets.reduce((made, target) => withDay(made, era, target, windows), template);
}

/** A new era from a date on, with the hours of the one that held there; it comes last. */
export function withEra(template: TradingHoursTemplate, from: string): TradingHoursTemplate {
  const held = eraOn(template, from);
  const days = weekdays.flatMap((day) => {
    const windows = template.weeks[held]?.days[day] ?? hoursBefore(template, held, day)?.windows;
    return windows === undefined ? [] : [[day, [...windows]] as const];
  });
  return { ...template, weeks: [...template.weeks, { from, days: Object.fromEntries(days) }] };
}

export function withoutEra(template: TradingHoursTemplate, era: number): TradingHoursTemplate {
  return { ...template, weeks: template.weeks.filter((_, place) => place !== era) };
}

export function withEraFrom(
  template: TradingHoursTemplate,
  era: number,
  from: string,
): TradingHoursTemplate {
  return withWeek(template, era, (week) => ({ ...week, from }));
}

function withWeek(
  template: TradingHoursTemplate,
  era: number,
  change: (week: Week) => Week,
): TradingHoursTemplate {
  const weeks = template.weeks.map((week, place) => (place === era ? change(week) : week));
  return { ...template, weeks };
}

/** One more window, an hour long, after the others. */
export function withWindow(windows: readonly PhaseWindow[]): PhaseWindow[] {
  const start = windows.length === 0 ? '09:15' : lastEnd(windows);
  return [...windows, { phase: 'continuous', start, end: timeAfter(start, 60) }];
}

/** Two windows of one phase in place of one; undefined when the time is not within it. */
export function splitAt(
  windows: readonly PhaseWindow[],
  place: number,
  text: string,
): PhaseWindow[] | undefined {
  const window = windows[place];
  const at = clockTimeOf(text);
  if (window === undefined || at === undefined) return undefined;
  if (at <= window.start || at >= earliestEnd(window)) return undefined;
  const parts = [{ ...window, end: at }, { ...window, start: at }];
  return [...windows.slice(0, place), ...parts, ...windows.slice(place + 1)];
}

function lastEnd(windows: readonly PhaseWindow[]): string {
  return windows.map(latestEnd).sort().at(-1) ?? '';
}

function latestEnd({ end }: PhaseWindow): string {
  if (typeof end === 'string') return end;
  return end.daylight > end.standard ? end.daylight : end.standard;
}

function earliestEnd({ end }: PhaseWindow): string {
  if (typeof end === 'string') return end;
  return end.daylight < end.standard ? end.daylight : end.standard;
}
