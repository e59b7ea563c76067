import { secondsOf, timeTextOf } from './local-time';

interface Window {
  start: string;
  end: string | { daylight: string; standard: string };
  classes?: readonly string[] | undefined;
}

/** What is wrong with one of a day's windows. */
export interface WindowFault {
  place: number;
  field: 'start' | 'end' | 'classes';
  message: string;
}

/** A day's windows have to be in order and apart, as each class of instrument has them. */
export function windowFaults(
  windows: readonly Window[],
  classes: readonly string[],
): WindowFault[] {
  const faults = windows.flatMap((one, place) => faultsOf(one, place, classes));
  if (faults.length > 0) return faults;
  const overlaps = new Map<number, WindowFault>();
  for (const name of new Set(classes)) {
    let lastEnd = 0;
    for (const [place, window] of windows.entries()) {
      if (window.classes && !window.classes.includes(name)) continue;
      const end = timeTextOf(lastEnd);
      const message = `needs to be at or after ${end}, when the window before it ends`;
      if (seconds(window.start) < lastEnd) overlaps.set(place, { place, field: 'start', message });
      lastEnd = Math.max(...endsOf(window));
    }
  }
  return [...overlaps.values()];
}

function faultsOf(window: Window, place: number, known: readonly string[]): WindowFault[] {
  const unknown = (window.classes ?? []).filter((name) => !known.includes(name));
  const faults = unknown.map((name): WindowFault => {
    const message = `needs classes that tradable names, ${name} is none`;
    return { place, field: 'classes', message };
  });
  if (endsOf(window).every((end) => end > seconds(window.start))) return faults;
  const message = `needs to be after ${window.start}; 25:00 is one o'clock of the day after`;
  return [...faults, { place, field: 'end', message }];
}

function endsOf({ end }: Window): number[] {
  const times = typeof end === 'string' ? [end] : [end.daylight, end.standard];
  return times.map(seconds);
}

/** Checked by the schema. */
function seconds(time: string): number {
  return secondsOf(time) ?? NaN;
}
