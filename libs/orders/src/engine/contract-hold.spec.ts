import { afterEach, describe, expect, it } from 'vitest';
import { call24500, openOrderBench, put24500, requestId, ticket, trader, type OrderBench }
  from './testing/order-bench';

let bench: OrderBench;
afterEach(() => bench.orders.stop());

const held = (): readonly string[] | undefined => bench.contracts.held.get('orders');

async function place(number: number, more: Parameters<typeof ticket>[0] = {}): Promise<string> {
  const account = bench.venue.account;
  const body = { requestId: requestId(number), account, legs: [ticket(more)] };
  const placed = bench.orders.desk.place(trader, body);
  await bench.clock.advance(2_000);
  return (await placed)[0]?.state.order.clientOrderId ?? '';
}

async function hold(quantity: number): Promise<void> {
  bench.venue.fill(await place(1, { quantity }), quantity, 10_000);
  await bench.clock.advance(3_000);
}

describe('contracts of live accounts', () => {
  it('are kept live while an order of them is at work, or one of them is held', async () => {
    bench = await openOrderBench();
    expect(held()).toBeUndefined();
    const id = await place(1);
    expect(held()).toEqual([call24500]);
    bench.venue.fill(id, 65, 10_000);
    await place(2, { contract: put24500 });
    await bench.clock.advance(3_000);
    expect(held()).toEqual([call24500, put24500].sort());
  });

  it('are let go when nothing of them is left', async () => {
    bench = await openOrderBench();
    await hold(65);
    const id = await place(2, { side: 'SELL' });
    bench.venue.fill(id, 65, 10_100);
    await bench.clock.advance(3_000);
    expect(bench.orders.floor.ledger('acc-1').positions.at(0)?.netQuantity ?? 0).toBe(0);
    expect(held()).toEqual([]);
  });

  it('are kept live from a restart on, before anything is told of them', async () => {
    bench = await openOrderBench();
    await hold(65);
    bench.contracts.held.clear();
    await bench.restart();
    expect(held()).toEqual([call24500]);
  });

  it('are not wanted once they have expired, whatever the book says still', async () => {
    bench = await openOrderBench();
    await hold(65);
    bench.contracts.held.clear();
    bench.orders.stop();
    await bench.clock.advance(9 * 86_400_000);
    await bench.restart();
    expect(bench.orders.floor.ledger('acc-1').positions).toHaveLength(1);
    expect(held()).toBeUndefined();
  });

  it('are not those of paper accounts, which hold their own', async () => {
    bench = await openOrderBench({}, { mode: 'paper' });
    await hold(65);
    expect(bench.orders.floor.ledger('paper:u1').positions).toHaveLength(1);
    expect(held()).toBeUndefined();
  });
});
