import { errorCodeOf, errorMessageOf, type Clock } from '@strikewire/runtime';
import type { MarginPort } from '../core/margin-port';
import type { MayLeave, OrderOutcome, OrdersPort } from '../core/orders-port';
import { askInTurn, turnNotCome } from './ask-in-turn';

/** Asks a broker, and tells of every refusal; `by` names the question. */
export type Told = <T>(by: string, ask: () => Promise<T>) => Promise<T>;

/** An order that has waited for its turn longer than this has an old price: it is not sent. */
const orderQueueMs = 5_000;
const kinds: readonly OrderOutcome['kind'][] = ['accepted', 'rejected', 'denied', 'unknown'];

/**
 * The same port, of which every request settles as one of the four outcomes, whatever the plugin
 * does: what it throws, hangs on or makes up may have been sent, so that is unknown.
 */
export function watchedOrders(
  port: OrdersPort,
  told: Told,
  { clock, label }: { clock: Pick<Clock, 'after' | 'monoMs'>; label: string },
): OrdersPort {
  const settled = async (
    by: string,
    ask: () => Promise<OrderOutcome>,
    mayLeave?: MayLeave,
  ): Promise<OrderOutcome> => {
    try {
      const what = `${label} (${by})`;
      const about = { clock, what, queueMs: orderQueueMs, ...(mayLeave && { mayLeave }) };
      const outcome = await askInTurn(about, ask);
      if (isOutcome(outcome)) return outcome;
      return { kind: 'unknown', reason: `${label} (${by}) came to no outcome` };
    } catch (error) {
      const reason = errorMessageOf(error);
      if (errorCodeOf(error) !== turnNotCome) return { kind: 'unknown', reason };
      return { kind: 'denied', code: turnNotCome, reason };
    }
  };
  return {
    place: (order, mayLeave) => settled('place', () => port.place(order, mayLeave), mayLeave),
    modify: (id, change, mayLeave) =>
      settled('modify', () => port.modify(id, change, mayLeave), mayLeave),
    cancel: (id) => settled('cancel', () => port.cancel(id)),
    orders: () => told('orders', () => port.orders()),
    trades: () => told('trades', () => port.trades()),
    positions: () => told('positions', () => port.positions()),
  };
}

/** The same port, of which every refusal is told. */
export function watchedMargin(port: MarginPort, told: Told): MarginPort {
  return {
    legsMax: port.legsMax,
    required: (legs) => told('margin', () => port.required(legs)),
    funds: () => told('funds', () => port.funds()),
  };
}

function isOutcome(outcome: OrderOutcome | undefined): outcome is OrderOutcome {
  if (!outcome || !kinds.includes(outcome.kind)) return false;
  return outcome.kind !== 'accepted' || typeof outcome.brokerOrderId === 'string';
}
