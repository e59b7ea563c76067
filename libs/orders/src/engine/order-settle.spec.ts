import { errorCodeOf } from '@strikewire/runtime';
import type { OrderSettle } from '@strikewire/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { openOrderBench, requestId, ticket, trader, type OrderBench } from './testing/order-bench';

let bench: OrderBench;
afterEach(() => bench.orders.stop());

/** An order whose outcome nobody could find out. */
async function doubtful(more: Parameters<typeof ticket>[0] = {}, filled = 0): Promise<string> {
  bench = await openOrderBench();
  const { price = 100 } = more;
  bench.contracts.tick(Math.round(price * 100));
  bench.venue.script = () => 'lost_back';
  bench.venue.failsReading = () => true;
  const body = { requestId: requestId(1), account: 'acc-1', legs: [ticket(more)] };
  const placed = bench.orders.desk.place(trader, body);
  await bench.clock.advance(5_000);
  const id = (await placed)[0]?.state.order.clientOrderId ?? '';
  if (filled > 0) bench.venue.fill(id, filled, 10_000, false);
  await bench.clock.advance(3_600_000);
  expect(bench.orders.floor.find(id)?.state.needsPerson).not.toBeNull();
  return id;
}

async function settle(id: string, body: Partial<OrderSettle> = {}): Promise<string> {
  const whole = { reason: 'seen', filledQuantity: 65, averagePrice: 100, ...body };
  const done = bench.orders.desk.settle(trader, id, whole).then(() => 'done', errorCodeOf);
  await bench.clock.advance(5_000);
  return done;
}

async function lookAgain(): Promise<void> {
  bench.venue.failsReading = () => false;
  bench.venue.tell({ kind: 'look', brokerOrderId: null });
  await bench.clock.advance(60_000);
}

const position = () => bench.orders.floor.ledger('acc-1').positions[0];
const settlements = () => bench.journal.acts.filter(({ action }) => action === 'order.settled');
const kinds = () => bench.notices.map(({ kind }) => kind);

describe('a fill that a person states', () => {
  it.each([[1.1, 'BUY'], [1.15, 'SELL'], [0.55, 'BUY']] as const)(
    'may be at the order\'s own limit of ₹%d (%s)', async (price, side) => {
      const id = await doubtful({ price, side });
      expect(await settle(id, { averagePrice: price })).toBe('done');
      expect(position()?.openValuePaise).toBe(Math.round(price * 100) * 65);
    });

  it('costs as much as if it had been heard, when a trade goes beyond it', async () => {
    const id = await doubtful({ quantity: 130 }, 130);
    expect(await settle(id)).toBe('done');
    await lookAgain();
    expect(position()?.netQuantity).toBe(130);
    const stated = position()?.chargesPaise;
    bench.orders.stop();
    bench = await openOrderBench();
    const body = { requestId: requestId(1), account: 'acc-1', legs: [ticket({ quantity: 130 })] };
    const placed = bench.orders.desk.place(trader, body);
    await bench.clock.advance(5_000);
    bench.venue.fill((await placed)[0]?.state.order.clientOrderId ?? '', 130, 10_000);
    await bench.clock.advance(5_000);
    expect(stated).toBe(position()?.chargesPaise);
  });

  it('gives way to the trades of an order whose id was never heard, and that is told', async () => {
    const id = await doubtful({}, 65);
    expect(bench.orders.floor.find(id)?.state.brokerOrderId).toBeNull();
    expect(await settle(id, { averagePrice: 99 })).toBe('done');
    await lookAgain();
    expect(bench.orders.floor.find(id)?.state.trades.map(({ tradeId }) => tradeId))
      .toEqual(['acc-1-t1']);
    expect(kinds()).toContain('order.stated_fill_told');
    expect(position()?.netQuantity).toBe(65);
  });
});

describe('what is in the log of a statement', () => {
  it('is nothing when the broker was quicker', async () => {
    const id = await doubtful();
    const row = bench.venue.rowOf(id);
    if (!row) throw new Error('the broker has no order');
    const updatedMs = bench.clock.wallMs();
    bench.venue.tell({ kind: 'row', row: { ...row, status: 'cancelled', updatedMs } });
    expect(await settle(id)).not.toBe('done');
    expect(settlements()).toEqual([]);
  });

  it('is one entry, with the order, when its write was not heard', async () => {
    const id = await doubtful();
    let faults = 0;
    bench.journal.fault = (what) => {
      if (what !== 'save' || faults === 2) return null;
      faults += 1;
      return faults === 1 ? 'after' : 'before';
    };
    expect(await settle(id)).toBe('done');
    expect(faults).toBe(2);
    expect(settlements()).toMatchObject([{ by: 'asha', subject: { id } }]);
    await bench.restart();
    expect(position()?.netQuantity).toBe(65);
  });

  it('is nothing while it is not stored', async () => {
    const id = await doubtful();
    bench.journal.fault = (what) => (what === 'save' ? 'before' : null);
    const done = bench.orders.desk.settle(trader, id, { reason: 'never placed' })
      .then(() => 'done', errorCodeOf);
    await bench.clock.advance(1_000);
    expect(settlements()).toEqual([]);
    bench.journal.fault = () => null;
    await bench.clock.advance(60_000);
    expect(await done).toBe('done');
    expect(settlements()).toHaveLength(1);
  });
});
