import { indiaDateOf, type SegmentStatus } from '@strikewire/contracts';
import type { TradingHoursTemplate, Weekday } from '@strikewire/trading-hours';
import { dayLabel } from '../../format/times';
import { dayNames } from './day-names';

const weekdayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** `Mon 23 Nov`, with the year when it is not this one. `date`: YYYY-MM-DD. */
export function datedLabel(date: string, wallMs: number): string {
  const weekday = weekdayNames[new Date(`${date}T00:00:00Z`).getUTCDay()] ?? '';
  return `${weekday} ${dayLabel(date, wallMs)}`;
}

/** Warnings without those of dates that are over. `now`: epoch ms, or a date, YYYY-MM-DD. */
export function presentWarnings(warnings: readonly string[], now: number | string): string[] {
  const today = typeof now === 'string' ? now : indiaDateOf(now);
  return warnings.filter((text) => {
    const date = /^\d{4}-\d\d-\d\d/.exec(text)?.[0];
    return date === undefined || date >= today;
  });
}

/** What is to be known of a segment beside its hours. */
export interface SegmentRemark {
  text: string;
  /** It is so as long as nobody checks the list: no news. */
  isCalm: boolean;
}

/** That nobody has checked the year is said once, though the platform has several ways to. */
export function segmentRemarks({ today, warnings }: SegmentStatus): SegmentRemark[] {
  const remarks: SegmentRemark[] = [];
  const warn = (text: string): unknown => remarks.push({ text, isCalm: false });
  if (today.name !== null) warn(`today: ${today.name}`);
  if (today.state === 'hours_unknown') warn('the hours were announced but are not known yet');
  const present = presentWarnings(warnings, today.date);
  if (today.verified) present.forEach(warn);
  else {
    present.filter((text) => !/\bverified\b/.test(text)).forEach(warn);
    const text = 'the list of holidays is not verified: some may be missing';
    remarks.push({ text, isCalm: true });
  }
  return remarks;
}

/** Where a need is, as the page names the field: `Monday window 2 start`. */
export function fieldWords(template: TradingHoursTemplate, path: string): string {
  const [layer = '', place = '', ...rest] = path.split('.');
  if (layer === 'weeks') {
    const [, day, window, field] = rest;
    if (window === undefined) return `hours since ${template.weeks[Number(place)]?.from ?? ''}`;
    return `${dayNames[day as Weekday]} window ${Number(window) + 1} ${field ?? ''}`.trim();
  }
  if (layer !== 'dates' && layer !== 'overrides') return path;
  const { date = '', name = '' } = template[layer][Number(place)] ?? {};
  return `${date} ${name}`.trim();
}

/** A stretch of trading by its own zone: `09:15–15:40`, `+1` when it ends on the day after. */
export function stretchLabel({ open, close }: { open: string; close: string }): string {
  const [from, to] = [open.slice(11, 16), close.slice(11, 16)];
  if (close.slice(0, 10) === open.slice(0, 10)) return `${from}–${to}`;
  return to === '00:00' ? `${from}–24:00` : `${from}–${to} +1`;
}

/** All sessions of a day; `closed` without any. */
export function sessionsLabel(sessions: readonly { open: string; close: string }[]): string {
  return sessions.length === 0 ? 'closed' : sessions.map(stretchLabel).join(', ');
}
