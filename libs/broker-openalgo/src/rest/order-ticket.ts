import {
  denialOfClientId,
  denialOfSegment,
  denied,
  figuresOfChange,
  figuresOfOrder,
  orderUntold,
  wireText,
  type OrderChange,
  type OrderRequest,
  type OrderTicket,
  type WireRow,
} from '@strikewire/broker';
import { productWord } from '../map/order-words';

/** Whether quantities of commodities are lots or units depends on the broker behind it. */
const servedSegments: readonly string[] = ['NFO', 'BFO'];
/** It goes into its log as the strategy's name: there a person finds the order again. */
const clientIdCharsMax = 64;
/** What sends requests about orders that stand. */
const sender = 'strikewire';

/** An order as it is placed; prices in rupees. */
export function placeTicket(order: OrderRequest): OrderTicket {
  const { token, clientOrderId } = order;
  const against = denialOfSegment(token.segment, servedSegments) ??
    denialOfClientId(clientOrderId, clientIdCharsMax);
  if (against) return against;
  if (order.validity !== 'DAY') {
    return denied('validity_not_served', `orders are good for the day, not ${order.validity}`);
  }
  const figures = figuresOfOrder(order);
  if ('kind' in figures) return figures;
  return {
    body: {
      strategy: clientOrderId,
      exchange: token.segment,
      symbol: token.id,
      action: order.side,
      product: productWord(order.product),
      pricetype: order.type,
      quantity: figures.quantity,
      price: figures.price,
      trigger_price: figures.trigger,
      disclosed_quantity: 0,
    },
  };
}

/**
 * A modification replaces all of an order, so that what stays comes from its row, as it stands.
 */
export function modifyTicket(row: WireRow, change: OrderChange): OrderTicket {
  const figures = figuresOfChange({
    type: row['pricetype'],
    price: row['price'],
    trigger: row['trigger_price'],
    quantity: row['quantity'],
  }, change);
  if ('kind' in figures) return figures;
  const texts = ['orderid', 'symbol', 'exchange', 'action', 'product'] as const;
  const kept = Object.fromEntries(texts.map((name) => [name, wireText(row[name])]));
  if (texts.some((name) => kept[name] === null)) return orderUntold();
  return {
    body: {
      ...kept,
      strategy: sender,
      pricetype: row['pricetype'],
      quantity: figures.quantity,
      price: figures.price,
      trigger_price: figures.trigger,
      // It is not told.
      disclosed_quantity: 0,
    },
  };
}

/** The body of what asks about one order, or for its end. */
export function orderBody(brokerOrderId: string): Record<string, unknown> {
  return { strategy: sender, orderid: brokerOrderId };
}
