import { isIsoDate } from '@strikewire/contracts';

const daySeconds = 86_400;
const dayMs = 86_400_000;
const shape = /^(\d{2}):([0-5]\d)(?::([0-5]\d))?$/;

/**
 * Seconds after a date's midnight of `HH:MM` or `HH:MM:SS`; 24:00 to 47:59:59 lie in the day after.
 * Undefined when it is no such time.
 */
export function secondsOf(time: string): number | undefined {
  const [, hours, minutes, seconds = '0'] = shape.exec(time) ?? [];
  if (hours === undefined || minutes === undefined) return undefined;
  const total = Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
  return total < 2 * daySeconds ? total : undefined;
}

/** `HH:MM`, or `HH:MM:SS` when there are seconds. */
export function timeTextOf(seconds: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const text = `${two(seconds / 3_600)}:${two((seconds / 60) % 60)}`;
  return seconds % 60 === 0 ? text : `${text}:${two(seconds % 60)}`;
}

/** Days since 1970-01-01 of an ISO date; undefined when there is no such date. */
export function dayNumberOf(date: string): number | undefined {
  return isIsoDate(date) ? Date.parse(`${date}T00:00:00Z`) / dayMs : undefined;
}

/** The ISO date of a day number. */
export function dateOf(dayNumber: number): string {
  return new Date(dayNumber * dayMs).toISOString().slice(0, 10);
}

/** 0 is Sunday. */
export function weekdayOf(dayNumber: number): number {
  return (((dayNumber + 4) % 7) + 7) % 7;
}
