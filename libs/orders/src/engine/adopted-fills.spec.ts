import type { AdoptPosition } from '@strikewire/contracts';
import { errorCodeOf } from '@strikewire/runtime';
import { afterEach, describe, expect, it } from 'vitest';
import { admin, call24500, openOrderBench, requestId, ticket, trader, type OrderBench }
  from './testing/order-bench';

let bench: OrderBench;
afterEach(() => bench.orders.stop());

async function place(number: number): Promise<string> {
  const body = { requestId: requestId(number), account: 'acc-1', legs: [ticket()] };
  const placed = bench.orders.desk.place(trader, body);
  await bench.clock.advance(5_000);
  return (await placed)[0]?.state.order.clientOrderId ?? '';
}

function atBroker(netQuantity: number, averagePaise: number | null = 10_000): void {
  const token = { segment: 'FNO', id: call24500 };
  bench.venue.held = [{ token, product: 'carry', netQuantity, averagePaise }];
}

async function adopt(netQuantity: number, price?: number): Promise<string> {
  const body: AdoptPosition = {
    account: 'acc-1', contract: call24500, product: 'carry', netQuantity, reason: 'seen there',
    ...(price !== undefined && { price }),
  };
  const done = bench.orders.acts.adopt(admin, body).then(() => 'done', errorCodeOf);
  await bench.clock.advance(15_000);
  return done;
}

const position = () => bench.orders.floor.ledger('acc-1').positions
  .find(({ key }) => key === call24500);
const acts = (action: string) => bench.journal.acts.filter((one) => one.action === action);
const told = (kind: string): string[] =>
  bench.notices.filter((one) => one.kind === kind).map(({ text }) => text);

/** Charges of one lot that was bought at ₹100 without any doubt. */
async function plainCharges(): Promise<number> {
  const other = await openOrderBench();
  const placed = other.orders.desk.place(trader, {
    requestId: requestId(1), account: 'acc-1', legs: [ticket()],
  });
  await other.clock.advance(1_000);
  other.venue.fill((await placed)[0]?.state.order.clientOrderId ?? '', 65, 10_000);
  await other.clock.advance(5_000);
  other.orders.stop();
  return other.orders.floor.ledger('acc-1').positions[0]?.chargesPaise ?? 0;
}

