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
  type ReadRow,
  type WireRow,
} from '@strikewire/broker';
import { tokenOfKey } from '../map/instrument-key';
import { productOf, sideOf, statusOf } from '../map/order-words';

/** An order with whether its status was a word that is known: else it counts as pending. */
export interface ReadOrder {
  order: BrokerOrder;
  /** The word that is not known; null: it is. */
  unknownStatus: string | null;
}

/**
 * Reads an order of the book, or of the portfolio stream: their rows are alike. Of commodities the
 * quantity is in lots, as it was sent; the platform sends none.
 */
export function readOrder(value: unknown): ReadRow<ReadOrder> {
  const wire = isWireRow(value) ? value : {};
  const brokerOrderId = wireText(wire['order_id']);
  const token = tokenOfKey(wire['instrument_token'] ?? wire['instrument_key']);
  const side = sideOf(wire['transaction_type']);
  const quantity = wireUnits(wire['quantity']);
  const word = wireText(wire['status']);
  if (brokerOrderId === null) return { lacks: 'order_id' };
  if (!token) return { lacks: 'instrument_token' };
  if (!side) return { lacks: 'transaction_type' };
  if (quantity === null || quantity === 0) return { lacks: 'quantity' };
  if (word === null) return { lacks: 'status' };
  const isStop = wire['order_type'] === 'SL' || wire['order_type'] === 'SL-M';
  const status = statusOf(word, isStop);
  const filled = filledOf(wire, status === 'filled');
  if (filled === null) return { lacks: 'filled_quantity' };
  const order: BrokerOrder = {
    brokerOrderId,
    clientOrderId: wireText(wire['tag']),
    token,
    side,
    status: status ?? 'pending',
    quantity,
    filledQuantity: filled,
    averagePaise: filled > 0 ? wirePaise(wire['average_price']) : null,
    ...pricesAsTold({
      type: wire['order_type'], price: wire['price'], trigger: wire['trigger_price'],
    }),
    reason: wireText(wire['status_message']) ?? wireText(wire['status_message_raw']),
    updatedMs: updatedOf(wire),
  };
  return { row: { order, unknownStatus: status === undefined ? word.slice(0, 40) : null } };
}

/** Before the exchange has it there may be none; of what is complete there has to be. */
function filledOf(wire: WireRow, isFilled: boolean): number | null {
  const told = wire['filled_quantity'] ?? null;
  return told === null && !isFilled ? 0 : wireUnits(told);
}

/** The exchange's time is the younger one, once there is one. */
function updatedOf(wire: WireRow): number | null {
  const placed = wireTime(wire['order_timestamp']);
  const exchange = wireTime(wire['exchange_timestamp']);
  return placed === null || exchange === null ? (exchange ?? placed) : Math.max(placed, exchange);
}

/** Numbers of trades are each exchange's own: the order's makes them unique. */
export function readTrade(value: unknown): ReadRow<BrokerTrade> {
  const wire = isWireRow(value) ? value : {};
  const tradeId = wireText(wire['trade_id']);
  const brokerOrderId = wireText(wire['order_id']);
  const token = tokenOfKey(wire['instrument_token']);
  const side = sideOf(wire['transaction_type']);
  const quantity = wireUnits(wire['quantity']);
  const pricePaise = wirePaise(wire['average_price']);
  const tradedMs = wireTime(wire['exchange_timestamp']) ?? wireTime(wire['order_timestamp']);
  if (tradeId === null) return { lacks: 'trade_id' };
  if (brokerOrderId === null) return { lacks: 'order_id' };
  if (!token) return { lacks: 'instrument_token' };
  if (!side) return { lacks: 'transaction_type' };
  if (quantity === null || quantity === 0) return { lacks: 'quantity' };
  if (pricePaise === null) return { lacks: 'average_price' };
  if (tradedMs === null) return { lacks: 'exchange_timestamp' };
  const ownId = `${brokerOrderId}-${tradeId}`;
  return { row: { tradeId: ownId, brokerOrderId, token, side, quantity, pricePaise, tradedMs } };
}

/** Quantities are in the exchange's units, of commodities in lots: the multiplier tells which. */
export function readPosition(value: unknown): ReadRow<BrokerPosition> {
  const wire = isWireRow(value) ? value : {};
  const token = tokenOfKey(wire['instrument_token']);
  const quantity = wireNumber(wire['quantity']);
  const multiplier = wireNumber(wire['multiplier'] ?? 1);
  if (!token) return { lacks: 'instrument_token' };
  if (quantity === null || !Number.isInteger(quantity)) return { lacks: 'quantity' };
  if (multiplier === null || !Number.isInteger(multiplier) || multiplier < 1) {
    return { lacks: 'multiplier' };
  }
  const ownSide = quantity > 0 ? wire['buy_price'] : wire['sell_price'];
  const row = {
    token,
    product: productOf(wire['product']),
    netQuantity: quantity * multiplier + 0,
    averagePaise: wirePaise(wire['average_price']) ?? wirePaise(ownSide),
  };
  return { row };
}
