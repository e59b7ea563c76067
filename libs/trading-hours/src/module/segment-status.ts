import { indiaDateOf, type SegmentStatus } from '@strikewire/contracts';
import type { Session, TradingHoursCalendar } from '../core/session-calendar';

/** ISO-8601 with the offset that the zone has at that instant. */
export function zonedIsoOf(atMs: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
    hourCycle: 'h23',
  });
  const [date = '', time = ''] = parts.format(atMs).split(', ');
  const local = Date.parse(`${date}T${time}Z`);
  const offsetMinutes = Math.round((local - Math.floor(atMs / 1_000) * 1_000) / 60_000);
  const sign = offsetMinutes < 0 ? '-' : '+';
  const [hours, minutes] = [Math.abs(offsetMinutes) / 60, Math.abs(offsetMinutes) % 60];
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${date}T${time}${sign}${two(hours)}:${two(minutes)}`;
}

/** How a segment stands at an instant, for people. */
export function statusAt(
  calendar: TradingHoursCalendar,
  about: Pick<SegmentStatus, 'exchange' | 'segment' | 'template' | 'warnings'>,
  nowMs: number,
): SegmentStatus {
  const { timeZone } = calendar;
  const iso = (atMs: number | null | undefined): string | null =>
    atMs === null || atMs === undefined ? null : zonedIsoOf(atMs, timeZone);
  const date = localDateOf(nowMs, timeZone);
  if (!isWithin(calendar, nowMs)) return unknownStatus(calendar, about, date);
  const now = calendar.phaseAt(nowMs);
  const { state, name, verified } = calendar.sessionOn(date);
  return {
    ...about,
    timeZone,
    phase: now.phase,
    isOpen: calendar.isOpen(nowMs),
    phaseUntil: iso(now.untilMs),
    nextOpen: iso(calendar.nextOpen(nowMs)),
    nextClose: iso(calendar.nextClose(nowMs)),
    minutesToClose: calendar.minutesToClose(nowMs),
    today: { date, state, name, verified },
  };
}

/** Whether a calendar knows anything of an instant. */
export function isWithin(
  { fromMs, toMs }: Pick<TradingHoursCalendar, 'fromMs' | 'toMs'>,
  atMs: number,
): boolean {
  return atMs >= fromMs && atMs < toMs;
}

/** A calendar that knows nothing of today is closed, and says so. */
function unknownStatus(
  { timeZone, from, to }: TradingHoursCalendar,
  about: Parameters<typeof statusAt>[1],
  date: string,
): SegmentStatus {
  const why = `its hours are known from ${from} to ${to} only`;
  return {
    ...about,
    warnings: [why, ...about.warnings],
    timeZone,
    phase: 'closed',
    isOpen: false,
    phaseUntil: null,
    nextOpen: null,
    nextClose: null,
    minutesToClose: null,
    today: { date, state: 'closed', name: null, verified: false },
  };
}

/** The date of an instant in a zone. */
export function localDateOf(atMs: number, timeZone: string): string {
  if (timeZone === 'Asia/Kolkata') return indiaDateOf(atMs);
  return zonedIsoOf(atMs, timeZone).slice(0, 10);
}

/** A session as it is told. */
export function toldSession(
  { date, openMs, closeMs }: Session,
  timeZone: string,
): { date: string; open: string; close: string } {
  return { date, open: zonedIsoOf(openMs, timeZone), close: zonedIsoOf(closeMs, timeZone) };
}
