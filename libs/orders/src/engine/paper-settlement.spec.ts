import type { BrokerTrade } from '@strikewire/broker';
import { afterEach, describe, expect, it } from 'vitest';
import { call24500, openOrderBench, requestId, ticket, trader, type OrderBench }
  from './testing/order-bench';

let bench: OrderBench;
afterEach(() => bench.orders.stop());

const account = 'paper:u1';

async function hold(quantity: number, product: 'intraday' | 'carry'): Promise<void> {
  const body = {
    requestId: requestId(quantity), account: 'paper', legs: [ticket({ quantity, product })],
  };
  const placed = bench.orders.desk.place(trader, body);
  await bench.clock.advance(1_000);
  const [order] = await placed;
  bench.venue.fill(order?.state.order.clientOrderId ?? '', quantity, 10_000);
  await bench.clock.advance(1_000);
}

function settlement(id: string, more: Partial<BrokerTrade> = {}): BrokerTrade {
  return {
    tradeId: `t-${id}`, brokerOrderId: `settlement-${id}`, token: { segment: 'P', id: call24500 },
    side: 'SELL', quantity: 65, pricePaise: 5_000, tradedMs: bench.clock.wallMs(), ...more,
  };
}

const nets = (): number[] =>
  bench.orders.floor.ledger(account).positions.map(({ netQuantity }) => netQuantity);

describe('settlements of a paper venue', () => {
  it('close the position that they name, once, with the tax on its exercise', async () => {
    bench = await openOrderBench({}, { mode: 'paper' });
    await hold(130, 'carry');
    await hold(65, 'intraday');
    const trade = settlement('intraday-1');
    bench.venue.tell({ kind: 'trade', trade });
    bench.venue.tell({ kind: 'trade', trade });
    bench.venue.book.push(trade);
    bench.venue.tell({ kind: 'look', brokerOrderId: null });
    await bench.clock.advance(5_000);
    expect(nets()).toEqual([130, 0]);
    const fill = [...bench.journal.fills.values()].at(-1);
    // 0.15 % of 65 × ₹50.
    expect(fill).toMatchObject({ product: 'intraday', quantity: 65, chargesPaise: 488 });
    await bench.restart();
    await bench.clock.advance(5_000);
    expect(nets()).toEqual([130, 0]);
  });

  it('that are trades in the market are charged like orders, brokerage once', async () => {
    bench = await openOrderBench({}, { mode: 'paper' });
    await hold(130, 'intraday');
    const id = 'squareoff-intraday-1';
    bench.venue.tell({ kind: 'trade', trade: settlement(id, { tradeId: 'a' }) });
    bench.venue.tell({ kind: 'trade', trade: settlement(id, { tradeId: 'b' }) });
    await bench.clock.advance(1_000);
    const [first, second] = [...bench.journal.fills.values()].slice(-2);
    expect(nets()).toEqual([0]);
    expect(first?.chargesPaise).toBeGreaterThan(2_360);
    expect(second?.chargesPaise).toBeLessThan(1_000);
  });

  it('are believed of paper venues alone, and of what is held', async () => {
    bench = await openOrderBench();
    bench.venue.tell({ kind: 'trade', trade: settlement('carry-1') });
    await bench.clock.advance(1_000);
    expect(bench.journal.fills.size).toBe(0);
    bench.orders.stop();
    bench = await openOrderBench({}, { mode: 'paper' });
    await hold(65, 'carry');
    bench.venue.tell({ kind: 'trade', trade: settlement('carry-1', { side: 'BUY' }) });
    await bench.clock.advance(1_000);
    expect(nets()).toEqual([65]);
  });

  it('wait for the store, and are taken from the book then', async () => {
    bench = await openOrderBench({}, { mode: 'paper' });
    await hold(65, 'carry');
    bench.journal.fault = (what) => (what === 'saveFills' ? 'before' : null);
    const trade = settlement('carry-1', { pricePaise: 0 });
    bench.venue.book.push(trade);
    bench.venue.tell({ kind: 'trade', trade });
    await bench.clock.advance(1_000);
    expect(nets()).toEqual([65]);
    bench.journal.fault = () => null;
    await bench.clock.advance(10_000);
    expect(nets()).toEqual([0]);
  });
});
