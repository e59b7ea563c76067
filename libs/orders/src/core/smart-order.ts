import type { OrderSide } from '@strikewire/broker';
import { touchOf, twoSided, type OrderBook } from './book';
import { walkBook, type BookWalk } from './book-walk';
import { tickDown, tickUp } from './tick';

/** Numbers of a smart order, in paise. */
export interface SmartOrderSettings {
  /** Beyond the touch, so that a small move does not leave the order behind. */
  bufferPaise: number;
  /** A spread above this is too wide to cross: the order goes to the mid. */
  spreadTolerancePaise: number;
  touchAgeMaxMs: number;
  levelsMax: number;
}

/** Buffer of 0.05, tolerance of 0.5 points. */
export const smartOrderSettings: SmartOrderSettings = {
  bufferPaise: 5,
  spreadTolerancePaise: 50,
  touchAgeMaxMs: 2_000,
  levelsMax: 20,
};

/** What is to be bought or sold. */
export interface SmartOrderTerms {
  side: OrderSide;
  quantity: number;
  tickPaise: number;
  nowMs: number;
}

/** A limit with what it would cost now, or why there is none. */
export type SmartOrder =
  | {
    kind: 'limit';
    limitPaise: number;
    basis: 'touch' | 'mid';
    spreadPaise: number;
    /** Of the whole quantity against the book as it is, whatever the limit. */
    walk: BookWalk;
  }
  | { kind: 'refused'; code: 'no_touch' | 'stale_touch'; reason: string };

/**
 * BUY at the ask and a buffer, SELL at the bid less the buffer; at the mid when the spread is
 * wider than is tolerated. The buffer is rounded to the tick outwards, the mid to the patient
 * side.
 */
export function smartOrder(
  book: OrderBook,
  { side, quantity, tickPaise, nowMs }: SmartOrderTerms,
  settings: SmartOrderSettings = smartOrderSettings,
): SmartOrder {
  const touch = twoSided(touchOf(book));
  if (touch === null) {
    const reason = 'the book needs a bid and an ask that are not crossed';
    return { kind: 'refused', code: 'no_touch', reason };
  }
  const ageMs = nowMs - book.atMs;
  if (!(ageMs <= settings.touchAgeMaxMs)) {
    const reason = `the book is ${ageMs} ms old, needs ${settings.touchAgeMaxMs} or less`;
    return { kind: 'refused', code: 'stale_touch', reason };
  }
  const { bidPaise, askPaise, midPaise } = touch;
  const spreadPaise = askPaise - bidPaise;
  const isWide = spreadPaise > settings.spreadTolerancePaise;
  const { bufferPaise } = settings;
  const isBuy = side === 'BUY';
  const crossed = isBuy
    ? tickUp(askPaise + bufferPaise, tickPaise)
    : Math.max(tickPaise, tickDown(bidPaise - bufferPaise, tickPaise));
  const mid = isBuy ? tickDown(midPaise, tickPaise) : tickUp(midPaise, tickPaise);
  return {
    kind: 'limit',
    limitPaise: isWide ? Math.max(tickPaise, mid) : crossed,
    basis: isWide ? 'mid' : 'touch',
    spreadPaise,
    walk: walkBook(book, side, quantity, settings.levelsMax),
  };
}
