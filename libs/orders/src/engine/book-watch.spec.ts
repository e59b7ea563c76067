import { afterEach, describe, expect, it } from 'vitest';
import { call24500, openOrderBench, requestId, ticket, trader, type OrderBench }
  from './testing/order-bench';

let bench: OrderBench;
afterEach(() => bench.orders.stop());

async function placeOne(): Promise<string> {
  const body = { requestId: requestId(1), account: 'acc-1', legs: [ticket()] };
  const placed = bench.orders.desk.place(trader, body);
  await bench.clock.advance(10_000);
  const [record] = await placed;
  return record?.state.order.clientOrderId ?? '';
}
const held = (): number =>
  bench.orders.floor.ledger('acc-1').positions.find(({ key }) => key === call24500)
    ?.netQuantity ?? 0;

describe('books of orders that rest', () => {
  it('are read every few seconds when nothing is told, and not when nothing rests', async () => {
    bench = await openOrderBench();
    bench.venue.feedNow = { isTelling: false, refusal: null };
    await bench.clock.advance(60_000);
    expect(bench.venue.countOf('orders')).toBe(0);
    const id = await placeOne();
    bench.venue.fill(id, 65, 10_000, false);
    await bench.clock.advance(6_000);
    expect(held()).toBe(65);
    const before = bench.venue.countOf('orders');
    await bench.clock.advance(60_000);
    expect(bench.venue.countOf('orders')).toBe(before);
  });

  it('are read every twenty seconds while a feed tells', async () => {
    bench = await openOrderBench();
    const id = await placeOne();
    await bench.clock.advance(20_000);
    const before = bench.venue.countOf('orders');
    await bench.clock.advance(60_000);
    expect(bench.venue.countOf('orders') - before).toBeLessThanOrEqual(3);
    bench.venue.fill(id, 65, 10_000, false);
    await bench.clock.advance(22_000);
    expect(held()).toBe(65);
  });

  it('are said to be all that is known while a broker refuses its feed, once', async () => {
    bench = await openOrderBench();
    bench.venue.feedNow = { isTelling: false, refusal: 'not entitled' };
    await bench.clock.advance(30_000);
    const told = (): string[] => bench.notices.map(({ kind, text }) => `${kind} ${text}`);
    expect(told()).toEqual([expect.stringMatching(/^orders.feed_refused not entitled/)]);
    bench.venue.feedNow = { isTelling: true, refusal: null };
    await bench.clock.advance(2_000);
    bench.venue.feedNow = { isTelling: false, refusal: 'not entitled' };
    await bench.clock.advance(2_000);
    expect(told()).toHaveLength(2);
  });
});
