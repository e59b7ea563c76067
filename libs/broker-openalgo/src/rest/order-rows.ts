import {
  isWireRow,
  pricesAsTold,
  wireNumber,
  wirePaise,
  wireText,
  wireTime,
  wireUnits,
  type BrokerOrder,
  type BrokerPosition,
  type BrokerTrade,
  type InstrumentToken,
  type ReadRow,
  type WireRow,
} from '@strikewire/broker';
import { productOf, sideOf, statusOf } from '../map/order-words';

/** An order as far as its row tells; what only its trades can tell is null. */
export interface ReadOrder {
  order: Omit<BrokerOrder, 'filledQuantity'>;
  filledQuantity: number | null;
  /** The word that is not known, so that it counts as pending; null: it is known. */
  unknownStatus: string | null;
}

/** Reads an order of the book, or of the order updates: their rows are alike. */
export function readOrder(value: unknown, nowMs: number): ReadRow<ReadOrder> {
  const wire = isWireRow(value) ? value : {};
  const brokerOrderId = wireText(wire['orderid']);
  const token = tokenOf(wire);
  const side = sideOf(wire['action']);
  const quantity = wireUnits(wire['quantity']);
  const word = wireText(wire['order_status']);
  if (brokerOrderId === null) return { lacks: 'orderid' };
  if (!token) return { lacks: 'symbol' };
  if (!side) return { lacks: 'action' };
  if (quantity === null || quantity === 0) return { lacks: 'quantity' };
  if (word === null) return { lacks: 'order_status' };
  const status = statusOf(word);
  const told = wire['filled_quantity'] ?? null;
  if (told !== null && wireUnits(told) === null) return { lacks: 'filled_quantity' };
  const implied = status === 'filled' ? quantity : status === 'rejected' ? 0 : null;
  const order = {
    brokerOrderId,
    // It has nothing of its client's.
    clientOrderId: null,
    token,
    side,
    status: status ?? 'pending',
    quantity,
    averagePaise: wirePaise(wire['average_price']),
    ...pricesAsTold({
      type: wire['pricetype'], price: wire['price'], trigger: wire['trigger_price'],
    }),
    reason: wireText(wire['rejection_reason']),
    updatedMs: wireTime(wire['timestamp'], nowMs),
  };
  const unknownStatus = status === undefined ? word.slice(0, 40) : null;
  return { row: { order, filledQuantity: wireUnits(told) ?? implied, unknownStatus } };
}

/** A trade before it has an id: few brokers' come with one. */
export interface ReadTrade {
  trade: Omit<BrokerTrade, 'tradeId'>;
  /** The same for each reading of the same trade, and of trades that are alike. */
  mark: string;
}

export function readTrade(value: unknown, nowMs: number): ReadRow<ReadTrade> {
  const wire = isWireRow(value) ? value : {};
  const brokerOrderId = wireText(wire['orderid']);
  const token = tokenOf(wire);
  const side = sideOf(wire['action']);
  const quantity = wireUnits(wire['quantity']);
  const pricePaise = wirePaise(wire['average_price']);
  const time = wireText(wire['timestamp']);
  if (brokerOrderId === null) return { lacks: 'orderid' };
  if (!token) return { lacks: 'symbol' };
  if (!side) return { lacks: 'action' };
  if (quantity === null || quantity === 0) return { lacks: 'quantity' };
  if (pricePaise === null) return { lacks: 'average_price' };
  const tradedMs = wireTime(time, nowMs) ?? nowMs;
  const mark = [brokerOrderId, time ?? '', quantity, pricePaise].join('/');
  return { row: { trade: { brokerOrderId, token, side, quantity, pricePaise, tradedMs }, mark } };
}

/**
 * Trades with ids: what of them never changes, and a number for those that are alike. A book that
 * is read again, in whatever order, gives the same trades the same ids.
 */
export function withIds(read: readonly ReadTrade[]): BrokerTrade[] {
  const counts = new Map<string, number>();
  return read.map(({ trade, mark }) => {
    const count = (counts.get(mark) ?? 0) + 1;
    counts.set(mark, count);
    return { tradeId: `${mark}/${count}`, ...trade };
  });
}

/** Numbers are texts. */
export function readPosition(value: unknown): ReadRow<BrokerPosition> {
  const wire = isWireRow(value) ? value : {};
  const token = tokenOf(wire);
  const netQuantity = wireNumber(wire['quantity']);
  if (!token) return { lacks: 'symbol' };
  if (netQuantity === null || !Number.isInteger(netQuantity)) return { lacks: 'quantity' };
  const averagePaise = wirePaise(wire['average_price']);
  return { row: { token, product: productOf(wire['product']), netQuantity, averagePaise } };
}

function tokenOf(wire: WireRow): InstrumentToken | undefined {
  const segment = wireText(wire['exchange']);
  const id = wireText(wire['symbol']);
  return segment === null || id === null ? undefined : { segment, id };
}

/** Orders with what is filled of them: by their rows, or else by their trades. */
export function withFills(
  read: readonly ReadOrder[],
  trades: readonly BrokerTrade[],
): BrokerOrder[] {
  const sums = new Map<string, { units: number; paise: number }>();
  for (const { brokerOrderId, quantity, pricePaise } of trades) {
    const { units, paise } = sums.get(brokerOrderId) ?? { units: 0, paise: 0 };
    const sum = { units: units + quantity, paise: paise + quantity * pricePaise };
    sums.set(brokerOrderId, sum);
  }
  return read.map(({ order, filledQuantity }) => {
    const { units, paise } = sums.get(order.brokerOrderId) ?? { units: 0, paise: 0 };
    const filled = filledQuantity ?? units;
    // Of a part of what is filled there is no average.
    const average = units > 0 && units === filled ? Math.round(paise / units) : null;
    const averagePaise = filled > 0 ? (order.averagePaise ?? average) : null;
    return { ...order, filledQuantity: filled, averagePaise };
  });
}

/** Whether only the trades can tell how much of it is filled, and at which price. */
export function needsTrades({ order, filledQuantity }: ReadOrder): boolean {
  if (filledQuantity === null) return true;
  return filledQuantity > 0 && order.averagePaise === null;
}
