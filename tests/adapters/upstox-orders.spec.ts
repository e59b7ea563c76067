import type { BrokerOrder } from '@strikewire/broker';
import { upstoxBroker } from '@strikewire/broker-upstox';
import { paiseOf } from '@strikewire/contracts';
import { defaultUpstoxAccount } from '@strikewire/simulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAdapterBench, type AdapterBench } from './adapter-bench';
import {
  createOrderBench, falseNews, hearOrders, runOrderStory, type OrderBench,
} from './gateway-orders';

const host = 'upstox.test';
const { apiKey: clientId, token: accessToken, clientId: account } = defaultUpstoxAccount;

let bench: AdapterBench;
let desk: OrderBench;

beforeEach(async () => {
  bench = createAdapterBench({
    plugin: upstoxBroker,
    face: 'upstox',
    host,
    credentials: { clientId, accessToken },
    endpoints: {
      rest: `http://${host}`,
      orders: `http://${host}`,
      instruments: `http://${host}/market-quote/instruments/exchange`,
    },
  });
  desk = await createOrderBench(bench, { account, broker: 'upstox' });
});

afterEach(() => {
  bench.simulator.stop();
  expect(bench.simulator.violations()).toMatchObject({ total: 0 });
});

const statuses: Readonly<Record<string, string>> = { transit: 'pending', waiting: 'open' };

/** What the adapter's book should have, by what the broker has. */
function trueRows(): Partial<BrokerOrder>[] {
  return desk.truth().orders.map((one) => ({
    brokerOrderId: one.orderId,
    clientOrderId: one.clientOrderId || null,
    side: one.side,
    status: (statuses[one.state] ?? one.state) as BrokerOrder['status'],
    quantity: one.quantity,
    filledQuantity: one.filled,
    averagePaise: one.filled > 0 ? paiseOf(one.average) : null,
    limitPaise: paiseOf(one.price),
  }));
}

describe('orders at a broker that is not itself', () => {
  it.each([1, 2, 3, 4])('story %i: what was told is true, the book has it all', async (seed) => {
    const heard = await hearOrders(bench);
    const told = await runOrderStory(bench, desk, { seed, steps: 60, broker: 'upstox' });
    const tags = desk.truth().orders.map((one) => one.clientOrderId);
    for (const { call, outcome, clientOrderId } of told) {
      const count = tags.filter((tag) => tag === clientOrderId).length;
      const isPlaced = call === 'place' && outcome.kind === 'accepted';
      // What is unknown is there, or is not; never twice.
      if (call === 'place' && outcome.kind === 'unknown') expect(count).toBeLessThan(2);
      else expect([clientOrderId, count]).toEqual([clientOrderId, isPlaced ? 1 : 0]);
    }
    expect(new Set(told.map(({ outcome }) => outcome.kind)).size).toBeGreaterThan(2);
    heard.stop();
    expect(heard.losses()).toBeGreaterThan(0);
    expect(heard.news.filter(({ kind }) => kind === 'row').length).toBeGreaterThan(20);
    expect(falseNews(heard.news, desk.truth())).toEqual([]);
    expect(await bench.ask(desk.orders.orders())).toMatchObject(trueRows());
    const trades = await bench.ask(desk.orders.trades());
    expect(trades.map((one) => [one.brokerOrderId, one.quantity, one.pricePaise]))
      .toEqual(desk.truth().trades.map((one) => [one.orderId, one.quantity, paiseOf(one.price)]));
    const held = await bench.ask(desk.orders.positions());
    expect(held.map((one) => one.netQuantity))
      .toEqual(desk.truth().positions.filter((one) => one.net !== 0).map((one) => one.net));
  });

  it('is unknown, and found again by its tag alone', async () => {
    bench.simulator.faults.add({
      kind: 'orderAnswer', when: 'after', answer: 'hang', broker: 'upstox',
    });
    const order = desk.bid();
    expect((await bench.ask(desk.orders.place(order))).kind).toBe('unknown');
    bench.simulator.faults.clear();
    expect(await bench.ask(desk.orders.orders()))
      .toMatchObject([{ clientOrderId: order.clientOrderId, status: 'open' }]);
  });

  it('of other front ends stand in the book without a tag', async () => {
    const [one] = desk.truth().orders;
    expect(one).toBeUndefined();
    const { segment, securityId } = bench.simulator.truth.chain(
      'NIFTY', bench.simulator.truth.underlyings()[0]?.expiries[0] ?? '',
    )?.strikes[0]?.CE ?? { segment: '', securityId: 0 };
    const { orderId } = bench.simulator.orders.place({
      account, broker: 'upstox', segment, securityId, side: 'BUY', quantity: desk.lot, price: 1,
    });
    await bench.clock.advance(1_000);
    expect(await bench.ask(desk.orders.orders()))
      .toMatchObject([{ brokerOrderId: orderId, clientOrderId: null, limitPaise: 100 }]);
  });

  it('is the same order in a book that has each row twice', async () => {
    await bench.ask(desk.orders.place(desk.bid({ limitPaise: 2 * desk.askPaise() })));
    await bench.clock.advance(1_000);
    bench.simulator.faults.add({ kind: 'duplicateRows', broker: 'upstox' });
    const trades = await bench.ask(desk.orders.trades());
    expect(trades.length).toBeGreaterThan(1);
    expect(new Set(trades.map(({ tradeId }) => tradeId)).size)
      .toBe(desk.truth().trades.length);
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
