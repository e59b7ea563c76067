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
import { instrumentKeyOf } from '../map/instrument-key';
import { productWord } from '../map/order-words';

/** What cannot be said to the broker is never sent. */
export type Denial = Extract<OrderOutcome, { kind: 'denied' }>;
/** The body of a request, or why there is none. */
export type Ticket = { body: object } | Denial;

/** Quantities of commodities are in lots here, and lots are not known where orders are sent. */
const servedSegments: readonly string[] = ['NSE_FO', 'BSE_FO'];
/** Its tag takes 40 characters. */
const tagPattern = /^[\x21-\x7e]{1,40}$/;
const idPattern = /^[A-Za-z0-9_-]{1,64}$/;

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
  if (!tagPattern.test(clientOrderId)) {
    return denied('client_order_id_malformed', 'needs 1 to 40 characters without spaces');
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
      quantity,
      product: productWord(order.product),
      validity: order.validity,
      price: rupeesOf(limitPaise),
      tag: clientOrderId,
      instrument_token: instrumentKeyOf(token),
      order_type: type,
      transaction_type: order.side,
      disclosed_quantity: 0,
      trigger_price: rupeesOf(triggerPaise ?? 0),
      is_amo: false,
      // One order for one id: cut in slices it would be several under the same tag.
      slice: false,
    },
  };
}

/**
 * A modification replaces all of an order, so that what stays comes from its row, as it stands.
 */
export function modifyTicket(row: WireRow, change: OrderChange): Ticket {
  const { quantity, limitPaise, triggerPaise } = change;
  const id = wireText(row['order_id']);
  const type = row['order_type'];
  const validity = wireText(row['validity']);
  const against = denialOfType(type) ?? denialOfNumbers([quantity, limitPaise, triggerPaise]);
  if (against) return against;
  if (type === 'LIMIT' && triggerPaise !== null) {
    return denied('trigger_unwanted', 'of an order of type LIMIT');
  }
  const price = limitPaise ?? wirePaise(row['price']);
  const trigger = type === 'SL' ? (triggerPaise ?? wirePaise(row['trigger_price'])) : 0;
  const units = quantity ?? wireUnits(row['quantity']);
  if (id === null || validity === null || price === null || trigger === null || !units) {
    return denied('order_not_read', 'the broker does not tell how the order stands');
  }
  return {
    body: {
      order_id: id,
      quantity: units,
      validity,
      price: rupeesOf(price),
      order_type: type,
      disclosed_quantity: wireUnits(row['disclosed_quantity']) ?? 0,
      trigger_price: rupeesOf(trigger),
    },
  };
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
