import { openalgoBroker } from '@strikewire/broker-openalgo';
import { paiseOf } from '@strikewire/contracts';
import { defaultOpenalgoAccount } from '@strikewire/simulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAdapterBench, type AdapterBench } from './adapter-bench';
import {
  createOrderBench, falseNews, hearOrders, runOrderStory, type OrderBench,
} from './gateway-orders';

const host = 'openalgo.test';
const { token: apiKey, clientId: account } = defaultOpenalgoAccount;

let bench: AdapterBench;
let desk: OrderBench;

beforeEach(async () => {
  bench = createAdapterBench({
    plugin: openalgoBroker,
    face: 'openalgo',
    host,
    credentials: { apiKey },
    endpoints: { rest: `http://${host}`, feed: `ws://${host}` },
  });
  desk = await createOrderBench(bench, { account, broker: 'openalgo' });
});

afterEach(() => {
  bench.simulator.stop();
  expect(bench.simulator.violations()).toMatchObject({ total: 0 });
});

describe('orders at a broker that is not itself', () => {
  it.each([1, 2, 3, 4])('story %i: what was told is true, the book has it all', async (seed) => {
    const heard = await hearOrders(bench);
    const told = await runOrderStory(bench, desk, { seed, steps: 60, broker: 'openalgo' });
    const places = told.filter(({ call }) => call === 'place').map(({ outcome }) => outcome);
    const ids = places.flatMap((one) => (one.kind === 'accepted' ? [one.brokerOrderId] : []));
    const { orders, trades, positions } = desk.truth();
    const real = orders.map(({ orderId }) => orderId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(real).toEqual(expect.arrayContaining(ids));
    // Whatever else is there has an answer that was lost: of nothing else may there be an order.
    const unknown = places.filter(({ kind }) => kind === 'unknown').length;
    expect(unknown).toBeGreaterThan(0);
    expect(real.length - ids.length).toBeLessThanOrEqual(unknown);
    heard.stop();
    expect(heard.losses()).toBeGreaterThan(0);
    expect(heard.news.filter(({ kind }) => kind === 'row').length).toBeGreaterThan(20);
    expect(falseNews(heard.news, desk.truth())).toEqual([]);
    const book = await bench.ask(desk.orders.orders());
    expect(book.map((one) => [
      one.brokerOrderId, one.quantity, one.filledQuantity, one.averagePaise, one.limitPaise,
    ])).toEqual(orders.map((one) => [
      one.orderId, one.quantity, one.filled, one.filled > 0 ? paiseOf(one.average) : null,
      paiseOf(one.price),
    ]));
    expect(book.every(({ clientOrderId }) => clientOrderId === null)).toBe(true);
    const read = await bench.ask(desk.orders.trades());
    expect(read.map((one) => [one.brokerOrderId, one.quantity, one.pricePaise]))
      .toEqual(trades.map((one) => [one.orderId, one.quantity, paiseOf(one.price)]));
    expect(new Set(read.map(({ tradeId }) => tradeId)).size).toBe(trades.length);
    const again = await bench.ask(desk.orders.trades());
    expect(again).toEqual(read);
    const held = await bench.ask(desk.orders.positions());
    expect(held.map((one) => one.netQuantity))
      .toEqual(positions.filter((one) => one.net !== 0).map((one) => one.net));
  });

  it('tells of what is filled in part, which its rows do not', async () => {
    bench.simulator.faults.add({ kind: 'partFills', lots: 1, broker: 'openalgo' });
    const limitPaise = 2 * desk.askPaise();
    await bench.ask(desk.orders.place(desk.bid({ quantity: 3 * desk.lot, limitPaise })));
    await bench.clock.advance(60);
    const [row] = await bench.ask(desk.orders.orders());
    expect(row).toMatchObject({ status: 'open', filledQuantity: desk.lot });
    expect(row?.averagePaise).toBe(paiseOf(desk.truth().orders[0]?.average ?? 0));
  });
});

describe('a flood of orders', () => {
  it('keeps to the limits, and what has no turn is denied', async () => {
    const asked = Array.from({ length: 60 }, () => desk.orders.place(desk.bid()));
    const outcomes = await bench.ask(Promise.all(asked));
    const kinds = outcomes.map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(['accepted', 'denied']));
    expect(desk.truth().orders).toHaveLength(kinds.filter((kind) => kind === 'accepted').length);
  });
});
