import type { OrderSide } from '@strikewire/broker';
import { oppositeLevels, touchOf, twoSided, type OrderBook } from './book';

/** What the score is made of; the weights add up to 100. */
export interface LiquidityWeights {
  /** The asked quantity against all levels of the side that is taken from. */
  depth: number;
  /** The asked quantity against the touch alone. */
  touch: number;
  /** How narrow the spread is. */
  spread: number;
  /** Full marks for depth need this many times the quantity. */
  depthTimes: number;
  /** From this spread on, in percent of the mid, there are no marks for it. */
  spreadPercentMax: number;
}

/** Half for depth, a quarter each for the touch and the spread. */
export const liquidityWeights: LiquidityWeights = {
  depth: 50,
  touch: 25,
  spread: 25,
  depthTimes: 3,
  spreadPercentMax: 2,
};

/**
 * How well a quantity can be traded now, 0 to 100: `depth × min(1, quantity on that side ÷
 * (depthTimes × quantity)) + touch × min(1, quantity at the touch ÷ quantity) + spread × max(0, 1 −
 * spread % ÷ spreadPercentMax)`, rounded. More quantity in the book never lowers it, a wider
 * spread never raises it. Without two sides it is 0.
 */
export function liquidityScore(
  book: OrderBook,
  side: OrderSide,
  quantity: number,
  weights: LiquidityWeights = liquidityWeights,
): number {
  const spread = spreadPercentOf(book);
  if (spread === null || !(quantity > 0)) return 0;
  const levels = oppositeLevels(book, side);
  const total = levels.reduce((sum, level) => sum + level.quantity, 0);
  const atTouch = levels[0]?.quantity ?? 0;
  const depthPart = Math.min(1, total / (weights.depthTimes * quantity));
  const touchPart = Math.min(1, atTouch / quantity);
  const spreadPart = Math.max(0, 1 - spread / weights.spreadPercentMax);
  return Math.round(
    weights.depth * depthPart + weights.touch * touchPart + weights.spread * spreadPart,
  );
}

/** The spread in percent of the mid; null without two sides. */
export function spreadPercentOf(book: OrderBook): number | null {
  const touch = twoSided(touchOf(book));
  if (touch === null) return null;
  return ((touch.askPaise - touch.bidPaise) / touch.midPaise) * 100;
}
