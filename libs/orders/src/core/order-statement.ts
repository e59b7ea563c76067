import type { BrokerTrade } from '@strikewire/broker';
import { isAmount } from './book';
import {
  illegal,
  tradedQuantity,
  type OrderState,
  type OrderStep,
  type StatedFill,
} from './order-life';

/** Trades that a person has stated have ids that begin so. */
const statedPrefix = 'stated-';

/** Who states what, and what was seen. */
export interface Statement {
  by: string;
  reason: string;
  filled: StatedFill;
}

/**
 * A person says how much of an order was filled, at which average, when nobody looks any more: the
 * part that no trade tells of becomes one trade, and the order has ended.
 */
export function takeStatement(
  state: OrderState,
  { by, reason, filled }: Statement,
  nowMs: number,
): OrderStep {
  const wrong = wrongWith(state, filled);
  if (wrong !== null) return illegal(state, wrong[0], wrong[1]);
  const { quantity, averagePaise } = filled;
  const unfilled = state.dayEndedMs === null ? 'cancelled' : 'expired';
  const average = (averagePaise / 100).toFixed(2);
  const text = `${by} stated that ${quantity} units were filled at ₹${average}: ${reason}`;
  const trade = missingTrade(state, filled, nowMs);
  const next: OrderState = {
    ...state,
    status: quantity >= state.quantity ? 'filled' : unfilled,
    statusFrom: 'platform',
    filledQuantity: quantity,
    trades: trade ? [...state.trades, trade] : state.trades,
    code: 'stated',
    reason: text,
  };
  return { state: next, effects: trade ? [{ type: 'fill', trade }] : [] };
}

/** What was stated and the broker's own trades of it, which take its place one by one. */
export function replaceStated(
  known: readonly BrokerTrade[],
  fresh: readonly BrokerTrade[],
): { all: BrokerTrade[]; uncovered: BrokerTrade[] } {
  const stated = known.find(isStated);
  if (!stated) return { all: [...known, ...fresh], uncovered: [...fresh] };
  let left = stated.quantity;
  const uncovered: BrokerTrade[] = [];
  for (const trade of fresh) {
    const covered = Math.min(left, trade.quantity);
    left -= covered;
    // Only what goes beyond the statement is new to the positions.
    const quantity = trade.quantity - covered;
    if (quantity > 0) uncovered.push(covered === 0 ? trade : { ...trade, quantity });
  }
  const others = known.filter((one) => one !== stated);
  const rest = left > 0 ? [{ ...stated, quantity: left }] : [];
  return { all: [...others, ...rest, ...fresh], uncovered };
}

function isStated({ tradeId }: BrokerTrade): boolean {
  return tradeId.startsWith(statedPrefix);
}

function wrongWith(state: OrderState, filled: StatedFill): [string, string] | null {
  const { quantity, averagePaise } = filled;
  if (state.needsPerson === null) {
    const found = `is ${state.status}, only of what needs a person a fill is stated`;
    return ['decision_unasked', found];
  }
  if (!isAmount(quantity) || !Number.isFinite(averagePaise) || averagePaise <= 0) {
    const found = `was stated as ${quantity} units at ${averagePaise} paise`;
    return ['statement_malformed', `${found}, needs whole units and a price above zero`];
  }
  if (quantity > state.quantity) {
    return ['statement_above_order', `is of ${state.quantity} units, ${quantity} were stated`];
  }
  const told = Math.max(state.filledQuantity, tradedQuantity(state));
  if (quantity < told) {
    const found = `the broker has told of ${told} units filled, ${quantity} were stated`;
    return ['statement_below_told', found];
  }
  return wrongPrice(state, filled);
}

function wrongPrice(state: OrderState, filled: StatedFill): [string, string] | null {
  const { limitPaise, arePricesSure, order: { side } } = state;
  const { averagePaise } = filled;
  const isBeyond = limitPaise !== null && arePricesSure
    && (side === 'BUY' ? averagePaise > limitPaise : averagePaise < limitPaise);
  const [average, limit] = [averagePaise, limitPaise ?? 0].map((one) => (one / 100).toFixed(2));
  if (isBeyond) {
    const found = `its limit is ₹${limit}, a ${side} was not filled at ₹${average} on average`;
    return ['statement_beyond_limit', found];
  }
  const missing = filled.quantity - tradedQuantity(state);
  if (missing === 0 || missingPaise(state, filled) >= 1) return null;
  const found = `known trades leave less than nothing for the rest at ₹${average} on average`;
  return ['statement_contradicts', found];
}

/** What is left of the stated value for each unit that no trade tells of. */
function missingPaise(state: OrderState, { quantity, averagePaise }: StatedFill): number {
  const value = state.trades.reduce((sum, one) => sum + one.quantity * one.pricePaise, 0);
  return Math.round((quantity * averagePaise - value) / (quantity - tradedQuantity(state)));
}

function missingTrade(
  state: OrderState,
  filled: StatedFill,
  tradedMs: number,
): BrokerTrade | null {
  const { clientOrderId, token, side } = state.order;
  const quantity = filled.quantity - tradedQuantity(state);
  if (quantity === 0) return null;
  return {
    tradeId: `${statedPrefix}${clientOrderId}`,
    brokerOrderId: state.brokerOrderId ?? `${statedPrefix}${clientOrderId}`,
    token, side, quantity, tradedMs,
    pricePaise: missingPaise(state, filled),
  };
}
