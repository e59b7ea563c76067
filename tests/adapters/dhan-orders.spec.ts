import type { BrokerInstance, OrderOutcome, OrderRequest, OrdersPort } from '@strikewire/broker';
import { dhanBroker } from '@strikewire/broker-dhan';
import { createRateBudget, OrderFeedRunner, type OrderFeedNews } from '@strikewire/broker/engine';
import { paiseOf } from '@strikewire/contracts';
import { createSeededRandom, silentLog } from '@strikewire/runtime';
import { createMemoryNetwork, createVirtualClock } from '@strikewire/runtime/virtual';
import {
  createSimulator,
  defaultAccount,
  defaultUnderlyings,
  type TrueContract,
  type TrueOrders,
} from '@strikewire/simulator';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const host = 'dhan.test';
const { clientId, token: accessToken } = defaultAccount;
/** Tuesday 2026-11-24, 10:00 in India. */
const startMs = Date.parse('2026-11-24T04:30:00Z');

function setUp() {
  const clock = createVirtualClock(startMs);
  const simulator = createSimulator({
    clock, seed: 21, sessions: { kind: 'always' }, holidays: [],
    underlyings: defaultUnderlyings.filter(({ symbol }) => symbol === 'NIFTY'),
    rates: { ticksPerSecond: 200 },
  });
  const network = createMemoryNetwork({ clock, latencyMs: 5 });
  network.host(host, simulator.sites.dhan);
  const instance: BrokerInstance = dhanBroker.create(
    {
      credentials: { clientId, accessToken },
      endpoints: {
        rest: `http://${host}/v2`, feed: `ws://${host}`, orders: `ws://${host}/order-update`,
        auth: `http://${host}`, master: `http://${host}/master.csv`,
      },
    },
    {
      clock, random: createSeededRandom(12), http: network.http, log: silentLog,
      gate: createRateBudget(clock, dhanBroker.limits.rest),
    },
  );
  const told: OrderFeedNews[] = [];
  const runner = new OrderFeedRunner({
    clock, random: createSeededRandom(13), log: silentLog, openSocket: network.openSocket,
    feed: instance.orderFeed!, told: (news) => void told.push(news), parked: () => undefined,
  });
  const underlying = simulator.truth.underlyings()[0]!;
  const { strikes } = simulator.truth.chain('NIFTY', underlying.expiries[0]!)!;
  const call: TrueContract = strikes[Math.floor(strikes.length / 2)]!.CE;
  let count = 0;
  return {
    clock, simulator, instance, runner, told, call,
    orders: instance.orders as OrdersPort,
    truth: (): TrueOrders => simulator.orders.truth({ account: clientId, broker: 'dhan' }),
    /** A bid for one lot that nobody hits. */
    bid: (changes: Partial<OrderRequest> = {}): OrderRequest => ({
      clientOrderId: `t-${++count}`, token: { segment: 'NSE_FNO', id: String(call.securityId) },
      side: 'BUY', type: 'LIMIT', product: 'intraday', validity: 'DAY', quantity: underlying.lot,
      limitPaise: 5 * Math.max(1, Math.floor(paiseOf(call.bid) / 10)), triggerPaise: null,
      ...changes,
    }),
    async ask<T>(asked: Promise<T>): Promise<T> {
      let isSettled = false;
      const done = asked.finally(() => (isSettled = true));
      done.catch(() => undefined);
      while (!isSettled) await clock.advance(20);
      return done;
    },
  };
}

let bench: ReturnType<typeof setUp>;
beforeEach(() => (bench = setUp()));
afterEach(() => {
  bench.runner.stop();
  bench.simulator.stop();
});

describe('order updates of Dhan', () => {
  it.each(['camel', 'pascal'] as const)('are read with keys in %s case', async (keys) => {
    const { simulator, runner, told, clock, orders, bid, ask } = bench;
    simulator.faults.add({ kind: 'orderKeys', keys });
    runner.start();
    await clock.advance(1_000);
    const order = bid();
    const placed = await ask(orders.place(order));
    await clock.advance(1_000);
    const { brokerOrderId } = placed as Extract<OrderOutcome, { kind: 'accepted' }>;
    await ask(orders.cancel(brokerOrderId));
    await clock.advance(1_000);
    const rows = told.flatMap((news) => (news.kind === 'row' ? [news.row] : []));
    expect(rows.at(-1)).toMatchObject({
      brokerOrderId, clientOrderId: order.clientOrderId, status: 'cancelled', token: order.token,
      limitPaise: order.limitPaise, quantity: order.quantity, filledQuantity: 0,
    });
    const [inBook] = await ask(orders.orders());
    expect(rows.at(-1)).toEqual(inBook);
  });

  it('tell of orders from other front ends, which are not ours', async () => {
    const { simulator, runner, told, clock, orders, call, bid, ask } = bench;
    runner.start();
    await clock.advance(1_000);
    const { orderId } = simulator.orders.place({
      account: clientId, broker: 'dhan', segment: call.segment, securityId: call.securityId,
      side: 'BUY', quantity: bid().quantity, price: 1,
    });
    await clock.advance(1_000);
    const isOfIt = (news: OrderFeedNews): boolean =>
      news.kind === 'row' && news.row.brokerOrderId === orderId;
    expect(told.filter(isOfIt).at(-1)).toMatchObject({ row: { clientOrderId: null } });
    expect(await ask(orders.orders())).toMatchObject([
      { brokerOrderId: orderId, clientOrderId: null, limitPaise: 100 },
    ]);
  });

  it('come again after the socket broke in the middle of an order', async () => {
    const { simulator, runner, told, clock, orders, bid, ask } = bench;
    simulator.faults.add({ kind: 'breakOrderSocket', on: 'taken', count: 1 });
    runner.start();
    await clock.advance(10_000);
    const before = told.length;
    await ask(orders.place(bid()));
    await clock.advance(30_000);
    expect(runner.status).toMatchObject({ state: 'live', losses: 1 });
    expect(told.slice(before)).toContainEqual({ kind: 'look', brokerOrderId: null });
  });

  it('are not had with a dead token, and asked for ever more rarely', async () => {
    const { simulator, runner, told, clock } = bench;
    simulator.faults.add({ kind: 'expireToken' });
    runner.start();
    await clock.advance(1_800_000);
    expect(runner.status.losses).toBeGreaterThan(20);
    expect(runner.status.losses).toBeLessThan(120);
    expect(told.every(({ kind }) => kind === 'look')).toBe(true);
  });
});

