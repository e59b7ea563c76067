import type { OrderChange } from '@strikewire/broker';
import { paiseOf, type OrderChangeBody } from '@strikewire/contracts';
import { checkOrder } from '../core/order-checks';
import type { FundsClaim } from './funds-claims';
import { checkedContract, type LegProblem, type PlanDeps } from './order-plan';
import type { OrderTrack } from './order-track';
import type { OrderVenue } from './order-venue';

/** Rejects with what is wrong with a change, its margin included; with what it claims of funds. */
export type CheckChange = (
  track: OrderTrack,
  venue: OrderVenue,
  change: OrderChange,
) => Promise<FundsClaim | undefined>;

/** A change in paise. */
export function changeOf({ quantity, price, triggerPrice }: OrderChangeBody): OrderChange {
  const paise = (rupees: number | undefined): number | null =>
    rupees === undefined ? null : paiseOf(rupees);
  return {
    quantity: quantity ?? null,
    limitPaise: paise(price),
    triggerPaise: paise(triggerPrice),
  };
}

/** What is wrong with an order as it would be after a change. */
export function checkChange(
  { clock, calendarOf }: PlanDeps,
  { record, state }: OrderTrack,
  change: OrderChange,
): LegProblem[] {
  const { facts } = record;
  const calendar = calendarOf(facts.exchange);
  if (!calendar) {
    const message = `the hours of ${facts.exchange} are not known`;
    return [{ leg: null, code: 'session_unknown', message }];
  }
  const changed = {
    ...state.order,
    quantity: change.quantity ?? state.quantity,
    limitPaise: change.limitPaise ?? state.limitPaise,
    triggerPaise: change.triggerPaise ?? state.triggerPaise,
  };
  const contract = checkedContract(facts);
  const nowMs = clock.wallMs();
  const context = { contract, calendar, nowMs, neededPaise: null, availablePaise: null };
  return checkOrder(changed, context).map((problem) => ({ leg: null, ...problem }));
}
