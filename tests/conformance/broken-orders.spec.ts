import type {
  AnyBrokerPlugin,
  BrokerInstance,
  MarginPort,
  OrderFeed,
  OrdersPort,
} from '@strikewire/broker';
import { dhanBroker } from '@strikewire/broker-dhan';
import { describe, expect, it } from 'vitest';
import { brokenBy, resultsOf, type Change } from './broken-plugin';
import { simulatedBrokers } from './brokers';

const token = simulatedBrokers.dhan.credentials['accessToken'] ?? '';

/** The orders side with one of its ways changed. */
function ordersBy(change: (orders: OrdersPort) => Partial<OrdersPort>): Change {
  return ({ orders }: BrokerInstance) =>
    (orders ? { orders: { ...orders, ...change(orders) } } : {});
}

function marginBy(change: (margin: MarginPort) => Partial<MarginPort>): Change {
  return ({ margin }) => (margin ? { margin: { ...margin, ...change(margin) } } : {});
}

function feedBy(change: Partial<OrderFeed>): Change {
  return ({ orderFeed }) => (orderFeed ? { orderFeed: { ...orderFeed, ...change } } : {});
}

const noMargin = {
  requiredPaise: 0, spanPaise: null, exposurePaise: null, premiumPaise: null, benefitPaise: null,
};

const faults: readonly (readonly [what: string, id: string, reason: RegExp, change: Change])[] = [
  ['an order without an answer that counts as refused', 'J14', /was rejected .* to be unknown/,
    ordersBy(({ place }) => ({
      place: async (order) => {
        const outcome = await place(order);
        return outcome.kind === 'unknown' ? { ...outcome, kind: 'rejected', code: 'x' } : outcome;
      },
    }))],
  ['an order without an answer that is sent again', 'J14', /has got was 2, needs to be 1/,
    ordersBy(({ place }) => ({
      place: async (order) => {
        const outcome = await place(order);
        return outcome.kind === 'unknown' ? place(order) : outcome;
      },
    }))],
  ['a failure that is thrown', 'J20', /place rejected .*, needs to end as an outcome/,
    ordersBy(({ place }) => ({
      place: async (order) => {
        const outcome = await place(order);
        if (outcome.kind === 'unknown') throw new Error(outcome.reason);
        return outcome;
      },
    }))],
  ['a limit without a price that becomes one of its own', 'J07', /was accepted .* to be denied/,
    ordersBy(({ place }) => ({
      place: (order) => place(
        order.limitPaise === null ? { ...order, type: 'LIMIT', limitPaise: 5 } : order,
      ),
    }))],
  ['a book that is empty when it failed', 'J24', /orders was answered/,
    ordersBy(({ orders }) => ({ orders: () => orders().catch(() => []) }))],
  ['ids of the platform that are left out', 'J03', /broker's ids of the platform's was \[\]/,
    ordersBy(({ orders }) => ({
      orders: async () => (await orders()).map((row) => ({ ...row, clientOrderId: null })),
    }))],
  ['an unknown status that ends an order', 'J25', /was cancelled, needs to be alive/,
    ordersBy(({ orders }) => ({
      orders: async () => (await orders()).map((row) =>
        (row.status === 'pending' ? { ...row, status: 'cancelled' } : row)),
    }))],
  ['prices of orders in rupees', 'J02', /its limit was/,
    ordersBy(({ orders }) => ({
      orders: async () => (await orders()).map((row) =>
        ({ ...row, limitPaise: (row.limitPaise ?? 0) / 100 })),
    }))],
  ['trades that are left out', 'J11', /its trades was \[\]/,
    ordersBy(() => ({ trades: () => Promise.resolve([]) }))],
  ['a modification that is none', 'J08', /what the broker has was/,
    ordersBy(() => ({
      modify: (brokerOrderId) => Promise.resolve({ kind: 'accepted', brokerOrderId }),
    }))],
  ['a cancellation that is none', 'J09', /status was "open", needs to be "cancelled"/,
    ordersBy(() => ({
      cancel: (brokerOrderId) => Promise.resolve({ kind: 'accepted', brokerOrderId }),
    }))],
  ['a feed that tells nothing', 'J26', /nothing was told of the order/, feedBy({ read: () => [] })],
  ['a feed that does not sign in', 'J26', /nothing was told/, feedBy({ hello: () => [] })],
  ['a feed that throws', 'J30', /not to be read/, feedBy({ read: () => {
    throw new Error('not to be read');
  } })],
  ['a margin where there is no figure', 'K07', /margin was answered/,
    marginBy(({ required }) => ({ required: (legs) => required(legs).catch(() => noMargin) }))],
  ['funds in rupees', 'K05', /free paise was/,
    marginBy(({ funds }) => ({
      funds: async () => ({ ...(await funds()), availablePaise: 1 }),
    }))],
];

describe('of orders the kit finds', () => {
  it.each(faults)('%s (%s)', async (_what, id, reason, change) => {
    const [result] = await resultsOf(brokenBy(change), [id]);
    expect(result).toMatchObject({ id, outcome: 'failed' });
    expect(result?.reason).toMatch(reason);
  });

  it('a token in the reason of an outcome', async () => {
    const telling = ordersBy(({ place }) => ({
      place: async (order) => {
        const outcome = await place(order);
        const isTold = outcome.kind === 'unknown';
        return isTold ? { ...outcome, reason: `no answer to ${token}` } : outcome;
      },
    }));
    const results = await resultsOf(brokenBy(telling), ['J18', 'G08']);
    expect(results.map(({ id, outcome }) => [id, outcome]))
      .toEqual([['J18', 'passed'], ['G08', 'failed']]);
    expect(results[1]?.reason).not.toContain(token);
  });

  it('nothing where an account takes no orders: its cases are left out, and say so', async () => {
    const whole: AnyBrokerPlugin = dhanBroker;
    const without: AnyBrokerPlugin = {
      ...whole,
      create(config: never, deps) {
        const { marketData, feed, check } = whole.create(config, deps);
        return { marketData, feed, check };
      },
    };
    const results = await resultsOf(without, ['J', 'K']);
    expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(['skipped']));
    expect(new Set(results.map(({ reason }) => reason))).toEqual(new Set([
      'declared: no orders', 'declared: no orders, or none that keep the platform\'s id',
      'declared: no feed of orders', 'declared: no margin',
    ]));
  });

  it('an account that cannot be made: its cases fail, and the others go on', async () => {
    const broken = brokenBy(() => {
      throw new Error('not to be made');
    });
    const results = await resultsOf(broken, ['A01', 'J02']);
    expect(results).toMatchObject([
      { outcome: 'passed' }, { outcome: 'failed', reason: 'not to be made' },
    ]);
  });
});
