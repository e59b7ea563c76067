/** The last minute that a time can name: 47:59. */
export const lastMinute = 48 * 60 - 1;

/**
 * A time of day as it is typed: `9:15`, `915` and `0915` are 09:15, `25:30` is half past one of the
 * day after. Undefined when it is none.
 */
export function clockTimeOf(text: string): string | undefined {
  const typed = text.trim();
  const shape = typed.includes(':') ? /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/ : /^(\d{1,2})(\d{2})$/;
  const [, hours, minutes, seconds] = shape.exec(typed) ?? [];
  if (hours === undefined || minutes === undefined) return undefined;
  if (Number(hours) > 47 || Number(minutes) > 59 || Number(seconds ?? 0) > 59) return undefined;
  const time = `${hours.padStart(2, '0')}:${minutes}`;
  return seconds === undefined || seconds === '00' ? time : `${time}:${seconds}`;
}

/** Minutes after midnight; NaN when it is no time. */
export function minutesOf(time: string): number {
  const [hours = NaN, minutes = NaN, seconds = 0] = time.split(':').map(Number);
  return hours * 60 + minutes + seconds / 60;
}

/** So many minutes later, at most the last minute of the day after. */
export function timeAfter(time: string, minutes: number): string {
  const sum = Math.min(Math.floor(minutesOf(time)) + minutes, lastMinute);
  return Number.isFinite(sum) ? timeOf(sum) : time;
}

/** As times are written; seconds are said when there are any. */
export function timeOf(minutes: number): string {
  const seconds = Math.round(minutes * 60);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const text = `${two(seconds / 3_600)}:${two((seconds / 60) % 60)}`;
  return seconds % 60 === 0 ? text : `${text}:${two(seconds % 60)}`;
}