describe('a trade that is told after its position was adopted', () => {
  it('of an order that was said never to have been placed moves nothing twice', async () => {
    bench = await openOrderBench();
    bench.venue.script = () => 'lost_back';
    bench.venue.failsReading = () => true;
    const id = await place(1);
    bench.venue.fill(id, 65, 10_000, false);
    await bench.clock.advance(3_600_000);
    const settled = bench.orders.desk.settle(admin, id, { reason: 'never placed' });
    await bench.clock.advance(1_000);
    await settled;
    bench.venue.failsReading = () => false;
    await bench.clock.advance(60_000);
    atBroker(65);
    expect(await adopt(65)).toBe('done');
    await bench.restart();
    bench.venue.tell({ kind: 'look', brokerOrderId: null });
    await bench.clock.advance(60_000);
    expect(position()?.netQuantity).toBe(65);
    expect(bench.orders.floor.find(id)?.state).toMatchObject({
      status: 'filled', filledQuantity: 65,
    });
    expect(told('order.adopted_fill_told')).toEqual([
      expect.stringContaining('counted in the position that was adopted'),
    ]);
    expect(acts('position.fill_adopted')).toMatchObject([
      { by: null, subject: { id }, after: { trades: [{ quantity: 65, pricePaise: 10_000 }] } },
    ]);
    expect(position()?.chargesPaise).toBe(await plainCharges());
    await bench.restart();
    expect(position()).toMatchObject({ netQuantity: 65, chargesPaise: await plainCharges() });
  });

  it('of an order that was cancelled in the book moves nothing twice', async () => {
    bench = await openOrderBench();
    const id = await place(1);
    const row = bench.venue.rowOf(id);
    if (!row) throw new Error('no order rests');
    const updatedMs = bench.clock.wallMs();
    bench.venue.tell({ kind: 'row', row: { ...row, status: 'cancelled', updatedMs } });
    bench.venue.fill(id, 65, 10_000, false);
    atBroker(65);
    await bench.clock.advance(1_000);
    expect(await adopt(65)).toBe('done');
    const [trade] = bench.venue.book;
    if (trade) bench.venue.tell({ kind: 'trade', trade });
    await bench.clock.advance(10_000);
    expect(position()).toMatchObject({ netQuantity: 65, chargesPaise: await plainCharges() });
    expect(bench.orders.floor.find(id)?.state).toMatchObject({
      status: 'filled', filledQuantity: 65,
    });
  });

  it('is new when its order is, or when it was traded later', async () => {
    bench = await openOrderBench();
    const id = await place(1);
    bench.venue.end(id, 'cancelled');
    await bench.clock.advance(10_000);
    atBroker(65);
    expect(await adopt(65)).toBe('done');
    const first = bench.venue.rowOf(id);
    const later = await place(2);
    bench.venue.fill(later, 65, 10_000);
    await bench.clock.advance(5_000);
    expect(position()?.netQuantity).toBe(130);
    const trade = {
      tradeId: 'late', brokerOrderId: first?.brokerOrderId ?? '', side: 'BUY' as const,
      token: { segment: 'FNO', id: call24500 }, quantity: 65, pricePaise: 10_000,
      tradedMs: bench.clock.wallMs(),
    };
    bench.venue.tell({ kind: 'trade', trade });
    await bench.clock.advance(5_000);
    expect(position()?.netQuantity).toBe(195);
    expect(told('order.adopted_fill_told')).toEqual([]);
  });

  it('of a new order is new though the broker\'s clock is behind', async () => {
    bench = await openOrderBench();
    atBroker(65);
    expect(await adopt(65)).toBe('done');
    const id = await place(1);
    const trade = {
      tradeId: 'early', brokerOrderId: `b-${id}`, side: 'BUY' as const,
      token: { segment: 'FNO', id: call24500 }, quantity: 65, pricePaise: 10_000,
      tradedMs: bench.clock.wallMs() - 60_000,
    };
    bench.venue.tell({ kind: 'trade', trade });
    await bench.clock.advance(5_000);
    expect(position()?.netQuantity).toBe(130);
  });
});

describe('a position that was stored though nobody heard', () => {
  it('is stored, counted and logged once', async () => {
    bench = await openOrderBench();
    atBroker(65);
    let faults = 0;
    bench.journal.fault = (what) => {
      if (what !== 'saveFills' || faults === 2) return null;
      faults += 1;
      return 'after';
    };
    expect(await adopt(65)).toBe('done');
    expect(faults).toBe(2);
    expect(acts('position.adopted')).toHaveLength(1);
    await bench.restart();
    expect(position()?.netQuantity).toBe(65);
    expect(bench.orders.floor.ledger('acc-1').fills).toHaveLength(1);
    expect(await adopt(65)).toBe('position_agrees');
  });
});

describe('a price that was stated for a position', () => {
  it.each<[number, string]>([
    [100_000, 'price_absurd'], [1_000.05, 'price_absurd'], [9.99, 'price_absurd'],
    [0.01, 'price_absurd'], [10, 'done'], [1_000, 'done'],
  ])('of ₹%d, beside one of ₹100: %s', async (price, code) => {
    bench = await openOrderBench();
    atBroker(65, null);
    expect(await adopt(65, price)).toBe(code);
    expect(position()?.netQuantity).toBe(code === 'done' ? 65 : undefined);
  });

  it('may be near what was paid, though the market is far', async () => {
    bench = await openOrderBench();
    bench.venue.fill(await place(1), 65, 10_000);
    await bench.clock.advance(10_000);
    bench.contracts.askPaise = 5;
    bench.venue.held = [];
    expect(await adopt(0, 10_000)).toBe('price_absurd');
    expect(await adopt(0, 95)).toBe('done');
  });

  it('is below twice the strike when nothing else is known', async () => {
    bench = await openOrderBench();
    atBroker(65, null);
    bench.contracts.read = () => undefined;
    expect(await adopt(65, 49_001)).toBe('price_absurd');
    expect(await adopt(65, 49_000)).toBe('done');
  });
});
