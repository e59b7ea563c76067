import { afterEach, describe, expect, it } from 'vitest';
import { call24500, openOrderBench, requestId, ticket, trader, type OrderBench }
  from './testing/order-bench';

let bench: OrderBench;
afterEach(() => bench.orders.stop());

const told = (): string[] =>
  bench.notices.filter(({ kind }) => kind === 'positions.differ').map(({ text }) => text);

describe('positions beside the broker\'s', () => {
  it('are compared after a start and a lost connection; a difference is told once', async () => {
    bench = await openOrderBench();
    await bench.clock.advance(10_000);
    expect(bench.venue.countOf('positions')).toBe(1);
    expect(told()).toEqual([]);
    const position = { token: { segment: 'FNO', id: call24500 }, averagePaise: null };
    bench.venue.held = [{ ...position, product: 'carry', netQuantity: 65 }];
    const look = async (): Promise<void> => {
      for (let time = 0; time < 5; time += 1) {
        bench.venue.tell({ kind: 'look', brokerOrderId: null });
      }
      await bench.clock.advance(70_000);
    };
    await look();
    await look();
    expect(bench.venue.countOf('positions')).toBe(3);
    expect(told()).toEqual([
      `Traded elsewhere, or a fill is missing. carry:${call24500}: 0 here, 65 at the broker`,
    ]);
    // It is kept out of ours, and when both agree a new difference is told again.
    expect(bench.orders.floor.ledger('acc-1').positions).toEqual([]);
    bench.venue.held = [];
    await look();
    bench.venue.held = [{ ...position, product: 'carry', netQuantity: 65 }];
    await look();
    expect(told()).toHaveLength(2);
  });

  it('wait until orders on their way are known', async () => {
    bench = await openOrderBench();
    await bench.clock.advance(10_000);
    bench.venue.script = () => 'lost_back';
    const placed = bench.orders.desk.place(trader, {
      requestId: requestId(1), account: 'acc-1', legs: [ticket()],
    });
    bench.venue.failsReading = () => true;
    bench.venue.tell({ kind: 'look', brokerOrderId: null });
    await bench.clock.advance(80_000);
    await placed;
    expect(bench.venue.countOf('positions')).toBe(1);
    bench.venue.failsReading = () => false;
    await bench.clock.advance(60_000);
    expect(bench.venue.countOf('positions')).toBe(2);
  });
});
