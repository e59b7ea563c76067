import { indiaDateOf } from '@strikewire/contracts';

const dayMs = 86_400_000;
const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `24 Nov`, with the year when it is not this one: `31 Mar 27`. `date`: YYYY-MM-DD. */
export function dayLabel(date: string, wallMs: number): string {
  const [year = '', month = '', day = ''] = date.split('-');
  const text = `${Number(day)} ${months[Number(month) - 1] ?? month}`;
  return indiaDateOf(wallMs).startsWith(year) ? text : `${text} ${year.slice(2)}`;
}

/** Calendar days from today in India to the date. */
export function daysLeft(date: string, wallMs: number): number {
  return Math.round((Date.parse(date) - Date.parse(indiaDateOf(wallMs))) / dayMs);
}

/** `today`, `1 d`, `47 d`; `over` for a date gone by. */
export function daysLeftLabel(date: string, wallMs: number): string {
  const days = daysLeft(date, wallMs);
  if (days < 0) return 'over';
  return days === 0 ? 'today' : `${days} d`;
}

/** An age in its largest unit: `0.4 s` is `0 s`, then `12 s`, `3 min`, `2 h`, `5 d`. */
export function ageLabel(ageMs: number): string {
  const seconds = Math.max(0, ageMs) / 1_000;
  if (seconds < 90) return `${Math.floor(seconds)} s`;
  if (seconds < 5_400) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}
