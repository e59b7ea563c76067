import type { BrokerTrade, OrderRequest } from '@strikewire/broker';
import { describe, expect, it } from 'vitest';
import {
  intendOrder,
  orderTimes,
  type OrderEvent,
  type OrderState,
  type OrderStep,
  type StatedFill,
} from './order-life';
import { isComplete } from './order-look-up';
import { stepOrder } from './order-state';

const order: OrderRequest = {
  clientOrderId: 'c1', token: { segment: 'NSE_FNO', id: '42528' }, side: 'BUY', type: 'LIMIT',
  product: 'carry', validity: 'DAY', quantity: 130, limitPaise: 12_000, triggerPaise: null,
};
const trade = (tradeId: string, quantity: number, pricePaise = 11_000): BrokerTrade => ({
  tradeId, brokerOrderId: 'b1', token: order.token, side: 'BUY', quantity, pricePaise,
  tradedMs: 1_000,
});
const accepted: OrderEvent =
  { type: 'answered', outcome: { kind: 'accepted', brokerOrderId: 'b1' } };
const lost: OrderEvent = { type: 'answered', outcome: { kind: 'unknown', reason: 'timeout' } };

/** Looked up until nobody looks any more. */
function stuck(...events: OrderEvent[]): OrderState {
  let { state } = intendOrder(order, 'a1', 1_000);
  for (const event of [{ type: 'recorded' } as const, ...events]) {
    ({ state } = stepOrder(state, event, 1_000));
  }
  let nowMs = 1_000;
  while (state.needsPerson === null && nowMs < 3_600_000) {
    nowMs += orderTimes.mostMs;
    ({ state } = stepOrder(state, { type: 'timer' }, nowMs));
  }
  expect(state.needsPerson).not.toBeNull();
  return state;
}

function stated(state: OrderState, filled: StatedFill): OrderStep {
  return stepOrder(state, { type: 'decided', by: 'asha', reason: 'seen', filled }, 9_000_000);
}

const codes = ({ effects }: OrderStep): string[] =>
  effects.flatMap((one) => (one.type === 'illegal' ? [one.code] : []));
const fills = ({ effects }: OrderStep): [number, number][] => effects.flatMap((one) =>
  (one.type === 'fill' ? [[one.trade.quantity, one.trade.pricePaise] as [number, number]] : []));

describe('a fill that a person states', () => {
  it('ends an order whose outcome nobody could find', () => {
    const step = stated(stuck(lost), { quantity: 130, averagePaise: 11_950 });
    expect(step.state).toMatchObject({
      status: 'filled', filledQuantity: 130, code: 'stated', needsPerson: null, lookUp: null,
    });
    expect(step.state.reason).toContain('asha stated that 130 units were filled at ₹119.50: seen');
    expect(fills(step)).toEqual([[130, 11_950]]);
    expect(isComplete(step.state)).toBe(true);
  });

  it('of a part leaves the rest cancelled, or expired when its day is over', () => {
    const part = { quantity: 65, averagePaise: 11_900 };
    expect(stated(stuck(lost), part).state).toMatchObject({
      status: 'cancelled', filledQuantity: 65,
    });
    const over = { ...stuck(lost), dayEndedMs: 5_000_000 };
    expect(stated(over, part).state.status).toBe('expired');
  });

  it('is of the whole: the part without trades gets what is left of the value', () => {
    const row: OrderEvent = { type: 'row', row: {
      brokerOrderId: 'b1', clientOrderId: 'c1', token: order.token, side: 'BUY', status: 'filled',
      quantity: 130, filledQuantity: 130, averagePaise: null, reason: null, updatedMs: null,
    } };
    const state = stuck(accepted, row, { type: 'trades', trades: [trade('t1', 65, 11_000)] });
    const step = stated(state, { quantity: 130, averagePaise: 11_250.4 });
    expect(fills(step)).toEqual([[65, 11_501]]);
    const known = stated({ ...state, filledQuantity: 65 }, { quantity: 65, averagePaise: 11_000 });
    expect([known.state.filledQuantity, fills(known)]).toEqual([65, []]);
  });

  it.each<[string, StatedFill]>([
    ['statement_malformed', { quantity: 0, averagePaise: 100 }],
    ['statement_malformed', { quantity: -65, averagePaise: 100 }],
    ['statement_malformed', { quantity: 65.5, averagePaise: 100 }],
    ['statement_malformed', { quantity: 65, averagePaise: 0 }],
    ['statement_malformed', { quantity: 65, averagePaise: NaN }],
    ['statement_above_order', { quantity: 195, averagePaise: 11_000 }],
    ['statement_beyond_limit', { quantity: 65, averagePaise: 12_005 }],
  ])('is refused as %s: %o', (code, filled) => {
    const state = stuck(lost);
    const step = stated(state, filled);
    expect(codes(step)).toEqual([code]);
    expect(step.state).toBe(state);
  });

  it('is refused against what the broker has told, and where nobody is needed', () => {
    const state = { ...stuck(accepted), trades: [trade('t1', 65, 11_000)], filledQuantity: 130 };
    expect(codes(stated(state, { quantity: 65, averagePaise: 11_000 })))
      .toEqual(['statement_below_told']);
    expect(codes(stated(state, { quantity: 130, averagePaise: 5_000 })))
      .toEqual(['statement_contradicts']);
    expect(codes(stated({ ...state, needsPerson: null }, { quantity: 130, averagePaise: 11_000 })))
      .toEqual(['decision_unasked']);
    const sold = { ...stuck(lost), order: { ...order, side: 'SELL' as const } };
    expect(codes(stated(sold, { quantity: 65, averagePaise: 11_995 })))
      .toEqual(['statement_beyond_limit']);
  });

  it('gives way to trades that the broker tells later: nothing counts twice', () => {
    const { state } = stated(stuck(accepted), { quantity: 65, averagePaise: 11_900 });
    const told = stepOrder(state, { type: 'trades', trades: [trade('t1', 65)] }, 9_100_000);
    expect(fills(told)).toEqual([]);
    expect(told.state).toMatchObject({ filledQuantity: 65, trades: [{ tradeId: 't1' }] });
    expect(told.effects).toContainEqual(
      expect.objectContaining({ type: 'notify', code: 'stated_fill_told' }),
    );
    // Told again it is known.
    const again = stepOrder(told.state, { type: 'trades', trades: [trade('t1', 65)] }, 9_200_000);
    expect([again.effects, again.state]).toEqual([[], told.state]);
    const more = stepOrder(again.state, { type: 'trades', trades: [trade('t2', 65)] }, 9_300_000);
    expect(fills(more)).toEqual([[65, 11_000]]);
    expect(more.state).toMatchObject({ status: 'filled', filledQuantity: 130 });
  });

  it('counts of a later trade only what goes beyond it', () => {
    const { state } = stated(stuck(accepted), { quantity: 65, averagePaise: 11_900 });
    const told = stepOrder(state, { type: 'trades', trades: [trade('t1', 130)] }, 9_100_000);
    expect(fills(told)).toEqual([[65, 11_000]]);
    expect(told.state).toMatchObject({ status: 'filled', filledQuantity: 130 });
    const parts = stepOrder(state, {
      type: 'trades', trades: [trade('t1', 30), trade('t2', 30), trade('t3', 70)],
    }, 9_100_000);
    expect(fills(parts)).toEqual([[65, 11_000]]);
    expect(parts.state.trades.map(({ tradeId }) => tradeId)).toEqual(['t1', 't2', 't3']);
  });
});
