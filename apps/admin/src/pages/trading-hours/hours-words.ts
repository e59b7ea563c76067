import { dayLabel } from '../../format/times';

const weekdayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** `Mon 23 Nov`, with the year when it is not this one. `date`: YYYY-MM-DD. */
export function datedLabel(date: string, wallMs: number): string {
  const weekday = weekdayNames[new Date(`${date}T00:00:00Z`).getUTCDay()] ?? '';
  return `${weekday} ${dayLabel(date, wallMs)}`;
}

/** A stretch of trading by its own zone: `09:15–15:40`, `+1` when it ends on the day after. */
export function stretchLabel({ open, close }: { open: string; close: string }): string {
  const isLater = close.slice(0, 10) > open.slice(0, 10);
  return `${open.slice(11, 16)}–${close.slice(11, 16)}${isLater ? ' +1' : ''}`;
}

/** All sessions of a day; `closed` without any. */
export function sessionsLabel(sessions: readonly { open: string; close: string }[]): string {
  return sessions.length === 0 ? 'closed' : sessions.map(stretchLabel).join(', ');
}
