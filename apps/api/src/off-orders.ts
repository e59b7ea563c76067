import type { OrderOutcome, OrdersPort } from '@strikewire/broker';
import { StrikewireError } from '@strikewire/runtime';

/** Orders of an account without a connection: everything is refused, and nothing is asked. */
export function offOrders(because: () => string): OrdersPort {
  const denied = (): Promise<OrderOutcome> =>
    Promise.resolve({ kind: 'denied', code: 'account_off', reason: because() });
  const unread = (): Promise<never> => Promise.reject(
    new StrikewireError({ kind: 'retryable', code: 'account_off', message: because() }),
  );
  return {
    place: denied, modify: denied, cancel: denied,
    orders: unread, trades: unread, positions: unread,
  };
}
