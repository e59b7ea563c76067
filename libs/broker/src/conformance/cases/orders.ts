import { StrikewireError } from '@strikewire/runtime';
import type { BrokerOrder } from '../../core/orders-port';
import type { RateGate } from '../../core/plugin';
import { defineCases } from '../case';
import { claim, claimEqual, claimNone } from '../claims';
import { claimOutcome, OrderTrials, strangeToken, tryOrders } from '../order-trials';

const burst = 25;

/** Group J, first third: orders of a broker that is well. */
export const orderCases = defineCases([
  {
    id: 'J01',
    title: 'the limits of orders are given, each a number or none',
    needs: 'orders',
    run({ plugin: { limits: { orders } } }) {
      claim(orders !== undefined, 'limits.orders is not there');
      const { others = [], ...numbers } = orders;
      const given = [...Object.entries(numbers), ...others.map(({ name, limit }) => [name, limit])];
      const wrong = given.filter(([, value]) =>
        value !== null && !(Number.isInteger(value) && (value as number) > 0));
      claimNone('limits', wrong.map(([name, value]) => `${name} was ${String(value)}`));
    },
  },
  {
    id: 'J02',
    title: 'an order that is taken stands in the book as it was placed',
    needs: 'orders',
    run: (bench) => tryOrders(bench, async (trials) => {
      const order = trials.resting();
      const id = await trials.placed(order);
      const row = await rowOf(trials, id);
      const { token, side, quantity, limitPaise } = order;
      const found = [row.token, row.side, row.status, row.quantity, row.filledQuantity];
      claimEqual('its row', found, [token, side, 'open', quantity, 0]);
      if (row.limitPaise !== undefined) claimEqual('its limit', row.limitPaise, limitPaise);
      const real = trials.found(id);
      claimEqual('what the broker has', [real.side, real.status, real.quantity, real.limitPaise],
        [side, 'open', quantity, limitPaise]);
    }),
  },
  {
    id: 'J03',
    title: 'it is found there by the platform\'s id, once',
    needs: 'orderTags',
    run: (bench) => tryOrders(bench, async (trials) => {
      const order = trials.resting();
      const id = await trials.placed(order);
      const rows = await bench.ask(() => trials.orders.orders());
      const found = rows.filter(({ clientOrderId }) => clientOrderId === order.clientOrderId);
      claimEqual('broker\'s ids of the platform\'s', found.map((one) => one.brokerOrderId), [id]);
      claimEqual('the broker\'s tag', trials.found(id).clientOrderId, order.clientOrderId);
    }),
  },
  {
    id: 'J04',
    title: 'a stop order keeps its trigger and its limit',
    needs: 'orders',
    run: (bench) => tryOrders(bench, async (trials) => {
      const { askPaise } = trials.contract.leg;
      const triggerPaise = Math.ceil(askPaise / 5) * 10;
      const limitPaise = triggerPaise + 100;
      const id = await trials.placed(trials.resting({ type: 'SL', limitPaise, triggerPaise }));
      const real = trials.found(id);
      claimEqual('the broker\'s limit and trigger', [real.limitPaise, real.triggerPaise],
        [limitPaise, triggerPaise]);
      const row = await rowOf(trials, id);
      claimEqual('fills', row.filledQuantity, 0);
      if (row.triggerPaise !== undefined) claimEqual('trigger', row.triggerPaise, triggerPaise);
    }),
  },
  {
    id: 'J05',
    title: 'an order for half a lot is refused with a reason, at once or in the book',
    needs: 'orders',
    run: (bench) => tryOrders(bench, (trials) =>
      claimRefused(trials, { quantity: trials.contract.lot + 1 })),
  },
  {
    id: 'J06',
    title: 'so is one for a contract that nobody has',
    needs: 'orders',
    run: (bench) => tryOrders(bench, (trials) =>
      claimRefused(trials, { token: strangeToken(trials.contract.leg.token) })),
  },
  {
    id: 'J07',
    title: 'what cannot be expressed is denied, and nothing is sent',
    needs: 'orders',
    run: (bench) => tryOrders(bench, async (trials) => {
      const before = bench.evidence.requests;
      const unfit = [
        { clientOrderId: 'x'.repeat(400) }, { quantity: 0 }, { quantity: 1.5 },
        { limitPaise: null }, { limitPaise: 100.5 }, { limitPaise: -5 },
        { type: 'SL', triggerPaise: null }, { type: 'MARKET', limitPaise: null },
      ] as const;
      for (const changes of unfit) {
        const outcome = await trials.place(trials.resting(changes));
        claimOutcome(`an order with ${JSON.stringify(changes).slice(0, 60)}`, outcome, ['denied']);
      }
      claimEqual('requests', bench.evidence.requests - before, 0);
    }),
  },
  {
    id: 'J08',
    title: 'a modification changes the order that stands, and nothing else of it',
    needs: 'orders',
    run: (bench) => tryOrders(bench, async (trials) => {
      const order = trials.resting();
      const id = await trials.placed(order);
      const limitPaise = (order.limitPaise ?? 0) + 10;
      const quantity = 2 * order.quantity;
      for (const change of [
        { quantity: null, limitPaise, triggerPaise: null },
        { quantity, limitPaise: null, triggerPaise: null },
      ]) {
        const outcome = await trials.outcome('modify', () => trials.orders.modify(id, change));
        claimOutcome('a good modification', outcome, ['accepted']);
        await trials.settle();
      }
      const { quantity: nowQuantity, limitPaise: nowLimit, status } = trials.found(id);
      claimEqual('what the broker has', [nowQuantity, nowLimit, status],
        [quantity, limitPaise, 'open']);
      const row = await rowOf(trials, id);
      claimEqual('its row', [row.quantity, row.status], [quantity, 'open']);
    }),
  },
  {
    id: 'J09',
    title: 'a cancellation ends it',
    needs: 'orders',
    run: (bench) => tryOrders(bench, async (trials) => {
      const id = await trials.placed(trials.resting());
      const outcome = await trials.outcome('cancel', () => trials.orders.cancel(id));
      claimOutcome('a good cancellation', outcome, ['accepted']);
      await trials.settle();
      claimEqual('the broker\'s status', trials.found(id).status, 'cancelled');
      claimEqual('its row\'s', (await rowOf(trials, id)).status, 'cancelled');
    }),
  },
  {
    id: 'J10',
    title: 'an order that is not there, or not any more, is neither modified nor cancelled',
    needs: 'orders',
    run: (bench) => tryOrders(bench, async (trials) => {
      const ended = await trials.placed(trials.resting());
      await trials.outcome('cancel', () => trials.orders.cancel(ended));
      await trials.settle();
      const change = { quantity: null, limitPaise: 100, triggerPaise: null };
      for (const id of [ended, '1', '../1?a=b']) {
        const modified = await trials.outcome('modify', () => trials.orders.modify(id, change));
        claimOutcome(`modifying ${id}`, modified, ['rejected', 'denied']);
        const cancelled = await trials.outcome('cancel', () => trials.orders.cancel(id));
        claimOutcome(`cancelling ${id}`, cancelled, ['rejected', 'denied']);
      }
      claimEqual('the broker\'s status', trials.found(ended).status, 'cancelled');
    }),
  },
  {
    id: 'J11',
    title: 'what is filled is in the book, in the trades and in the positions',
    needs: 'orders',
    run: (bench) => tryOrders(bench, async (trials) => {
      const order = trials.buying();
      const netOf = async (): Promise<number> => (await bench.ask(() => trials.orders.positions()))
        .filter(({ token, product }) =>
          token.id === order.token.id && token.segment === order.token.segment &&
          product === order.product)
        .reduce((sum, { netQuantity }) => sum + netQuantity, 0);
      const before = await netOf();
      const id = await trials.placed(order);
      await trials.settle();
      const row = await rowOf(trials, id);
      claimEqual('its row', [row.status, row.filledQuantity], ['filled', order.quantity]);
      const real = trials.truth.fills().filter(({ brokerOrderId }) => brokerOrderId === id);
      const trades = (await bench.ask(() => trials.orders.trades()))
        .filter(({ brokerOrderId }) => brokerOrderId === id);
      const figures = (all: readonly { quantity: number; pricePaise: number }[]): string[] =>
        all.map(({ quantity, pricePaise }) => `${quantity} at ${pricePaise}`).sort();
      claimEqual('its trades', figures(trades), figures(real));
      const ids = new Set(trades.map(({ tradeId }) => tradeId));
      claimEqual('different trade ids', ids.size, trades.length);
      const worth = real.reduce((sum, one) => sum + one.quantity * one.pricePaise, 0);
      const average = Math.round(worth / order.quantity);
      const isNear = Math.abs((row.averagePaise ?? 0) - average) <= 1;
      claim(isNear, `the average was ${row.averagePaise}, needs to be ${average}`);
      claimEqual('the position\'s change', (await netOf()) - before, order.quantity);
    }),
  },
  {
    id: 'J12',
    title: 'a burst of orders is answered, each is there once, and no rule is broken',
    needs: 'orders',
    run: (bench) => tryOrders(bench, async (trials) => {
      const violations = bench.harness.violations();
      const before = trials.truth.book().length;
      const all = Array.from({ length: burst }, () => trials.resting());
      const outcomes = await bench.ask(() =>
        Promise.all(all.map((order) => trials.orders.place(order))));
      for (const outcome of outcomes) {
        claimOutcome('an order of the burst', outcome, ['accepted', 'denied']);
      }
      await trials.settle();
      const ids = outcomes.flatMap((one) => (one.kind === 'accepted' ? [one.brokerOrderId] : []));
      claim(ids.length > 0, 'none of the burst was taken');
      const real = trials.since(before).map(({ brokerOrderId }) => brokerOrderId);
      claimEqual('what the broker has', [...real].sort(), [...ids].sort());
      claimEqual('breaches', bench.harness.violations() - violations, 0);
    }),
  },
  {
    id: 'J13',
    title: 'a budget that is full denies orders, and nothing is sent',
    needs: 'orders',
    async run(bench) {
      const trials = new OrderTrials(bench);
      const gate: RateGate = {
        run: () => Promise.reject(new StrikewireError({
          kind: 'throttled', code: 'budget_full', message: 'the budget is full',
        })),
      };
      const full = bench.create(bench.currentCredentials, { ...bench.deps, gate }).orders;
      claim(full !== undefined, 'there are no orders');
      const before = bench.evidence.requests;
      const order = trials.resting();
      const change = { quantity: null, limitPaise: 100, triggerPaise: null };
      claimOutcome('place', await trials.outcome('place', () => full.place(order)), ['denied']);
      const modified = await trials.outcome('modify', () => full.modify('1', change));
      claimOutcome('modify', modified, ['denied']);
      claimOutcome('cancel', await trials.outcome('cancel', () => full.cancel('1')), ['denied']);
      await bench.refused('the book', () => full.orders(), ['throttled']);
      claimEqual('requests', bench.evidence.requests - before, 0);
    },
  },
]);

/** Its row in the plugin's book. */
async function rowOf(trials: OrderTrials, brokerOrderId: string): Promise<BrokerOrder> {
  const rows = await trials.bench.ask(() => trials.orders.orders());
  const found = rows.filter((row) => row.brokerOrderId === brokerOrderId);
  const [row] = found;
  claim(row !== undefined && found.length === 1,
    `the book has ${found.length} rows of order ${brokerOrderId}, needs one`);
  return row;
}

async function claimRefused(
  trials: OrderTrials,
  changes: Parameters<OrderTrials['resting']>[0],
): Promise<void> {
  const outcome = await trials.place(trials.resting(changes));
  claimOutcome('a bad order', outcome, ['rejected', 'denied', 'accepted']);
  if (outcome.kind === 'accepted') {
    await trials.settle();
    const row = await rowOf(trials, outcome.brokerOrderId);
    claimEqual('its status', row.status, 'rejected');
    claim((row.reason ?? '') !== '', 'its row has no reason');
  } else {
    const hasReason = outcome.kind !== 'unknown' && outcome.code !== '' && outcome.reason !== '';
    claim(hasReason, 'it was refused without code or reason');
  }
}
