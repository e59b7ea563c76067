import { indiaInstant, type Exchange } from '@strikewire/contracts';

interface DatedClose {
  /** First date, ISO, on which the close holds. */
  from: string;
  /** Minutes after midnight in India. */
  closeMinutes: number;
}

/**
 * Close of the derivatives segment by date. NSE and BSE F&O close at 15:30 up to 2026-07-31 and at
 * 15:40 from 2026-08-03 (exchange circulars of July 2026 with the closing auction's introduction).
 * MCX: 23:30 stands in until the rule that follows New York's daylight time is compiled here.
 */
const closes: Record<Exchange, readonly DatedClose[]> = {
  NSE: [
    { from: '2000-01-01', closeMinutes: 15 * 60 + 30 },
    { from: '2026-08-03', closeMinutes: 15 * 60 + 40 },
  ],
  BSE: [
    { from: '2000-01-01', closeMinutes: 15 * 60 + 30 },
    { from: '2026-08-03', closeMinutes: 15 * 60 + 40 },
  ],
  MCX: [{ from: '2000-01-01', closeMinutes: 23 * 60 + 30 }],
};

/** Epoch ms at which the exchange's derivatives close on a date (`YYYY-MM-DD`). */
export function segmentCloseMs(exchange: Exchange, date: string): number {
  const dated = closes[exchange].filter((close) => close.from <= date).at(-1);
  return indiaInstant(date, dated?.closeMinutes ?? 15 * 60 + 30);
}

/** True until the segment's close on the expiry date; at that instant it is over. */
export function isExpiryCurrent(exchange: Exchange, expiry: string, atMs: number): boolean {
  return atMs < segmentCloseMs(exchange, expiry);
}
