import type { Exchange } from '@strikewire/contracts';
import { everyTradingDay, tradingDayAt } from './schedule/segment-day';
import { segmentCloseMs } from './segment-close';
import type { TradingHoursCalendar } from './session-calendar';

/** When a segment trades, as far as feeds and chains need to know; instants are epoch ms. */
export interface TradingCalendar {
  readonly name: string;
  /** True while the exchange's derivatives trade continuously at `atMs`. */
  isOpen(exchange: Exchange, atMs: number): boolean;
  /**
   * True while the exchange's cash market trades continuously: indices and stocks move then. It
   * ends before the derivatives do.
   */
  isSpotOpen(exchange: Exchange, atMs: number): boolean;
  /** When they open next, strictly after `atMs`; undefined when they never close. */
  nextOpenMs(exchange: Exchange, atMs: number): number | undefined;
  /** The trading day that counts: the last one whose build, at 09:00 in India, has come. */
  tradingDay(exchange: Exchange, atMs: number): string;
  /** When the exchange's derivatives close on a date, or would if it were an ordinary one. */
  closeMs(exchange: Exchange, date: string): number;
}

/**
 * The hours of real calendars. Both functions are asked at each question, so that they may answer
 * with the ones that count at present; an exchange without hours of derivatives is closed, and one
 * without hours of its cash market (a commodity exchange) has the same there.
 */
export function tradingCalendarOf(
  calendarOf: (exchange: Exchange) => TradingHoursCalendar | undefined,
  spotCalendarOf: typeof calendarOf = calendarOf,
): TradingCalendar {
  /** Outside of what a calendar knows there is no trading. */
  const at = (calendar: TradingHoursCalendar | undefined, atMs: number): typeof calendar =>
    calendar && atMs >= calendar.fromMs && atMs < calendar.toMs ? calendar : undefined;
  return {
    name: 'exchange',
    isOpen: (exchange, atMs) => at(calendarOf(exchange), atMs)?.isOpen(atMs) ?? false,
    isSpotOpen(exchange, atMs) {
      const calendar = at(spotCalendarOf(exchange) ?? calendarOf(exchange), atMs);
      return calendar?.phaseAt(atMs, { instrumentClass: spotClass }).phase === 'continuous';
    },
    nextOpenMs: (exchange, atMs) => at(calendarOf(exchange), atMs)?.nextOpen(atMs),
    tradingDay(exchange, atMs) {
      const calendar = calendarOf(exchange);
      return calendar ? tradingDayAt(calendar, atMs) : everyTradingDay(atMs);
    },
    closeMs(exchange, date) {
      const calendar = calendarOf(exchange);
      const isKnown = calendar !== undefined && date >= calendar.from && date <= calendar.to;
      const session = isKnown ? calendar.sessionOn(date).sessions.at(-1) : undefined;
      return session?.closeMs ?? segmentCloseMs(exchange, date);
    },
  };
}

/** What indices are made of: stocks with derivatives, which have a closing auction. */
const spotClass = 'equity_fno';

/** Trades at any hour of any day: for the simulator, so that the platform can be tried at night. */
export const alwaysOpenCalendar: TradingCalendar = {
  name: 'always',
  isOpen: () => true,
  isSpotOpen: () => true,
  nextOpenMs: () => undefined,
  tradingDay: (_exchange, atMs) => everyTradingDay(atMs),
  closeMs: segmentCloseMs,
};
