import { describe, expect, it, vi } from 'vitest';
import { liveOrders } from '../support/order-campaign';
import type { OrderRun } from '../support/order-run';

/** The last: cancelled, then filled in part by an older row that calls it rejected. */
const seeds = [...Array.from({ length: 300 }, (_, index) => index + 1), 21_236];

describe('orders whose broker, connections and process fail', () => {
  it.each(seeds)('end as the broker has them, each sent once (%i)', async (seed) => {
    const { story, doubts } = await liveOrders(seed);
    expect(doubts, story.join('\n')).toEqual([]);
  });

  const broken: [string, (run: OrderRun) => void, RegExp][] = [
    ['an order is forgotten', (run) => {
      vi.spyOn(run.orders.floor, 'all', 'get').mockReturnValue([]);
    }, /nobody here knows of it/],
    ['a fill is not kept', (run) => {
      vi.spyOn(run.journal.fills, 'values').mockReturnValue([].values());
    }, /is there 0 times/],
    ['requests leave too fast', (run) => {
      for (let one = 0; one < 9; one++) run.sentMono.push(run.clock.monoMs());
    }, /more than 8 requests/],
    ['the broker has what nobody placed here', (run) => {
      const truth = run.truth.bind(run);
      run.truth = () => {
        const found = truth();
        const orders = found.orders.map((one) => ({ ...one, clientOrderId: 'twice' }));
        return { ...found, orders };
      };
    }, /times at the broker/],
  ];

  it.each(broken)('are doubted when %s', async (_what, sabotage, doubt) => {
    // A run in which the process does not end: what is broken stays so.
    expect((await liveOrders(3, sabotage)).doubts.join('\n')).toMatch(doubt);
  });
});
