import type { Order } from '@strikewire/contracts';
import { grouped } from '../../format/numbers';

type Status = Order['status'];

const words: Readonly<Record<Status, { text: string; tone: string }>> = {
  intended: { text: 'written down', tone: '' },
  sending: { text: 'being sent', tone: '' },
  unknown: { text: 'not known yet', tone: 'late' },
  accepted: { text: 'accepted', tone: 'own' },
  open: { text: 'open', tone: 'own' },
  triggered: { text: 'triggered', tone: 'own' },
  part_filled: { text: 'part filled', tone: 'own' },
  filled: { text: 'filled', tone: 'good' },
  cancelled: { text: 'cancelled', tone: '' },
  rejected: { text: 'rejected', tone: 'bad' },
  expired: { text: 'expired', tone: '' },
  denied: { text: 'not sent', tone: 'bad' },
};

/** How an order stands, as a word and how it looks. */
export function statusWords({ status }: Pick<Order, 'status'>): { text: string; tone: string } {
  return words[status];
}

/** What goes on beside the status, or why it came to it; empty when there is nothing to say. */
export function orderNote(order: Order): string {
  if (order.needsPerson !== null) return order.needsPerson;
  if (order.reason !== null) return order.reason.message;
  if (order.status === 'unknown') {
    return 'It may be at the broker, and is being looked up; it is not sent again';
  }
  return requestNote('cancel', order.cancel) || requestNote('change', order.modify);
}

function requestNote(what: 'cancel' | 'change', request: Order['cancel']): string {
  if (request === null || request.status === 'accepted' || request.status === 'lapsed') return '';
  const why = request.reason === null ? '' : `: ${request.reason}`;
  const said = what === 'cancel' ? 'Cancelling' : 'Changing';
  if (request.status === 'rejected') return `${said} was rejected${why}`;
  if (request.status === 'denied') return `${said} was not sent${why}`;
  return `${said} ${request.status === 'unknown' ? 'is being looked up' : 'is under way'}${why}`;
}

/** `75 of 150`, in units. */
export function filledWords({ filledQuantity, quantity }: Order): string {
  return `${grouped(filledQuantity)} of ${grouped(quantity)}`;
}

/** `Limit 100.00`, `SL 100.00, trigger 101.00`, `Market`. */
export function priceWords({ type, price, triggerPrice }: Order): string {
  const kind = { LIMIT: 'Limit', MARKET: 'Market', SL: 'SL', 'SL-M': 'SL-M' }[type];
  const limit = price === null ? '' : ` ${grouped(price, 2)}`;
  const trigger = triggerPrice === null ? '' : `, trigger ${grouped(triggerPrice, 2)}`;
  return `${kind}${limit}${trigger}`;
}

/** Somebody may still take it back, or want it otherwise. */
export function canBeChanged(order: Order): boolean {
  return !order.ended && order.needsPerson === null;
}
