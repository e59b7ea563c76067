import type { BrokerOrderStatus, OrderProduct, OrderSide } from '@strikewire/broker';

/**
 * Statuses (Upstox API documentation, "Order status"). `trigger pending`: it rests until its
 * trigger is met. Requests about an order that stands leave it standing until they are done.
 */
const statuses: Readonly<Record<string, BrokerOrderStatus>> = {
  'put order req received': 'pending',
  'validation pending': 'pending',
  'open pending': 'pending',
  'after market order req received': 'pending',
  'modify after market order req received': 'pending',
  open: 'open',
  'trigger pending': 'open',
  modified: 'open',
  'modify pending': 'open',
  'modify validation pending': 'open',
  'not modified': 'open',
  'cancel pending': 'open',
  'not cancelled': 'open',
  complete: 'filled',
  cancelled: 'cancelled',
  'cancelled after market order': 'cancelled',
  rejected: 'rejected',
};

/** Undefined for a word that is not known. */
export function statusOf(word: unknown, isStop: boolean): BrokerOrderStatus | undefined {
  if (typeof word !== 'string') return undefined;
  const text = word.trim().toLowerCase();
  // A stop order is open once its trigger was met; before that it has a word of its own.
  if (text === 'open' && isStop) return 'triggered';
  return Object.hasOwn(statuses, text) ? statuses[text] : undefined;
}

export function sideOf(word: unknown): OrderSide | undefined {
  return word === 'BUY' || word === 'SELL' ? word : undefined;
}

const products: Record<OrderProduct, string> = { intraday: 'I', carry: 'D' };

export function productWord(product: OrderProduct): string {
  return products[product];
}

/** Cover orders end with the day; whatever else there is may stay. */
export function productOf(word: unknown): OrderProduct {
  return word === 'I' || word === 'CO' || word === 'OCO' ? 'intraday' : 'carry';
}
