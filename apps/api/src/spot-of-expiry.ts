import { indiaDateOf, indiaInstant, underlyingKey, type Exchange } from '@strikewire/contracts';
import type { OptionChainEngine } from '@strikewire/option-chain/engine';
import type { Clock } from '@strikewire/runtime';
import type { TradingCalendar } from '@strikewire/trading-hours';

/** What settlement prices are read from. */
export interface SpotOfExpiryDeps {
  board: Pick<OptionChainEngine['board'], 'ltpSince' | 'feedLtp'>;
  calendar: Pick<TradingCalendar, 'closeMs'>;
  clock: Pick<Clock, 'wallMs'>;
}

/** Cash markets end before derivatives do: their last price may be as old as this at the close. */
const lastPriceMs = 30 * 60_000;
const dayMs = 86_400_000;

/**
 * The last spot of an expiry's day, paise: the exchange's own price of settlement is in no feed.
 * Null when none is known of that day's end, or the spot has traded on another day since: a
 * contract is not settled at another day's price.
 */
export function spotOfExpiry(
  { board, calendar, clock }: SpotOfExpiryDeps,
  { exchange, underlying, expiry }: { exchange: Exchange; underlying: string; expiry: string },
): number | null {
  const key = underlyingKey({ exchange, symbol: underlying });
  const tradedSince = (wallMs: number): number | undefined =>
    board.ltpSince(key, { monoMs: -Infinity, wallMs });
  if (tradedSince(indiaInstant(expiry, 0) + dayMs) !== undefined) return null;
  const traded = tradedSince(calendar.closeMs(exchange, expiry) - lastPriceMs);
  if (traded !== undefined) return traded;
  // Some feeds do not tell when a spot was traded: then it counts when it was heard.
  if (indiaDateOf(clock.wallMs()) !== expiry) return null;
  return board.feedLtp(key, lastPriceMs) ?? null;
}
