import type { OrderSide } from '@strikewire/broker';
import { dearer, oppositeLevels, touchOf, twoSided, type OrderBook } from './book';

/** Levels that are walked unless the caller says another number. */
export const walkLevelsDefault = 20;

/**
 * What an order would get now. Costs are per unit and above zero when they hurt; a price that no
 * unit was filled at is null, and so is whatever is measured from it.
 */
export interface BookWalk {
  filledQuantity: number;
  /** What the levels that were walked do not hold. */
  restQuantity: number;
  /** Paid or received for all that is filled: exact. */
  valuePaise: number;
  /** May have fractions of a paisa. */
  averagePaise: number | null;
  /** The last price that is needed: a limit there takes all of it. */
  worstPaise: number | null;
  levels: number;
  touchPaise: number | null;
  /** Null when one side is missing or the book is crossed. */
  midPaise: number | null;
  /** Average against the touch and against the mid. */
  slippagePaise: number | null;
  slippagePercent: number | null;
  midSlippagePaise: number | null;
  midSlippagePercent: number | null;
  /** How far the order would move the touch: worst price against touch. */
  impactPaise: number | null;
  impactPercent: number | null;
}

/** Walks up to `levelsMax` levels of the side that an order takes from. */
export function walkBook(
  book: OrderBook,
  side: OrderSide,
  quantity: number,
  levelsMax: number = walkLevelsDefault,
): BookWalk {
  const levels = oppositeLevels(book, side).slice(0, levelsMax);
  let rest = Number.isFinite(quantity) ? Math.max(0, Math.floor(quantity)) : 0;
  const asked = rest;
  let valuePaise = 0;
  let worstPaise: number | null = null;
  let used = 0;
  for (const level of levels) {
    if (rest === 0) break;
    const taken = Math.min(rest, level.quantity);
    valuePaise += taken * level.pricePaise;
    worstPaise = level.pricePaise;
    rest -= taken;
    used += 1;
  }
  const filledQuantity = asked - rest;
  const averagePaise = filledQuantity === 0 ? null : valuePaise / filledQuantity;
  const touchPaise = levels[0]?.pricePaise ?? null;
  const midPaise = twoSided(touchOf(book))?.midPaise ?? null;
  const cost = (price: number | null, from: number | null): Cost => costOf(side, price, from);
  const slippage = cost(averagePaise, touchPaise);
  const midSlippage = cost(averagePaise, midPaise);
  const impact = cost(worstPaise, touchPaise);
  return {
    filledQuantity,
    restQuantity: rest,
    valuePaise,
    averagePaise,
    worstPaise,
    levels: used,
    touchPaise,
    midPaise,
    slippagePaise: slippage.paise,
    slippagePercent: slippage.percent,
    midSlippagePaise: midSlippage.paise,
    midSlippagePercent: midSlippage.percent,
    impactPaise: impact.paise,
    impactPercent: impact.percent,
  };
}

interface Cost {
  paise: number | null;
  percent: number | null;
}

function costOf(side: OrderSide, price: number | null, from: number | null): Cost {
  if (price === null || from === null) return { paise: null, percent: null };
  const paise = dearer(side) * (price - from);
  return { paise, percent: (paise / from) * 100 };
}
