import { indiaDateOf, indiaInstant, type SessionJob } from '@strikewire/contracts';
import type { TradingHoursCalendar } from '../session-calendar';
import { plannedSessions } from './planned-sessions';

/** Chains are built anew at this minute of the day in India (09:00). */
const buildMinutes = 9 * 60;
const dayMs = 86_400_000;
/** How far back a day's jobs are looked for. */
const lookBackDays = 10;

/** A segment that the scheduler serves. */
export interface ScheduledSegment {
  readonly exchange: string;
  readonly segment: string;
  /** The calendar that counts at present; undefined: nothing is traded. */
  calendar(): TradingHoursCalendar | undefined;
  /** When a trading day ends, epoch ms; default: at its last close. */
  endOfDayMs?(date: string): number;
}

/** The jobs of a trading day that are done once. */
export interface TradingDayTimes {
  date: string;
  buildMs: number;
  endMs: number;
  /** When feeds come up for the sessions of the next trading day; undefined when there is none. */
  nextConnectMs: number | undefined;
}

/** When a trading day's chains are built, epoch ms. */
export function buildStartMs(date: string): number {
  return indiaInstant(date, buildMinutes);
}

/** Trading days of which something is due by `atMs`: those of the last ten days, in order. */
export function tradingDaysUpTo(
  { calendar, endOfDayMs }: ScheduledSegment,
  atMs: number,
): TradingDayTimes[] {
  const hours = calendar();
  if (!hours) return [];
  const dates = datesBetween(hours, atMs - lookBackDays * dayMs, atMs + dayMs);
  const sessions = plannedSessions(hours, atMs - lookBackDays * dayMs, atMs + 7 * dayMs);
  return dates.map((date): TradingDayTimes => {
    const closeMs = sessions.findLast((session) => session.date === date)?.closeMs ?? NaN;
    const endMs = endOfDayMs?.(date) ?? closeMs;
    const next = sessions.find((session) => session.date > date);
    return { date, buildMs: buildStartMs(date), endMs, nextConnectMs: next?.connectMs };
  });
}

/** A job that is to come; epoch ms. */
export interface ComingJob {
  job: SessionJob;
  date: string;
  atMs: number;
}

/** What is to come of a segment, strictly after `atMs` and within `days`, in order of time. */
export function comingJobs(segment: ScheduledSegment, atMs: number, days: number): ComingJob[] {
  const hours = segment.calendar();
  if (!hours) return [];
  const untilMs = atMs + days * dayMs;
  // From a day before, so that the one is known that feeds may stay up from.
  const sessions = plannedSessions(hours, atMs - dayMs, untilMs);
  const feedJobs = sessions.flatMap((session, index): ComingJob[] => {
    const { date, connectMs, openMs, cleanUpMs, staysUp } = session;
    const isUpAlready = sessions[index - 1]?.staysUp === true;
    return [
      ...(isUpAlready ? [] : [{ job: 'connect' as const, date, atMs: connectMs }]),
      ...(isUpAlready ? [] : [{ job: 'subscribe' as const, date, atMs: openMs }]),
      ...(staysUp ? [] : [{ job: 'clean_up' as const, date, atMs: cleanUpMs }]),
    ];
  });
  const dates = datesBetween(hours, atMs - dayMs, untilMs);
  const dayJobs = dates.flatMap((date): ComingJob[] => {
    const closeMs = hours.sessionOn(date).sessions.at(-1)?.closeMs ?? NaN;
    const endMs = segment.endOfDayMs?.(date) ?? closeMs;
    return [
      { job: 'build', date, atMs: buildStartMs(date) },
      { job: 'end_of_day', date, atMs: endMs },
      { job: 'rollover', date, atMs: endMs },
    ];
  });
  return [...feedJobs, ...dayJobs]
    .filter((one) => one.atMs > atMs && one.atMs <= untilMs)
    .sort((a, b) => a.atMs - b.atMs);
}

/**
 * The trading day that counts at an instant: the last one whose chains were built by then. Without
 * one within a month, the calendar's day.
 */
export function tradingDayAt(hours: TradingHoursCalendar, atMs: number): string {
  const date = everyTradingDay(atMs);
  return datesBetween(hours, atMs - 31 * dayMs, atMs).findLast((one) => one <= date) ?? date;
}

/** The same where every day is one. */
export function everyTradingDay(atMs: number): string {
  return indiaDateOf(atMs - buildMinutes * 60_000);
}

/** Dates with trading from the day of one instant to that of another, both included. */
function datesBetween(hours: TradingHoursCalendar, fromMs: number, toMs: number): string[] {
  const from = indiaDateOf(Math.max(fromMs, hours.fromMs));
  const to = indiaDateOf(Math.min(toMs, hours.toMs - 1) + dayMs);
  const first = from < hours.from ? hours.from : from;
  return first < to ? hours.tradingDaysBetween(first, to > hours.to ? hours.to : to) : [];
}
