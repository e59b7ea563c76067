import { errorCodeOf, errorMessageOf } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import type { OrderOutcome, OrderRequest, OrdersPort } from '../core/orders-port';
import type { RateGate } from '../core/plugin';
import { createRateBudget } from '../engine/rate-budget';
import { gateOfQuestions } from './ask-in-turn';
import { watchedOrders } from './watched-orders';

const order: OrderRequest = {
  clientOrderId: 'one',
  token: { segment: 'NSE_FNO', id: '1' },
  side: 'BUY',
  type: 'LIMIT',
  product: 'carry',
  validity: 'DAY',
  quantity: 65,
  limitPaise: 100,
  triggerPaise: null,
};
const clock = createVirtualClock(0);

function over(place: () => Promise<OrderOutcome>): OrdersPort {
  const none = (): Promise<never[]> => Promise.resolve([]);
  const port = { place, modify: place, cancel: place, orders: none, trades: none, positions: none };
  return watchedOrders(port, (_by, ask) => ask(), { clock, label: 'A broker' });
}

describe('orders through a plugin', () => {
  it.each([
    ['what it throws', () => { throw new Error('torn'); }, /torn/],
    ['what it rejects with', () => Promise.reject(new Error('reset')), /reset/],
    ['what it makes up', () => Promise.resolve({ kind: 'done' }), /no outcome/],
    ['an order without an id', () => Promise.resolve({ kind: 'accepted' }), /no outcome/],
    ['nothing', () => Promise.resolve(undefined), /no outcome/],
  ] as [string, () => Promise<OrderOutcome>, RegExp][])(
    'are unknown by %s', async (_what, place, reason) => {
      const port = over(place);
      const asked = [port.place(order), port.cancel('1')];
      for (const outcome of await Promise.all(asked)) {
        expect(outcome).toMatchObject({ kind: 'unknown' });
        expect((outcome as { reason: string }).reason).toMatch(reason);
      }
    });

  it('are unknown when it hangs', async () => {
    let outcome: OrderOutcome | undefined;
    void over(() => new Promise(() => undefined)).place(order).then((one) => (outcome = one));
    await clock.advance(29_000);
    expect(outcome).toBeUndefined();
    await clock.advance(2_000);
    expect(outcome).toMatchObject({ kind: 'unknown' });
  });

  it('come as they are', async () => {
    const taken: OrderOutcome = { kind: 'accepted', brokerOrderId: '7' };
    expect(await over(() => Promise.resolve(taken)).place(order)).toEqual(taken);
  });

  /** An adapter that reads a row before it sends, each in its own turn. */
  function queued(rows: number): { port: OrdersPort; sent: string[] } {
    const budget = createRateBudget(clock, [
      { class: 'books', limit: rows, windowMs: 1_000 },
      { class: 'orders', limit: 1, windowMs: 1_000 },
    ]);
    const gate: RateGate = gateOfQuestions(budget);
    const sent: string[] = [];
    const ask = async (name: string): Promise<OrderOutcome> => {
      try {
        await gate.run({ class: 'books' }, () => Promise.resolve());
        return await gate.run({ class: 'orders' }, () => {
          sent.push(name);
          return Promise.resolve({ kind: 'accepted' as const, brokerOrderId: name });
        });
      } catch (error) {
        return { kind: 'denied', code: errorCodeOf(error), reason: errorMessageOf(error) };
      }
    };
    const none = (): Promise<never[]> => Promise.resolve([]);
    const port: OrdersPort = {
      place: ({ clientOrderId }) => ask(clientOrderId),
      modify: (id) => ask(id),
      cancel: (id) => ask(id),
      orders: none, trades: none, positions: none,
    };
    return { port: watchedOrders(port, (_by, read) => read(), { clock, label: 'A broker' }), sent };
  }

  it('do not leave from an adapter any more once they may not', async () => {
    const { port, sent } = queued(3);
    let refused: { code: string; reason: string } | null = null;
    const mayLeave = (): typeof refused => refused;
    const change = { quantity: null, limitPaise: 105, triggerPaise: null };
    const asked = [
      port.place(order, mayLeave),
      port.place({ ...order, clientOrderId: 'two' }, mayLeave),
      port.modify('three', change, mayLeave),
    ];
    await clock.advance(1_500);
    expect(sent).toEqual(['one']);
    refused = { code: 'kill_switch', reason: 'the kill switch is on' };
    const cancelled = port.cancel('four');
    await clock.advance(4_000);
    const [one, ...others] = await Promise.all(asked);
    expect(one).toMatchObject({ kind: 'accepted' });
    const denied = { kind: 'denied', code: 'kill_switch', reason: 'the kill switch is on' };
    expect(others).toEqual([denied, denied]);
    expect(await cancelled).toMatchObject({ kind: 'accepted' });
    expect(sent).toEqual(['one', 'four']);
  });

  it('keep what an adapter itself says about being wanted', async () => {
    const budget = createRateBudget(clock, [{ class: 'orders', limit: 1, windowMs: 60_000 }]);
    const gate = gateOfQuestions(budget);
    let isWanted = true;
    const port = over(() => gate.run({ class: 'orders', isWanted: () => isWanted }, () =>
      Promise.resolve({ kind: 'accepted' as const, brokerOrderId: '7' })));
    const asked = port.place(order);
    isWanted = false;
    const other = gate.run({ class: 'orders' }, () => Promise.resolve());
    void other.catch(() => undefined);
    await clock.advance(1_000);
    expect((await asked as { reason: string }).reason).toMatch(/nobody waits/);
  });
});
