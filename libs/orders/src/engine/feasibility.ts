import type { OrderSide } from '@strikewire/broker';
import type { ContractFacts, ContractReading } from '@strikewire/option-chain/engine';
import { touchOf, twoSided, type OrderBook } from '../core/book';
import { walkBook } from '../core/book-walk';

/** When an order that takes what is there may go. */
export interface FeasibilitySettings {
  /** Of the mid; … */
  spreadPercentMax: number;
  /** … a spread of so few ticks is narrow whatever it is in percent. */
  spreadTicksMax: number;
  /** Of the quantity, what the book has to show. */
  depthShareMin: number;
}

/** A spread of 10 % or four ticks, and the whole quantity in the book. */
export const feasibilitySettings: FeasibilitySettings = {
  spreadPercentMax: 10,
  spreadTicksMax: 4,
  depthShareMin: 1,
};

/** Why it may not go. */
export interface Infeasible {
  code: 'quote_unknown' | 'quote_stale' | 'no_touch' | 'spread_wide' | 'depth_short';
  message: string;
}

/** The book of a reading; quotes of a dead feed say nothing. */
export function bookOf({ bids, asks, confirmedMs }: ContractReading): OrderBook {
  return { bids, asks, atMs: confirmedMs };
}

/** Whether a quantity can be taken from the market now; null: it can. No broker is asked. */
export function whyInfeasible(
  { facts, reading }: { facts: ContractFacts; reading: ContractReading | undefined },
  { side, quantity }: { side: OrderSide; quantity: number },
  settings: FeasibilitySettings,
): Infeasible | null {
  if (!reading) return { code: 'quote_unknown', message: `nobody quotes ${facts.key} here` };
  if (reading.isStale) {
    return { code: 'quote_stale', message: `the quote of ${facts.key} is stale` };
  }
  const book = bookOf(reading);
  const touch = twoSided(touchOf(book));
  if (touch === null) {
    return { code: 'no_touch', message: `${facts.key} needs a bid and an ask, not crossed` };
  }
  const spread = touch.askPaise - touch.bidPaise;
  const percent = (spread / touch.midPaise) * 100;
  const isWide =
    percent > settings.spreadPercentMax && spread > settings.spreadTicksMax * facts.tickPaise;
  if (isWide) {
    const found = `the spread of ${facts.key} is ${percent.toFixed(1)} %`;
    const message = `${found}, needs ${settings.spreadPercentMax} % or less`;
    return { code: 'spread_wide', message };
  }
  const shown = walkBook(book, side, quantity).filledQuantity;
  const needed = Math.ceil(quantity * settings.depthShareMin);
  if (shown >= needed) return null;
  const message = `the book of ${facts.key} shows ${shown} of ${quantity} units`;
  return { code: 'depth_short', message: `${message}, ${needed} are needed` };
}
