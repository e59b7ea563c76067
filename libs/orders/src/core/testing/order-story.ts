import type { BrokerOrder, BrokerTrade, OrderOutcome, OrderRequest } from '@strikewire/broker';
import { intendOrder, type OrderEffect, type OrderEvent, type OrderState } from '../order-life';
import { stepOrder } from '../order-state';

/** What is asked for: to buy two lots at a limit. */
export const order: OrderRequest = {
  clientOrderId: 'c1',
  token: { segment: 'NSE_FNO', id: '42528' },
  side: 'BUY',
  type: 'LIMIT',
  product: 'carry',
  validity: 'DAY',
  quantity: 130,
  limitPaise: 12_000,
  triggerPaise: null,
};
/** How the broker lists it. */
export const row = (changes: Partial<BrokerOrder> = {}): BrokerOrder => ({
  brokerOrderId: 'b1',
  clientOrderId: 'c1',
  token: order.token,
  side: 'BUY',
  status: 'open',
  quantity: 130,
  filledQuantity: 0,
  averagePaise: null,
  reason: null,
  updatedMs: null,
  ...changes,
});
/** A trade of it. */
export const trade = (
  tradeId: string,
  quantity: number,
  changes: Partial<BrokerTrade> = {},
): BrokerTrade => ({
  tradeId, brokerOrderId: 'b1', token: order.token, side: 'BUY', quantity, pricePaise: 12_000,
  tradedMs: 1_000, ...changes,
});
/** The answers to sending it. */
export const accepted: OrderOutcome = { kind: 'accepted', brokerOrderId: 'b1' };
/** Nobody knows whether it is there. */
export const unknown: OrderOutcome = { kind: 'unknown', reason: 'timeout' };
/** The broker does not take it. */
export const rejected: OrderOutcome = { kind: 'rejected', code: 'RMS', reason: 'no margin' };
/** That an answer has come. */
export const answered = (outcome: OrderOutcome): OrderEvent => ({ type: 'answered', outcome });

/** What became of an order, and everything that was to be done, by name. */
export function live(...events: (OrderEvent | number)[]): {
  state: OrderState; effects: OrderEffect[]; names: string[];
} {
  let { state } = intendOrder(order, 'account-1', 1_000);
  const effects: OrderEffect[] = [];
  let nowMs = 1_000;
  for (const event of events) {
    if (typeof event === 'number') nowMs = event;
    else {
      const step = stepOrder(state, event, nowMs);
      ({ state } = step);
      effects.push(...step.effects);
    }
  }
  return { state, effects, names: effects.map(({ type }) => type) };
}
/** That it is stored: it may be sent. */
export const recorded: OrderEvent = { type: 'recorded' };
/** What brings it into the book. */
export const open: OrderEvent[] = [recorded, answered(accepted), { type: 'row', row: row() }];
/** How often something was to be done. */
export const count = (names: readonly string[], name: string): number =>
  names.filter((one) => one === name).length;
