import type { OrderRequest, OrdersPort, RateGate } from '@strikewire/broker';
import { StrikewireError } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { orderRow } from '../fixtures/orders';
import { dhanLimits } from '../limits';
import { createTestAccount } from '../testing/dhan-account';

const order: OrderRequest = {
  clientOrderId: 'sw-1', token: { segment: 'NSE_FNO', id: '42528' }, side: 'BUY', type: 'LIMIT',
  product: 'intraday', validity: 'DAY', quantity: 130, limitPaise: 12_005, triggerPaise: null,
};
const id = '112111182198';
const taken = JSON.stringify({ orderId: id, orderStatus: 'TRANSIT' });
const asIs = { quantity: null, limitPaise: null, triggerPaise: null };

/** Reads are answered by the book, requests about orders are taken. */
function setUp(gate?: RateGate) {
  const account = createTestAccount(
    ({ method }) => (method === 'GET' ? JSON.stringify([orderRow()]) : taken),
    gate && (() => gate),
  );
  return { ...account, orders: account.instance.orders as OrdersPort };
}

describe('the budget', () => {
  const full = new StrikewireError({ kind: 'throttled', code: 'budget_full', message: 'full' });

  it('that refuses has sent nothing: denied', async () => {
    const { orders, requests } = setUp({ run: () => Promise.reject(full) });
    for (const outcome of [
      await orders.place(order), await orders.modify(id, asIs), await orders.cancel(id),
    ]) expect(outcome.kind).toBe('denied');
    expect(await orders.place(order)).toMatchObject({ code: 'budget_full' });
    expect(requests).toEqual([]);
  });

  it('that throws at once has sent nothing either', async () => {
    const { orders } = setUp({ run: () => {
      throw full;
    } });
    expect(await orders.cancel(id)).toMatchObject({ kind: 'denied', code: 'budget_full' });
  });

  it('that comes too late finds an order that is not sent any more', async () => {
    const late: (() => Promise<unknown>)[] = [];
    const gate: RateGate = {
      run: (_slot, send) => new Promise((resolve, reject) => {
        late.push(() => send().then(resolve, reject));
      }),
    };
    const { orders, clock, requests, slots } = setUp(gate);
    const placing = orders.place(order);
    await clock.advance(3_100);
    expect(await placing).toMatchObject({ kind: 'denied', code: 'budget_full' });
    expect(slots[0]?.isWanted?.()).toBe(false);
    for (const turn of late) await turn();
    expect(requests).toEqual([]);
  });

  it('that comes late finds a cancellation that is good still', async () => {
    const late: (() => Promise<unknown>)[] = [];
    const gate: RateGate = {
      run: (_slot, send) => new Promise((resolve, reject) => {
        late.push(() => send().then(resolve, reject));
      }),
    };
    const { orders, clock, requests, slots } = setUp(gate);
    const cancelling = orders.cancel(id);
    await clock.advance(60_000);
    expect(slots[0]?.isWanted?.()).toBe(true);
    for (const turn of late) await turn();
    expect(await cancelling).toEqual({ kind: 'accepted', brokerOrderId: id });
    expect(requests.map(({ method }) => method)).toEqual(['DELETE']);
  });

  it('has windows as long as those by which orders are let through, but for the second', () => {
    const fences = dhanLimits.rest.filter((rule) => rule.class === 'orders');
    const { perSecond, perMinute, perHour, perDay } = dhanLimits.orders ?? {};
    // What a longer window holds back is not sent any more when its turn comes.
    expect(fences.map(({ limit, windowMs }) => [limit, windowMs])).toEqual([
      [perSecond, 1_050], [perMinute, 60_000], [perHour, 3_600_000], [perDay, 86_400_000],
    ]);
  });

  it('lets cancellations go first', async () => {
    const { orders, slots } = setUp();
    await orders.place(order);
    await orders.cancel(id);
    const [placed, cancelled] = slots.map(({ priority = 0 }) => priority);
    expect(cancelled).toBeLessThan(placed ?? 0);
  });
});
