import type { Place } from './contract';
import type { Board, TradingTime } from './trading-time';
import type { Underlying } from './underlying';

/** Where futures and options on it are listed. */
export function placeOf({ exchange }: Underlying): Place {
  return `${exchange}_FO`;
}

/** What they trade with. */
export function boardOf({ kind }: Underlying): Board {
  return kind === 'commodity' ? 'commodities' : 'derivatives';
}

/** On which days they trade. */
export function businessDaysOf(
  underlying: Underlying,
  time: TradingTime,
): (date: string) => boolean {
  const board = boardOf(underlying);
  return (date) => time.isBusinessDay(date, board);
}
