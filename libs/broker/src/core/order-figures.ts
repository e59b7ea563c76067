import { rupeesOf } from '@strikewire/contracts';
import { denied, type OrderDenial } from './order-request';
import type { BrokerOrder, OrderChange, OrderRequest } from './orders-port';
import { wirePaise, wireText, wireUnits } from './wire-value';

/*
 * What of an order is the same in requests to brokers that know `LIMIT` and `SL` by these names and
 * tell prices in rupees: which orders can be sent, with which figures, and how they come back.
 */

/** Figures of an order as they are sent: units, and rupees; 0 where there is no trigger. */
export interface OrderFigures {
  quantity: number;
  price: number;
  trigger: number;
}

/** Fields of an order's row as the broker tells them, whatever they are called. */
export interface ToldPrices {
  type: unknown;
  price: unknown;
  trigger: unknown;
}

const orderIdPattern = /^[A-Za-z0-9_-]{1,64}$/;
const visiblePattern = /^[\x21-\x7e]+$/;

/** Whether a request may name an order by this id; null: it may. */
export function denialOfOrderId(brokerOrderId: string): OrderDenial | null {
  if (orderIdPattern.test(brokerOrderId)) return null;
  return denied('order_id_malformed', 'the broker\'s order id needs letters and digits, up to 64');
}

/** Whether orders go to this segment; null: they do. */
export function denialOfSegment(segment: string, served: readonly string[]): OrderDenial | null {
  if (served.includes(segment)) return null;
  const found = `orders go to ${served.join(' and ')}`;
  return denied('segment_not_served', `${found}, this one was for ${segment}`);
}

/** Whether the broker takes our id of an order, up to `charsMax` characters; null: it does. */
export function denialOfClientId(clientOrderId: string, charsMax: number): OrderDenial | null {
  if (visiblePattern.test(clientOrderId) && clientOrderId.length <= charsMax) return null;
  const needed = `needs 1 to ${charsMax} characters without spaces`;
  return denied('client_order_id_malformed', needed);
}

/** Figures of an order to place, or why it is not sent. */
export function figuresOfOrder(order: OrderRequest): OrderFigures | OrderDenial {
  const { type, quantity, limitPaise, triggerPaise } = order;
  const against = denialOfType(type) ?? denialOfNumbers([quantity, limitPaise, triggerPaise]);
  if (against) return against;
  if (limitPaise === null) return denied('price_missing', `a ${type} order needs a price`);
  const isStop = type === 'SL';
  if (isStop !== (triggerPaise !== null)) {
    return denied(isStop ? 'trigger_missing' : 'trigger_unwanted', `of an order of type ${type}`);
  }
  return { quantity, price: rupeesOf(limitPaise), trigger: rupeesOf(triggerPaise ?? 0) };
}

/** Figures of an order that is to be another one: what does not change is as it was told. */
export function figuresOfChange(
  told: ToldPrices & { quantity: unknown },
  { quantity, limitPaise, triggerPaise }: OrderChange,
): OrderFigures | OrderDenial {
  const { type } = told;
  const against = denialOfType(type) ?? denialOfNumbers([quantity, limitPaise, triggerPaise]);
  if (against) return against;
  if (type === 'LIMIT' && triggerPaise !== null) {
    return denied('trigger_unwanted', 'of an order of type LIMIT');
  }
  const price = limitPaise ?? wirePaise(told.price);
  const trigger = type === 'SL' ? (triggerPaise ?? wirePaise(told.trigger)) : 0;
  const units = quantity ?? wireUnits(told.quantity);
  if (price === null || trigger === null || !units) return orderUntold();
  return { quantity: units, price: rupeesOf(price), trigger: rupeesOf(trigger) };
}

/** Of a row that lacks what a modification has to repeat. */
export function orderUntold(): OrderDenial {
  return denied('order_not_read', 'the broker does not tell how the order stands');
}

/**
 * Prices of an order in the book, in paise. What a type has no price of is null; what is of a type
 * that is not known, or is told badly, is left out.
 */
export function pricesAsTold(told: ToldPrices): Pick<BrokerOrder, 'limitPaise' | 'triggerPaise'> {
  const { type } = told;
  const limit = wirePaise(told.price);
  const trigger = wirePaise(told.trigger);
  const isMarket = type === 'MARKET' || type === 'SL-M';
  const isPlain = type === 'MARKET' || type === 'LIMIT';
  if (!isMarket && type !== 'LIMIT' && type !== 'SL') return {};
  return {
    ...(isMarket ? { limitPaise: null } : limit !== null && { limitPaise: limit }),
    ...(isPlain ? { triggerPaise: null } : trigger !== null && { triggerPaise: trigger }),
  };
}

/** At the market's price nothing is sent: the platform sends limits with protection. */
function denialOfType(type: unknown): OrderDenial | null {
  if (type === 'LIMIT' || type === 'SL') return null;
  return denied('type_not_served', `LIMIT and SL are sent, not ${wireText(type) ?? 'other types'}`);
}

function denialOfNumbers(numbers: readonly (number | null)[]): OrderDenial | null {
  const isBad = numbers.some((one) => one !== null && !(wireUnits(one) && typeof one === 'number'));
  return isBad ? denied('number_malformed', 'quantity and paise need whole numbers above 0') : null;
}
