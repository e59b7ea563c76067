import type { OrderProduct } from '@strikewire/broker';
import { afterEach, describe, expect, it } from 'vitest';
import type { Position } from '../core/positions';
import { call24500, openOrderBench, requestId, ticket, trader, type OrderBench }
  from './testing/order-bench';

let bench: OrderBench;
afterEach(() => bench.orders.stop());

async function placed(
  number: number,
  more: Parameters<typeof ticket>[0] = {},
): Promise<string> {
  const body = { requestId: requestId(number), account: 'acc-1', legs: [ticket(more)] };
  const made = bench.orders.desk.place(trader, body);
  await bench.clock.advance(10_000);
  const [record] = await made;
  return record?.state.order.clientOrderId ?? '';
}
async function buy(quantity: number, product: OrderProduct = 'carry'): Promise<void> {
  const id = await placed(1, { quantity, product });
  bench.venue.fill(id, quantity, 10_000);
  await bench.clock.advance(1_000);
}
function position(): Position {
  const [one] = bench.orders.floor.ledger('acc-1').positions;
  if (!one) throw new Error('nothing is held');
  return one;
}
function atBroker(netQuantity: number, product: OrderProduct = 'carry'): void {
  const token = { segment: 'FNO', id: call24500 };
  bench.venue.held = [{ token, product, netQuantity, averagePaise: null }];
}
const closable = (): number => bench.orders.desk.holdings.closable('acc-1', position());
const closableNow = async (): Promise<number> => {
  const asked = bench.orders.desk.holdings.closableNow('acc-1', position());
  asked.catch(() => undefined);
  await bench.clock.advance(11_000);
  return asked;
};

describe('what may be closed of a live position', () => {
  it.each([
    [130, 130], [65, 65], [0, 0], [-130, 0], [195, 130],
  ])('is no more than the broker holds: %d there', async (there, expected) => {
    bench = await openOrderBench();
    await buy(130);
    atBroker(there);
    expect(await closableNow()).toBe(expected);
    const told = bench.notices.filter(({ kind }) => kind === 'positions.less_at_broker');
    expect(told).toHaveLength(there < 130 ? 1 : 0);
  });

  it('is of the same product, and less what is being closed already', async () => {
    bench = await openOrderBench();
    await buy(130);
    atBroker(130, 'intraday');
    expect(await closableNow()).toBe(0);
    atBroker(130);
    await placed(2, { side: 'SELL' });
    expect(await closableNow()).toBe(65);
  });

  it('is not known when the broker does not tell', async () => {
    bench = await openOrderBench();
    await buy(130);
    bench.venue.failsReading = () => true;
    await expect(closableNow()).rejects.toMatchObject({ code: 'positions_unread' });
    bench.venue.failsReading = () => false;
    atBroker(130);
    expect(await closableNow()).toBe(130);
  });

  it('of a paper account is what is held', async () => {
    bench = await openOrderBench({}, { mode: 'paper' });
    const body = { requestId: requestId(1), account: 'paper', legs: [ticket()] };
    const made = bench.orders.desk.place(trader, body);
    await bench.clock.advance(10_000);
    const [record] = await made;
    bench.venue.fill(record?.state.order.clientOrderId ?? '', 65, 10_000);
    await bench.clock.advance(1_000);
    const [one] = bench.orders.floor.ledger('paper:u1').positions;
    if (!one) throw new Error('nothing is held');
    expect(await bench.orders.desk.holdings.closableNow('paper:u1', one)).toBe(65);
    expect(bench.venue.countOf('positions')).toBe(0);
  });
});

describe('orders that close a position', () => {
  it('count with what they filled once they have ended, though its trades are late', async () => {
    bench = await openOrderBench();
    await buy(130);
    const id = await placed(2, { side: 'SELL', quantity: 130 });
    const row = bench.venue.rowOf(id);
    if (!row) throw new Error('it is not there');
    const ended = { ...row, status: 'cancelled', filledQuantity: 65 } as const;
    bench.venue.rows.set(row.brokerOrderId, ended);
    bench.venue.tell({ kind: 'row', row: ended });
    await bench.clock.advance(1_000);
    expect(closable()).toBe(65);
  });

  it('count no more once their session is over', async () => {
    bench = await openOrderBench();
    await buy(130);
    await placed(2, { side: 'SELL', quantity: 130 });
    expect(closable()).toBe(0);
    // The broker leaves it open for ever.
    await bench.clock.advance(Date.parse('2026-11-25T16:00:00+05:30') - bench.clock.wallMs());
    expect(closable()).toBe(130);
  });
});

describe('a new day', () => {
  it('lets go of intraday positions of the day before, and says so', async () => {
    bench = await openOrderBench();
    await buy(65, 'intraday');
    await bench.clock.advance(Date.parse('2026-11-26T00:01:00+05:30') - bench.clock.wallMs());
    expect(bench.orders.floor.ledger('acc-1').positions).toEqual([]);
    expect(bench.notices.map(({ kind }) => kind)).toContain('positions.squared_off');
    expect(bench.journal.positions.size).toBe(0);
  });
});

describe('an order whose answer was lost', () => {
  const next = Date.parse('2026-11-26T09:00:00+05:30');

  it('is not declared dead by the book of another day', async () => {
    bench = await openOrderBench();
    bench.venue.script = () => 'lost_back';
    bench.venue.failsReading = () => true;
    const id = await placed(1);
    bench.orders.stop();
    await bench.clock.advance(next - bench.clock.wallMs());
    bench.venue.rows.clear();
    bench.venue.failsReading = () => false;
    await bench.restart();
    await bench.clock.advance(60_000);
    const state = bench.orders.floor.find(id)?.state;
    expect(state).toMatchObject({ status: 'unknown', settledAs: null });
    expect(state?.needsPerson).toMatch(/was not read on that day/);
  });

  it.each([
    ['without our ids', false], ['with a row like it that is nobody\'s', true],
  ])('is not declared dead by a book %s', async (_name, hasTags) => {
    bench = await openOrderBench();
    bench.venue.hasTags = hasTags;
    bench.venue.script = () => 'lost_there';
    const id = await placed(1);
    const token = { segment: 'FNO', id: call24500 };
    if (hasTags) {
      bench.venue.rows.set('b-9', {
        brokerOrderId: 'b-9', clientOrderId: null, token, side: 'BUY', status: 'open',
        quantity: 65, filledQuantity: 0, averagePaise: null, reason: null, updatedMs: null,
      });
    }
    await bench.clock.advance(Date.parse('2026-11-25T16:00:00+05:30') - bench.clock.wallMs());
    const state = bench.orders.floor.find(id)?.state;
    expect(state).toMatchObject({ status: 'unknown', settledAs: null });
    expect(state?.needsPerson).toMatch(/does not tell our orders from others/);
  });
});
