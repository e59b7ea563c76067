import type { OrderSide } from '@strikewire/broker';
import { type OrderBook } from './book';
import { walkBook, type BookWalk } from './book-walk';
import { liquidityScore } from './liquidity-score';

/** When an exit counts as possible at once. */
export interface ExitSettings {
  /** The whole quantity within this slippage against the touch, in percent. */
  slippagePercentMax: number;
  levelsMax: number;
}

/** All of it within 1 % of the touch. */
export const exitSettings: ExitSettings = { slippagePercentMax: 1, levelsMax: 20 };

/** What it takes to close a position now. */
export interface ExitAnalysis {
  /** The side of the order that closes it. */
  side: OrderSide;
  quantity: number;
  /** What it would get on average; null: nobody is there. */
  exitPaise: number | null;
  /** A limit that takes all that is shown. */
  limitPaise: number | null;
  canExitAtOnce: boolean;
  /** Why not; null when it can. */
  reason: string | null;
  /** Of the whole exit against the touch: paid more, or received less. Exact. */
  slippageTotalPaise: number;
  liquidityScore: number;
  walk: BookWalk;
}

/** Of a position of `netQuantity` units, below zero when short; null when there is none. */
export function analyseExit(
  book: OrderBook,
  netQuantity: number,
  settings: ExitSettings = exitSettings,
): ExitAnalysis | null {
  if (!Number.isSafeInteger(netQuantity) || netQuantity === 0) return null;
  const side = netQuantity > 0 ? 'SELL' : 'BUY';
  const quantity = Math.abs(netQuantity);
  const walk = walkBook(book, side, quantity, settings.levelsMax);
  const reason = reasonAgainst(walk, settings);
  const atTouch = (walk.touchPaise ?? 0) * walk.filledQuantity;
  return {
    side,
    quantity,
    exitPaise: walk.averagePaise,
    limitPaise: walk.worstPaise,
    canExitAtOnce: reason === null,
    reason,
    slippageTotalPaise: Math.abs(walk.valuePaise - atTouch),
    liquidityScore: liquidityScore(book, side, quantity),
    walk,
  };
}

function reasonAgainst(walk: BookWalk, { slippagePercentMax }: ExitSettings): string | null {
  if (walk.filledQuantity === 0) return 'the book has nobody to close it with';
  if (walk.restQuantity > 0) {
    const asked = walk.filledQuantity + walk.restQuantity;
    return `the book shows ${walk.filledQuantity} of ${asked} units`;
  }
  const slippage = walk.slippagePercent ?? 0;
  if (slippage <= slippagePercentMax) return null;
  return `it would slip ${slippage.toFixed(2)} %, at most ${slippagePercentMax} % is settled`;
}
