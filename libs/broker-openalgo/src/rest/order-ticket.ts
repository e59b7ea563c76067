import {
  wirePaise,
  wireText,
  wireUnits,
  type OrderChange,
  type OrderOutcome,
  type OrderRequest,
  type WireRow,
} from '@strikewire/broker';
import { rupeesOf } from '@strikewire/contracts';
import { productWord } from '../map/order-words';

/** What cannot be said to the broker is never sent. */
export type Denial = Extract<OrderOutcome, { kind: 'denied' }>;
/** The body of a request, or why there is none. */
export type Ticket = { body: Record<string, unknown> } | Denial;

/** Whether quantities of commodities are lots or units depends on the broker behind it. */
const servedSegments: readonly string[] = ['NFO', 'BFO'];
/** It goes into its log as the strategy's name: there a person finds the order again. */
const clientIdPattern = /^[\x21-\x7e]{1,64}$/;
const idPattern = /^[A-Za-z0-9_-]{1,64}$/;
/** What sends requests about orders that stand. */
const sender = 'strikewire';

export function denied(code: string, reason: string): Denial {
  return { kind: 'denied', code, reason };
}

/** Whether an order may be asked about by this id. */
export function denialOfId(brokerOrderId: string): Denial | null {
  if (idPattern.test(brokerOrderId)) return null;
  return denied('order_id_malformed', 'the broker\'s order id needs letters and digits, up to 64');
}

/** An order as it is placed; prices in rupees. */
export function placeTicket(order: OrderRequest): Ticket {
  const { token, type, quantity, limitPaise, triggerPaise, clientOrderId } = order;
  if (!servedSegments.includes(token.segment)) {
    const found = `orders go to ${servedSegments.join(' and ')}`;
    return denied('segment_not_served', `${found}, this one was for ${token.segment}`);
  }
  if (!clientIdPattern.test(clientOrderId)) {
    return denied('client_order_id_malformed', 'needs 1 to 64 characters without spaces');
  }
  if (order.validity !== 'DAY') {
    return denied('validity_not_served', `orders are good for the day, not ${order.validity}`);
  }
  const against = denialOfType(type) ?? denialOfNumbers([quantity, limitPaise, triggerPaise]);
  if (against) return against;
  if (limitPaise === null) return denied('price_missing', `a ${type} order needs a price`);
  const isStop = type === 'SL';
  if (isStop !== (triggerPaise !== null)) {
    return denied(isStop ? 'trigger_missing' : 'trigger_unwanted', `of an order of type ${type}`);
  }
  return {
    body: {
      strategy: clientOrderId,
      exchange: token.segment,
      symbol: token.id,
      action: order.side,
      product: productWord(order.product),
      pricetype: type,
      quantity,
      price: rupeesOf(limitPaise),
      trigger_price: rupeesOf(triggerPaise ?? 0),
      disclosed_quantity: 0,
    },
  };
}

/**
 * A modification replaces all of an order, so that what stays comes from its row, as it stands.
 */
export function modifyTicket(row: WireRow, change: OrderChange): Ticket {
  const { quantity, limitPaise, triggerPaise } = change;
  const type = row['pricetype'];
  const against = denialOfType(type) ?? denialOfNumbers([quantity, limitPaise, triggerPaise]);
  if (against) return against;
  if (type === 'LIMIT' && triggerPaise !== null) {
    return denied('trigger_unwanted', 'of an order of type LIMIT');
  }
  const texts = ['orderid', 'symbol', 'exchange', 'action', 'product'] as const;
  const kept = Object.fromEntries(texts.map((name) => [name, wireText(row[name])]));
  const price = limitPaise ?? wirePaise(row['price']);
  const trigger = type === 'SL' ? (triggerPaise ?? wirePaise(row['trigger_price'])) : 0;
  const units = quantity ?? wireUnits(row['quantity']);
  const isWhole = texts.every((name) => kept[name] !== null);
  if (!isWhole || price === null || trigger === null || !units) {
    return denied('order_not_read', 'the broker does not tell how the order stands');
  }
  return {
    body: {
      ...kept,
      strategy: sender,
      pricetype: type,
      quantity: units,
      price: rupeesOf(price),
      trigger_price: rupeesOf(trigger),
      // It is not told.
      disclosed_quantity: 0,
    },
  };
}

/** The body of what asks about one order, or for its end. */
export function orderBody(brokerOrderId: string): Record<string, unknown> {
  return { strategy: sender, orderid: brokerOrderId };
}

/** At the market's price nothing is sent: the platform sends limits with protection. */
function denialOfType(type: unknown): Denial | null {
  if (type === 'LIMIT' || type === 'SL') return null;
  return denied('type_not_served', `LIMIT and SL are sent, not ${wireText(type) ?? 'other types'}`);
}

function denialOfNumbers(numbers: readonly (number | null)[]): Denial | null {
  const isBad = numbers.some((one) => one !== null && !(wireUnits(one) && typeof one === 'number'));
  return isBad ? denied('number_malformed', 'quantity and paise need whole numbers above 0') : null;
}
