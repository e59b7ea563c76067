import type { PhaseWindow, TradingHoursTemplate } from '@strikewire/trading-hours';
import type { FieldNeeds } from '../../ui/problem-words';
import { minutesOf } from './clock-time';

/** Windows that end before they begin or overlap, by the path of the field to be changed. */
export function windowConflicts(template: TradingHoursTemplate): FieldNeeds {
  const { weeks, dates, overrides, tradable } = template;
  const classes = Object.keys(tradable);
  const lists = [
    ...weeks.flatMap(({ days }, era) =>
      Object.entries(days).map(([day, windows]) => [`weeks.${era}.days.${day}`, windows] as const),
    ),
    ...Object.entries({ dates, overrides }).flatMap(([layer, entries]) =>
      entries.flatMap((entry, place) =>
        entry.kind === 'special' && entry.windows !== null
          ? [[`${layer}.${place}.windows`, entry.windows] as const]
          : [],
      ),
    ),
  ];
  return Object.fromEntries(
    lists.flatMap(([path, windows]) =>
      dayConflicts(windows, classes).map(([field, need]) => [`${path}.${field}`, need]),
    ),
  );
}

/** Windows have to be in order and apart, as each class of instrument has them. */
function dayConflicts(
  windows: readonly PhaseWindow[],
  classes: readonly string[],
): [field: string, need: string][] {
  const turned = windows.flatMap((one, place): [string, string][] => {
    if (endsOf(one).every((end) => minutesOf(end) > minutesOf(one.start))) return [];
    const need = `needs to be after ${one.start}; 25:00 is one o'clock of the day after`;
    return [[`${place}.end`, need]];
  });
  if (turned.length > 0) return turned;
  return classes.flatMap((name) => overlapsOf(windows, name));
}

function overlapsOf(windows: readonly PhaseWindow[], name: string): [string, string][] {
  let last = '00:00';
  return windows.flatMap((window, place): [string, string][] => {
    if (window.classes && !window.classes.includes(name)) return [];
    const before = last;
    last = endsOf(window).reduce((a, b) => (minutesOf(a) > minutesOf(b) ? a : b));
    if (minutesOf(window.start) >= minutesOf(before)) return [];
    const need = `needs to be at or after ${before}, when the window before it ends`;
    return [[`${place}.start`, need]];
  });
}

function endsOf({ end }: PhaseWindow): string[] {
  return typeof end === 'string' ? [end] : [end.daylight, end.standard];
}
