import type { OrderProduct, OrderSide } from '@strikewire/broker';
import type { ContractKey } from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';
import { mulDivRound } from './exact';

/** A fill as a position sees it; units, paise. */
export interface PositionFill {
  key: ContractKey;
  product: OrderProduct;
  side: OrderSide;
  quantity: number;
  /** Zero is allowed: an option that settles worthless. */
  pricePaise: number;
  chargesPaise: number;
}

/**
 * What is held of one contract and product. The average is, as Indian brokers show it, the
 * weighted average of the side that is open: more on the same side moves it, closing does not,
 * and crossing zero begins anew at the price of the crossing fill.
 *
 * Everything is whole paise. Of a part that is closed the cost is its share of the open cost,
 * rounded to the paisa; what rounding leaves stays with the rest, so nothing is lost or made.
 */
export interface Position {
  key: ContractKey;
  product: OrderProduct;
  /** Units; below zero: short. */
  netQuantity: number;
  /** Paid for the open long, received for the open short. */
  openValuePaise: number;
  realisedPaise: number;
  chargesPaise: number;
  buyQuantity: number;
  buyValuePaise: number;
  sellQuantity: number;
  sellValuePaise: number;
}

/** Positions by `positionKey`. Contracts that are flat stay until they are dropped. */
export type PositionBook = ReadonlyMap<string, Position>;

/** A contract may be held in two products, apart. */
export function positionKey(key: ContractKey, product: OrderProduct): string {
  return `${product}:${key}`;
}

/** Nothing is held, nothing was traded. */
export function flatPosition(key: ContractKey, product: OrderProduct): Position {
  return {
    key,
    product,
    netQuantity: 0,
    openValuePaise: 0,
    realisedPaise: 0,
    chargesPaise: 0,
    buyQuantity: 0,
    buyValuePaise: 0,
    sellQuantity: 0,
    sellValuePaise: 0,
  };
}

/** The book after a fill. */
export function applyFill(book: PositionBook, fill: PositionFill): PositionBook {
  const key = positionKey(fill.key, fill.product);
  const held = book.get(key) ?? flatPosition(fill.key, fill.product);
  return new Map(book).set(key, fillPosition(held, fill));
}

/**
 * The position after a fill.
 * @throws StrikewireError `invalid` when its numbers are none.
 */
export function fillPosition(held: Position, fill: PositionFill): Position {
  const { side, quantity, pricePaise, chargesPaise } = fill;
  checkFill(fill);
  const isBuy = side === 'BUY';
  const valuePaise = quantity * pricePaise;
  const closesAt = isBuy ? -held.netQuantity : held.netQuantity;
  const closed = Math.min(quantity, Math.max(0, closesAt));
  const openQuantity = Math.abs(held.netQuantity);
  const costPaise = closed === 0 ? 0 : mulDivRound(held.openValuePaise, closed, openQuantity);
  const closedPaise = closed * pricePaise;
  return {
    ...held,
    netQuantity: held.netQuantity + (isBuy ? quantity : -quantity),
    openValuePaise: held.openValuePaise - costPaise + (valuePaise - closedPaise),
    realisedPaise: held.realisedPaise + (isBuy ? costPaise - closedPaise : closedPaise - costPaise),
    chargesPaise: held.chargesPaise + chargesPaise,
    buyQuantity: held.buyQuantity + (isBuy ? quantity : 0),
    buyValuePaise: held.buyValuePaise + (isBuy ? valuePaise : 0),
    sellQuantity: held.sellQuantity + (isBuy ? 0 : quantity),
    sellValuePaise: held.sellValuePaise + (isBuy ? 0 : valuePaise),
  };
}

/** Averages and totals for people; null: there is nothing to average. May have fractions. */
export function averagesOf(position: Position): {
  openPaise: number | null;
  buyPaise: number | null;
  sellPaise: number | null;
} {
  const { netQuantity, openValuePaise, buyQuantity, sellQuantity } = position;
  return {
    openPaise: netQuantity === 0 ? null : openValuePaise / Math.abs(netQuantity),
    buyPaise: buyQuantity === 0 ? null : position.buyValuePaise / buyQuantity,
    sellPaise: sellQuantity === 0 ? null : position.sellValuePaise / sellQuantity,
  };
}

/** Profit and loss at a mark. */
export interface ProfitAndLoss {
  realisedPaise: number;
  /** Null: something is open and there is no mark. */
  unrealisedPaise: number | null;
  chargesPaise: number;
  /** All of it, after charges. */
  netPaise: number | null;
}

/** Of a position at a price, in paise; charges of closing what is open are not in it. */
export function profitOf(position: Position, markPaise: number | null): ProfitAndLoss {
  const { netQuantity, openValuePaise, realisedPaise, chargesPaise } = position;
  const unrealisedPaise = unrealised(netQuantity, openValuePaise, markPaise);
  const netPaise =
    unrealisedPaise === null ? null : realisedPaise + unrealisedPaise - chargesPaise;
  return { realisedPaise, unrealisedPaise, chargesPaise, netPaise };
}

function unrealised(
  netQuantity: number,
  openValuePaise: number,
  markPaise: number | null,
): number | null {
  if (netQuantity === 0) return 0;
  if (markPaise === null || !Number.isFinite(markPaise)) return null;
  const value = netQuantity * markPaise;
  return netQuantity > 0 ? value - openValuePaise : value + openValuePaise;
}

/** Money that has moved: out for what was bought, in for what was sold, less charges. */
export function cashFlowOf({ sellValuePaise, buyValuePaise, chargesPaise }: Position): number {
  return sellValuePaise - buyValuePaise - chargesPaise;
}

function checkFill({ quantity, pricePaise, chargesPaise }: PositionFill): void {
  const isFine =
    Number.isSafeInteger(quantity) && quantity > 0 &&
    Number.isSafeInteger(pricePaise) && pricePaise >= 0 &&
    Number.isSafeInteger(chargesPaise) && Number.isSafeInteger(quantity * pricePaise);
  if (isFine) return;
  throw new StrikewireError({
    kind: 'invalid',
    code: 'fill_malformed',
    message:
      `a fill had ${quantity} units at ${pricePaise} paise with charges of ${chargesPaise}, ` +
      'needs whole numbers, units above zero',
  });
}
