import { afterEach, describe, expect, it } from 'vitest';
import { recordsOf } from './order-draft';
import type { OrderAct, OrderRecord } from './order-journal';
import { openOrderBench, requestId, ticket, trader, type OrderBench } from './testing/order-bench';

let bench: OrderBench;
afterEach(() => bench.orders.stop());

const act: OrderAct = {
  by: 'asha', action: 'orders.placed', before: null, after: null,
  subject: { kind: 'account', id: 'acc-1', name: 'Account' },
};
function drafted(number = 1): OrderRecord[] {
  const { venue } = bench;
  const legs = bench.orders.desk.plan(venue, [ticket(), ticket({ side: 'SELL' })]);
  const draft = { asker: trader, requestId: requestId(number), venue, legs };
  return recordsOf({ ...draft, lowersRisk: false, flattens: false }, bench.deps);
}
const statuses = (): string[] => bench.orders.floor.all.map(({ state }) => state.status);

describe('intents', () => {
  it('are kept once they are stored', async () => {
    bench = await openOrderBench();
    const tracks = await bench.orders.floor.create(drafted(), act);
    expect(tracks).toHaveLength(2);
    expect(statuses()).toEqual(['intended', 'intended']);
  });

  it('that are stored though it was said that they are not are denied, not left as they are',
    async () => {
      bench = await openOrderBench();
      bench.journal.fault = (what) => (what === 'create' ? 'after' : null);
      await expect(bench.orders.floor.create(drafted(), act)).rejects.toThrow();
      await bench.clock.advance(100);
      expect(statuses()).toEqual(['denied', 'denied']);
      const [stored] = await bench.journal.byRequest('u1', requestId(1));
      expect(stored?.state).toMatchObject({ status: 'denied', code: 'not_sent' });
      expect(bench.venue.countOf('place')).toBe(0);
    });

  it('that were not stored are looked for a while, and orders of before are left alone',
    async () => {
      bench = await openOrderBench();
      await bench.orders.floor.create(drafted(), act);
      bench.journal.fault = (what) => (what === 'create' ? 'before' : null);
      await expect(bench.orders.floor.create(drafted(), act)).rejects.toThrow();
      await expect(bench.orders.floor.create(drafted(2), act)).rejects.toThrow();
      await bench.clock.advance(60_000);
      expect(statuses()).toEqual(['intended', 'intended']);
    });

  it('are found when the transaction is stored late, or the store was away', async () => {
    bench = await openOrderBench();
    const records = drafted();
    const { journal } = bench;
    const read = journal.byRequest.bind(journal);
    let reads = 0;
    journal.byRequest = (...asked) => {
      reads += 1;
      return reads < 3 ? Promise.reject(new Error('away')) : read(...asked);
    };
    journal.fault = (what) => (what === 'create' ? 'before' : null);
    await expect(bench.orders.floor.create(records, act)).rejects.toThrow();
    await bench.clock.advance(10_500);
    expect([reads, statuses()]).toEqual([3, []]);
    journal.fault = () => null;
    await journal.create(records, act);
    await bench.clock.advance(1_000);
    expect(statuses()).toEqual(['denied', 'denied']);
  });
});
