import type { SessionActivity } from '@strikewire/contracts';
import type { Session, TradingDay, TradingHoursCalendar } from '../session-calendar';

/** Feeds connect so long before the pre-open, or before the open where there is none. */
const leadMs = 5 * 60_000;
/** They are cleaned up so long after the close. */
const lingerMs = 5 * 60_000;
const dayMs = 86_400_000;

/** A session with the times at which feeds come and go; epoch ms. */
export interface PlannedSession extends Session {
  connectMs: number;
  cleanUpMs: number;
  /** The next one connects by then: feeds stay, and nothing is cleaned up. */
  staysUp: boolean;
}

/**
 * Sessions that have anything to do with the days from `fromMs` to `toMs`, in order; what lies
 * outside of the calendar is left out.
 */
export function plannedSessions(
  calendar: TradingHoursCalendar,
  fromMs: number,
  toMs: number,
): PlannedSession[] {
  const sessions = sessionsIn(calendar, fromMs - 2 * dayMs, toMs + 2 * dayMs);
  const planned = sessions.map((session, index): PlannedSession => {
    const closedMs = sessions[index - 1]?.closeMs ?? -Infinity;
    const day = calendar.sessionOn(session.date);
    return {
      ...session,
      connectMs: Math.max(closedMs, preOpenMs(day, session, closedMs) - leadMs),
      cleanUpMs: session.closeMs + lingerMs,
      staysUp: false,
    };
  });
  planned.forEach((session, index) => {
    const next = planned[index + 1];
    session.staysUp = next !== undefined && next.connectMs <= session.cleanUpMs;
  });
  return planned.filter(({ connectMs, cleanUpMs }) => cleanUpMs >= fromMs && connectMs <= toMs);
}

/** How far feeds have to be up at an instant. */
export function activityAt(sessions: readonly PlannedSession[], atMs: number): SessionActivity {
  const begun = sessions.findLast(({ openMs }) => openMs <= atMs);
  if (begun && (atMs < begun.cleanUpMs || begun.staysUp)) return 'subscribed';
  const isNear = sessions.some(({ connectMs, openMs }) => connectMs <= atMs && atMs < openMs);
  return isNear ? 'connected' : 'off';
}

/** Start of the first phase before the open that belongs to it: pre-open and its matching. */
function preOpenMs({ phases }: TradingDay, { openMs }: Session, closedMs: number): number {
  const starts = phases
    .filter(({ phase }) => phase === 'pre_open' || phase === 'pre_open_matching')
    .filter(({ startMs, endMs }) => startMs >= closedMs && endMs <= openMs)
    .map(({ startMs }) => startMs);
  return Math.min(openMs, ...starts);
}

/** The same as the calendar's, with instants outside of it moved to its ends. */
function sessionsIn(calendar: TradingHoursCalendar, fromMs: number, toMs: number): Session[] {
  const from = Math.max(fromMs, calendar.fromMs);
  const to = Math.min(toMs, calendar.toMs);
  return from < to ? calendar.sessionsBetween(from, to) : [];
}
