import { indiaDateOf } from '@strikewire/contracts';
import type { DayTimes } from './evolution';
import type { Board, TradingTime } from './trading-time';

/** The trading day that an instant of a board's own time belongs to; the last answer is kept. */
export function createDayTimes(time: TradingTime): (board: Board, atMs: number) => DayTimes {
  const kept = new Map<Board, DayTimes>();
  return (board, atMs) => {
    const before = kept.get(board);
    if (before && atMs >= before.openMs && atMs <= before.closeMs) return before;
    const times = timesOf(time, board, atMs);
    kept.set(board, times);
    return times;
  };
}

/** A session's last instant belongs to it, so that after the close its figures stay. */
function timesOf(time: TradingTime, board: Board, atMs: number): DayTimes {
  const date = indiaDateOf(atMs);
  const session = time.session(board, date) ?? { openMs: atMs, closeMs: atMs };
  const previousCloseMs = time.lastTradingMs(board, session.openMs - 1);
  return { day: date, ...session, previousCloseMs: Math.min(previousCloseMs, session.openMs) };
}
