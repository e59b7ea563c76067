import type { OrderSide } from '@strikewire/broker';
import { touchOf, twoSided, type OrderBook } from './book';
import { walkBook, type BookWalk } from './book-walk';
import {
  liquidityScore,
  liquidityWeights,
  spreadPercentOf,
  type LiquidityWeights,
} from './liquidity-score';

/** When to go in. */
export interface ExecutionSettings {
  /** ENTER_NOW needs a spread below this, in percent of the mid, … */
  enterSpreadPercent: number;
  /** … and a score above this. */
  enterScore: number;
  /** Above this spread it is better to wait. */
  waitSpreadPercent: number;
  weights: LiquidityWeights;
}

/** Spread below 0.5 % and score above 80: now. Spread above 2 %: wait. */
export const executionSettings: ExecutionSettings = {
  enterSpreadPercent: 0.5,
  enterScore: 80,
  waitSpreadPercent: 2,
  weights: liquidityWeights,
};

/** What to do. */
export type ExecutionAdvice = 'ENTER_NOW' | 'WAIT_FOR_TIGHTER_SPREAD' | 'WAIT';

/** Whether a quantity can be traded well now. Null: the book has not got both sides. */
export interface ExecutionAnalysis {
  advice: ExecutionAdvice;
  /** The price that belongs to the advice: the touch, the mid, or none. */
  pricePaise: number | null;
  spreadPaise: number | null;
  spreadPercent: number | null;
  liquidityScore: number;
  walk: BookWalk;
}

/** ENTER_NOW is at the ask for a BUY, at the bid for a SELL; without two sides it is WAIT. */
export function analyseExecution(
  book: OrderBook,
  side: OrderSide,
  quantity: number,
  settings: ExecutionSettings = executionSettings,
): ExecutionAnalysis {
  const touch = twoSided(touchOf(book));
  const spreadPercent = spreadPercentOf(book);
  const score = liquidityScore(book, side, quantity, settings.weights);
  const walk = walkBook(book, side, quantity);
  const base = { spreadPercent, liquidityScore: score, walk };
  if (touch === null || spreadPercent === null) {
    return { ...base, advice: 'WAIT', pricePaise: null, spreadPaise: null };
  }
  const spreadPaise = touch.askPaise - touch.bidPaise;
  if (spreadPercent < settings.enterSpreadPercent && score > settings.enterScore) {
    const pricePaise = side === 'BUY' ? touch.askPaise : touch.bidPaise;
    return { ...base, advice: 'ENTER_NOW', pricePaise, spreadPaise };
  }
  if (spreadPercent > settings.waitSpreadPercent) {
    const pricePaise = touch.midPaise;
    return { ...base, advice: 'WAIT_FOR_TIGHTER_SPREAD', pricePaise, spreadPaise };
  }
  return { ...base, advice: 'WAIT', pricePaise: null, spreadPaise };
}
