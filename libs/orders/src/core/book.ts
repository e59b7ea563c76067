import type { OrderSide } from '@strikewire/broker';

/** One price of a book; units, paise. */
export interface BookLevel {
  pricePaise: number;
  quantity: number;
}

/**
 * Both sides of a contract's book, best first. `atMs` (epoch ms) is when it was last known to be
 * so: a feed that is alive confirms a book that does not change.
 */
export interface OrderBook {
  bids: readonly BookLevel[];
  asks: readonly BookLevel[];
  atMs: number;
}

/** The best of both sides in paise; null: nobody there. */
export interface Touch {
  bidPaise: number | null;
  askPaise: number | null;
}

/** Levels that mean something, best first: feeds fill up empty ones with zeros. */
export function levelsOf(book: OrderBook, side: 'bids' | 'asks'): BookLevel[] {
  const sign = side === 'bids' ? -1 : 1;
  return book[side].filter(isLevel).sort((a, b) => sign * (a.pricePaise - b.pricePaise));
}

/** What an order of this side can take from, best first. */
export function oppositeLevels(book: OrderBook, side: OrderSide): BookLevel[] {
  return levelsOf(book, side === 'BUY' ? 'asks' : 'bids');
}

/** The best of both sides. */
export function touchOf(book: OrderBook): Touch {
  return {
    bidPaise: levelsOf(book, 'bids')[0]?.pricePaise ?? null,
    askPaise: levelsOf(book, 'asks')[0]?.pricePaise ?? null,
  };
}

/** Both sides are there and not crossed; null otherwise. */
export function twoSided({ bidPaise, askPaise }: Touch): TwoSided | null {
  if (bidPaise === null || askPaise === null || askPaise < bidPaise) return null;
  return { bidPaise, askPaise, midPaise: (bidPaise + askPaise) / 2 };
}

/** A touch with both sides; the mid may end on half a paisa. */
export interface TwoSided {
  bidPaise: number;
  askPaise: number;
  midPaise: number;
}

/** Which way a price has to move to hurt an order of this side. */
export function dearer(side: OrderSide): 1 | -1 {
  return side === 'BUY' ? 1 : -1;
}

function isLevel({ pricePaise, quantity }: BookLevel): boolean {
  return isAmount(pricePaise) && isAmount(quantity);
}

/** A whole number above zero that a double holds exactly. */
export function isAmount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}
