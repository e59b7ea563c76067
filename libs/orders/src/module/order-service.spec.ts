import { sleep } from '@strikewire/runtime';
import { afterEach, describe, expect, it } from 'vitest';
import { admin, openOrderBench, type OrderBench } from '../engine/testing/order-bench';
import { OrderService } from './order-service';

let bench: OrderBench;
afterEach(() => bench.orders.stop());

describe('the switch of live orders', () => {
  it('ends as it was asked last, though the store is slow with what came before', async () => {
    bench = await openOrderBench({}, { isLive: false });
    const { clock, journal, orders } = bench;
    const service = new OrderService(orders, journal);
    const saveLive = journal.saveLive.bind(journal);
    journal.saveLive = async (account, live, act) => {
      if (live) await sleep(clock, 2_000);
      return saveLive(account, live, act);
    };
    const seen: boolean[] = [];
    const { venues } = orders.floor;
    const setLive = venues.setLive.bind(venues);
    venues.setLive = (account, live) => {
      seen.push(live);
      setLive(account, live);
    };
    const on = service.setLive(admin, 'acc-1', true);
    const off = service.setLive(admin, 'acc-1', false);
    await clock.advance(5_000);
    await Promise.all([on, off]);
    expect(seen).not.toContain(true);
    expect(venues.isLive('acc-1')).toBe(false);
    expect([...journal.live]).toEqual([]);
    const again = service.setLive(admin, 'acc-1', true);
    await clock.advance(5_000);
    await again;
    expect(venues.isLive('acc-1')).toBe(true);
    expect([...journal.live]).toEqual(['acc-1']);
  });
});
