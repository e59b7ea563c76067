import { underlyingKey, type ContractKey, type UnderlyingRef } from '@strikewire/contracts';
import type { StoredDayEnd } from './chain-registry';

/** How an underlying stood at the end of a trading day. */
export interface DailyClose {
  /** ISO date. */
  tradingDay: string;
  closePaise: number;
  /** The exchange's close of the session before; null: no broker has told it. */
  previousClosePaise: number | null;
}

/** A close with whose it is. */
export interface UnderlyingClose extends UnderlyingRef, DailyClose {}

/**
 * One close of each underlying from the ends of its chains. A spot that was not heard on that day
 * is no close of it.
 */
export function closesOf(ends: readonly StoredDayEnd[]): UnderlyingClose[] {
  const found = new Map<ContractKey, UnderlyingClose>();
  for (const { exchange, symbol, tradingDay, chain: { spot } } of ends) {
    const key = underlyingKey({ exchange, symbol });
    if (found.has(key) || spot.ltp === null || !spot.updatedAt?.startsWith(tradingDay)) continue;
    const closePaise = paiseOf(spot.ltp);
    const previousClosePaise = spot.close === null ? null : paiseOf(spot.close) || null;
    if (closePaise > 0) {
      found.set(key, { exchange, symbol, tradingDay, closePaise, previousClosePaise });
    }
  }
  return [...found.values()];
}

function paiseOf(rupees: number): number {
  return Math.round(rupees * 100);
}
