import type { BrokerOrderStatus, OrderProduct, OrderSide } from '@strikewire/broker';

/**
 * Statuses: its own four and those of some brokers, which it passes on as they are. That a stop
 * order is open may mean that it waits for its trigger: not all brokers have a word for that.
 */
const statuses: Readonly<Record<string, BrokerOrderStatus>> = {
  transit: 'pending',
  pending: 'pending',
  'put order req received': 'pending',
  'validation pending': 'pending',
  'open pending': 'pending',
  'after market order req received': 'pending',
  open: 'open',
  'trigger pending': 'open',
  'part traded': 'open',
  'partially filled': 'open',
  modified: 'open',
  'modify pending': 'open',
  'cancel pending': 'open',
  triggered: 'triggered',
  complete: 'filled',
  completed: 'filled',
  traded: 'filled',
  filled: 'filled',
  cancelled: 'cancelled',
  canceled: 'cancelled',
  rejected: 'rejected',
  expired: 'expired',
};

/** `trigger_pending` is `trigger pending`; undefined for a word that is not known. */
export function statusOf(word: string): BrokerOrderStatus | undefined {
  const text = word.trim().toLowerCase().replaceAll(/[ _-]+/g, ' ');
  return Object.hasOwn(statuses, text) ? statuses[text] : undefined;
}

export function sideOf(word: unknown): OrderSide | undefined {
  return word === 'BUY' || word === 'SELL' ? word : undefined;
}

const products: Record<OrderProduct, string> = { intraday: 'MIS', carry: 'NRML' };

export function productWord(product: OrderProduct): string {
  return products[product];
}

/** Whatever else there is may stay overnight. */
export function productOf(word: unknown): OrderProduct {
  return word === 'MIS' ? 'intraday' : 'carry';
}
