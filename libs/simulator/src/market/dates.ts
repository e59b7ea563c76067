import { indiaDateOf } from '@strikewire/contracts';

const dayMs = 86_400_000;
const indiaOffsetMs = 19_800_000;

/** `indiaDateOf` that keeps its last answer: mostly it is asked for the same day again. */
export function createIndiaDates(): (wallMs: number) => string {
  let latest = NaN;
  let date = '';
  return (wallMs) => {
    const day = Math.floor((wallMs + indiaOffsetMs) / dayMs);
    if (day !== latest) {
      latest = day;
      date = indiaDateOf(wallMs);
    }
    return date;
  };
}

/** `YYYY-MM-DD` moved by whole days. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** 0 is Sunday, 6 is Saturday. */
export function weekdayOf(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay();
}

/** The last such weekday of a month; `month` counts from 0 at January of `year`, also past 11. */
export function lastWeekday(year: number, month: number, weekday: number): string {
  const last = new Date(Date.UTC(year, month + 1, 0)).toISOString().slice(0, 10);
  return addDays(last, -((weekdayOf(last) - weekday + 7) % 7));
}

/** A day of a month, or its last where it has fewer; `month` counts from 0. */
export function dayOfMonth(year: number, month: number, day: number): string {
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month, Math.min(day, last))).toISOString().slice(0, 10);
}

/** Whole days from one date to another; negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs);
}