describe('limits of Dhan\'s orders', () => {
  it('are kept through a flood, and what has no turn is denied in time', async () => {
    const { clock, simulator, orders, bid, truth } = bench;
    const outcomes: OrderOutcome[] = [];
    for (let at = 0; at < 700; at++) {
      void orders.place(bid()).then((outcome) => outcomes.push(outcome));
      await clock.advance(100);
    }
    await clock.advance(10_000);
    expect(outcomes).toHaveLength(700);
    const accepted = outcomes.filter(({ kind }) => kind === 'accepted');
    expect(accepted.length).toBeGreaterThan(240);
    expect(truth().orders).toHaveLength(accepted.length);
    expect(outcomes.filter(({ kind }) => kind === 'denied').length)
      .toBe(700 - accepted.length);
    expect(simulator.violations()).toMatchObject({ total: 0 });
  });

  it('of modifications is the broker\'s to prove', async () => {
    const { clock, orders, bid, ask } = bench;
    const placed = await ask(orders.place(bid()));
    const { brokerOrderId } = placed as Extract<OrderOutcome, { kind: 'accepted' }>;
    const kinds: string[] = [];
    for (let at = 0; at < 26; at++) {
      await clock.advance(500);
      const limitPaise = 100 + 5 * at;
      const change = { quantity: null, triggerPaise: null, limitPaise };
      kinds.push((await ask(orders.modify(brokerOrderId, change))).kind);
    }
    expect(kinds.slice(0, 25).every((kind) => kind === 'accepted')).toBe(true);
    expect(kinds[25]).toBe('rejected');
  });
});

describe('margin of Dhan', () => {
  it('of several legs is the same in both of its spellings, and no error is a figure', async () => {
    const { simulator, instance, bid, call, ask } = bench;
    const { token, quantity } = bid();
    const pricePaise = paiseOf(call.bid);
    const legs = (['SELL', 'BUY'] as const).map((side) =>
      ({ token, side, quantity: side === 'SELL' ? 2 * quantity : quantity,
        product: 'carry' as const, pricePaise }));
    const camel = await ask(instance.margin!.required(legs));
    simulator.faults.add({ kind: 'marginShape', shape: 'snake' });
    const snake = await ask(instance.margin!.required(legs));
    expect(snake).toEqual({ ...camel, benefitPaise: snake.benefitPaise });
    simulator.faults.clear();
    for (const shape of ['sentinel', 'error200'] as const) {
      simulator.faults.add({ kind: 'marginShape', shape });
      await expect(ask(instance.margin!.required(legs))).rejects.toHaveProperty('kind');
      simulator.faults.clear();
    }
  });
});

describe('whatever becomes of answers', () => {
  it.each([1, 2, 3])('no order is doubled, none refused that stands (seed %d)', async (seed) => {
    const { clock, simulator, orders, bid, truth, ask } = bench;
    const random = createSeededRandom(seed);
    const pick = <T>(all: readonly T[]): T => all[Math.floor(random.next() * all.length)] as T;
    for (let at = 0; at < 60; at++) {
      simulator.faults.clear();
      if (random.next() < 0.7) {
        simulator.faults.add({
          kind: 'orderAnswer', when: pick(['before', 'after'] as const),
          answer: pick(['hang', 'drop', 'status', 'html', 'empty', 'torn', 'twice'] as const),
          status: pick([400, 429, 500, 503]), on: 'place',
        });
      }
      const order = bid();
      const outcome = await ask(orders.place(order));
      await clock.advance(300);
      const real = truth().orders.filter((one) => one.clientOrderId === order.clientOrderId);
      const most = outcome.kind === 'rejected' || outcome.kind === 'denied' ? 0 : 1;
      expect(real.length).toBeLessThanOrEqual(most);
      if (outcome.kind === 'accepted') {
        expect(real.map(({ orderId }) => orderId)).toEqual([outcome.brokerOrderId]);
      }
      simulator.faults.clear();
      const book = await ask(orders.orders());
      const rows = book.filter(({ clientOrderId }) => clientOrderId === order.clientOrderId);
      expect(rows).toHaveLength(real.length);
      for (const { brokerOrderId } of rows) await ask(orders.cancel(brokerOrderId));
    }
    expect(simulator.violations()).toMatchObject({ total: 0 });
  });
});
