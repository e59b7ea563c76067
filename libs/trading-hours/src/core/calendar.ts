import { indiaDateOf, indiaInstant, type Exchange } from '@strikewire/contracts';
import { ordinaryCloseMs } from './segment-close';
import type { TradingHoursCalendar } from './session-calendar';

/** When a segment trades, as far as feeds and freshness need to know. */
export interface TradingCalendar {
  readonly name: string;
  /** True while the exchange's derivatives trade continuously at `atMs`. */
  isOpen(exchange: Exchange, atMs: number): boolean;
  /** When they open next, strictly after `atMs`, epoch ms; undefined when they never close. */
  nextOpenMs(exchange: Exchange, atMs: number): number | undefined;
}

/**
 * The hours of real calendars. `calendarOf` is asked at each question, so that it may answer with
 * the one that counts at present; an exchange without one is closed.
 */
export function tradingCalendarOf(
  calendarOf: (exchange: Exchange) => TradingHoursCalendar | undefined,
): TradingCalendar {
  return {
    name: 'exchange',
    isOpen: (exchange, atMs) => calendarOf(exchange)?.isOpen(atMs) ?? false,
    nextOpenMs: (exchange, atMs) => calendarOf(exchange)?.nextOpen(atMs),
  };
}

/** Trades at any hour of any day: for the simulator, so that the platform can be tried at night. */
export const alwaysOpenCalendar: TradingCalendar = {
  name: 'always',
  isOpen: () => true,
  nextOpenMs: () => undefined,
};

const openMinutes = 9 * 60 + 15;
const dayMs = 86_400_000;

/** Weekday hours of the exchanges, 09:15 to the segment's dated close. Knows no holidays. */
export const weekdayCalendar: TradingCalendar = {
  name: 'weekdays',
  isOpen(exchange, atMs) {
    const date = indiaDateOf(atMs);
    if (isWeekend(date)) return false;
    return atMs >= indiaInstant(date, openMinutes) && atMs < ordinaryCloseMs(exchange, date);
  },
  nextOpenMs(_exchange, atMs) {
    for (let dayAtMs = atMs; ; dayAtMs += dayMs) {
      const date = indiaDateOf(dayAtMs);
      const openMs = indiaInstant(date, openMinutes);
      if (!isWeekend(date) && openMs > atMs) return openMs;
    }
  },
};

function isWeekend(date: string): boolean {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return weekday === 0 || weekday === 6;
}
