import type { Contract, Place } from '../market/contract';
import { averageOf, type Order, type OrderState, type OrderType, type Side } from './order';
import type { OrderDesk } from './order-desk';

/** An order as it is, and its state as the broker's book shows it. Rupees; times are epoch ms. */
export interface TrueOrder {
  orderId: string;
  /** The client's own name for it; empty when it gave none. */
  clientOrderId: string;
  segment: string;
  securityId: number;
  side: Side;
  type: OrderType;
  product: string;
  validity: string;
  source: 'api' | 'other';
  state: OrderState;
  toldState: OrderState;
  quantity: number;
  filled: number;
  average: number;
  price: number;
  trigger: number;
  reason: string;
  placedAt: number;
  updatedAt: number;
}

/** One fill, told or not. */
export interface TrueTrade {
  tradeId: string;
  orderId: string;
  segment: string;
  securityId: number;
  side: Side;
  quantity: number;
  price: number;
  at: number;
  /** Whether the broker's book shows it. */
  told: boolean;
}

/** What is held, by all trades, of one contract and product. */
export interface TruePosition {
  segment: string;
  securityId: number;
  product: string;
  net: number;
  average: number;
  realised: number;
  unrealised: number;
}

/** All of an account's orders, and its funds in rupees. */
export interface TrueOrders {
  orders: TrueOrder[];
  trades: TrueTrade[];
  positions: TruePosition[];
  funds: { opening: number; available: number; margin: number };
}

/** An account's orders as they are, whatever was told of them. */
export function orderTruth(
  desk: OrderDesk,
  account: string,
  wordFor: (place: Place) => string,
): TrueOrders {
  const { orders, trades, positions } = desk.whole(account);
  const named = ({ place, id }: Contract): { segment: string; securityId: number } =>
    ({ segment: wordFor(place), securityId: id });
  const { opening, available, margin } = desk.funds(account);
  return {
    orders: orders.map((order) => ({ ...named(order.contract), ...trueOrder(order) })),
    trades: trades.map(({ id, order, quantity, pricePaise, atMs, isTold }) => ({
      tradeId: id, orderId: order.id, ...named(order.contract), side: order.side,
      quantity, price: pricePaise / 100, at: atMs, told: isTold,
    })),
    positions: positions.map((one) => ({
      ...named(one.contract), product: one.product, net: one.net,
      average: one.averagePaise / 100, realised: one.realisedPaise / 100,
      unrealised: one.unrealisedPaise / 100,
    })),
    funds: { opening: opening / 100, available: available / 100, margin: margin / 100 },
  };
}

function trueOrder(order: Order): Omit<TrueOrder, 'segment' | 'securityId'> {
  const { id, clientOrderId, side, product, source, now, told, placedMs } = order;
  return {
    orderId: id, clientOrderId, side, type: now.type, product, validity: now.validity, source,
    state: now.state, toldState: told.state, quantity: now.quantity, filled: now.filled,
    average: averageOf(now) / 100, price: now.pricePaise / 100, trigger: now.triggerPaise / 100,
    reason: now.reason?.detail ?? '', placedAt: placedMs, updatedAt: now.updatedMs,
  };
}
