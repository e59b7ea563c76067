import { describe, expect, it } from 'vitest';
import { noCharges } from '../core/charges';
import { intendOrder } from '../core/order-life';
import { stepOrder } from '../core/order-state';
import type { FillRecord, OrderRecord } from './order-journal';
import { OrderQueries } from './order-queries';
import { call24500, openOrderBench, type OrderBench } from './testing/order-bench';

const asker = { userId: 'u1', name: 'asha', role: 'trader', by: 'asha' } as const;
const wanted = { account: 'acc-1', days: 0 };

/** An order that was denied, so that nothing of it is open. */
function deniedOrder(id: string, { clock, contracts }: OrderBench): OrderRecord {
  const nowMs = clock.wallMs();
  const { state } = intendOrder({
    clientOrderId: id, token: { segment: 'FNO', id: '1' }, side: 'BUY', type: 'LIMIT',
    product: 'carry', validity: 'DAY', quantity: 65, limitPaise: 10_000, triggerPaise: null,
  }, 'acc-1', nowMs);
  const facts = contracts.find(call24500);
  if (!facts) throw new Error('the contract is not there');
  return {
    state: stepOrder(state, { type: 'withheld', code: 'x', reason: 'y' }, nowMs).state,
    facts, asked: 'LIMIT', placedBy: { userId: 'u1', name: 'asha' }, requestId: id, leg: 0,
    slice: 0, lowersRisk: false, flattens: false, charges: noCharges,
  };
}

function queriesOf({ orders: { floor, desk, kill } }: OrderBench): OrderQueries {
  return new OrderQueries(floor, desk, kill);
}

describe('lists of a day that does not fit into memory', () => {
  it('have every order', async () => {
    const bench = await openOrderBench();
    for (let one = 0; one <= 20_000; one++) {
      const id = `o${one}`;
      bench.journal.records.set(id, JSON.stringify(deniedOrder(id, bench)));
    }
    await bench.restart();
    const { orders } = await queriesOf(bench).orders(asker, wanted);
    expect(orders).toHaveLength(20_001);
  });

  it('have every fill, each once', async () => {
    const bench = await openOrderBench();
    const tradedMs = bench.clock.wallMs();
    const fills = Array.from({ length: 5_001 }, (_, one): FillRecord => ({
      account: 'acc-1', orderId: `o${one}`, tradeId: 't', key: call24500, side: 'BUY',
      product: 'carry', quantity: 65, pricePaise: 10_000, chargesPaise: 10, tradedMs,
    }));
    await bench.journal.saveFills(fills, []);
    await bench.restart();
    const { trades } = await queriesOf(bench).trades(asker, wanted);
    expect(trades).toHaveLength(5_001);
  });
});

describe('news of an order', () => {
  const people = [
    { userId: 'u1', role: 'trader' }, { userId: 'u2', role: 'trader' },
    { userId: 'a1', role: 'admin' }, { userId: 'v1', role: 'viewer' },
  ] as const;
  const audience = (bench: OrderBench, account = 'acc-1'): string[] => {
    const record = deniedOrder('o1', bench);
    const state = { ...record.state, account };
    return queriesOf(bench).audienceOf({ ...record, state }, people);
  };

  it('go to those who may trade its account now, whoever placed it, and to admins', async () => {
    const bench = await openOrderBench();
    expect(audience(bench)).toEqual(['u1', 'a1']);
    bench.venue.traders = ['u2', 'v1'];
    expect(audience(bench)).toEqual(['u2', 'a1']);
    bench.orders.stop();
  });

  it('of a paper account go to its owner alone, of an account that is gone to admins', async () => {
    const bench = await openOrderBench();
    expect(audience(bench, 'paper:u2')).toEqual(['u2']);
    expect(audience(bench, 'acc-gone')).toEqual(['a1']);
    bench.orders.stop();
  });

  it('go to whoever sees it in the lists, and to nobody else', async () => {
    const bench = await openOrderBench();
    bench.journal.records.set('o1', JSON.stringify(deniedOrder('o1', bench)));
    await bench.restart();
    for (const one of people) {
      const sees = await queriesOf(bench).order({ ...one, name: 'x', by: 'x' }, 'o1')
        .then(() => true, () => false);
      expect([one.userId, sees]).toEqual([one.userId, audience(bench).includes(one.userId)]);
    }
    bench.orders.stop();
  });
});
