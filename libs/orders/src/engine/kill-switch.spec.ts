import { errorCodeOf } from '@strikewire/runtime';
import { afterEach, describe, expect, it } from 'vitest';
import { admin, openOrderBench, requestId, ticket, trader, type OrderBench }
  from './testing/order-bench';

let bench: OrderBench;
afterEach(() => bench.orders.stop());

type Body = Parameters<OrderBench['orders']['desk']['place']>[1];
const body = (number: number, quantity = 65): Body =>
  ({ requestId: requestId(number), account: 'acc-1', legs: [ticket({ quantity })] });

describe('the kill switch', () => {
  it('blocks what waits at the gate and what comes, in the same turn', async () => {
    bench = await openOrderBench();
    const { desk, kill } = bench.orders;
    // Twelve at once: four of them wait for the next second.
    const legs = Array.from({ length: 12 }, () => ticket());
    const waiting = Array.from({ length: 12 }, (_, index) =>
      desk.place(trader, { ...body(index + 1), legs: legs.slice(0, 1) }));
    await bench.clock.advance(100);
    const sent = bench.venue.countOf('place');
    expect(sent).toBe(8);
    const pulled = kill.pull(trader, { reason: 'enough' });
    const late = desk.place(trader, body(99)).then(() => 'done', errorCodeOf);
    await bench.clock.advance(5_000);
    await pulled;
    expect(await late).toBe('kill_switch');
    const made = (await Promise.all(waiting)).flat();
    expect(made.filter(({ state }) => state.code === 'kill_switch')).toHaveLength(4);
    expect(bench.venue.countOf('place')).toBe(8);
    expect(bench.orders.floor.unfinished()).toEqual([]);
    expect(bench.venue.countOf('cancel')).toBe(8);
  });

  it('turns away what has passed the gate and is being stored', async () => {
    bench = await openOrderBench();
    const { desk, kill } = bench.orders;
    bench.journal.fault = (what) => {
      if (what === 'save' && !kill.state.active) void kill.pull(trader, { reason: 'now' });
      return null;
    };
    const placed = desk.place(trader, body(1));
    await bench.clock.advance(5_000);
    const [order] = await placed;
    expect(order?.state).toMatchObject({ status: 'denied', code: 'kill_switch' });
    expect(bench.venue.countOf('place')).toBe(0);
  });

  it('closes positions when that is wanted, and stays over a restart until it is released',
    async () => {
      bench = await openOrderBench();
      const placed = bench.orders.desk.place(trader, body(1, 130));
      await bench.clock.advance(1_000);
      const [order] = await placed;
      bench.venue.fill(order?.state.order.clientOrderId ?? '', 130, 10_000);
      await bench.clock.advance(1_000);
      void bench.orders.kill.pull(trader, { reason: 'flat', flatten: true });
      await bench.clock.advance(5_000);
      const [, exit] = [...bench.venue.rows.values()];
      expect(exit).toMatchObject({ side: 'SELL', quantity: 130 });
      await bench.restart();
      await bench.clock.advance(5_000);
      expect(bench.orders.kill.state).toMatchObject({ active: true, reason: 'flat', by: 'asha' });
      expect(bench.venue.countOf('place')).toBe(2);
      const again = bench.orders.desk.place(trader, body(2)).then(() => 'done', errorCodeOf);
      expect(await again).toBe('kill_switch');
      await bench.orders.kill.release(admin);
      const free = bench.orders.desk.place(trader, body(3));
      await bench.clock.advance(1_000);
      expect((await free)[0]?.state.status).toBe('accepted');
      expect(bench.notices.map(({ kind }) => kind))
        .toEqual(expect.arrayContaining(['kill_switch.pulled', 'kill_switch.released']));
    });

  it('goes on with closing after a restart in the middle of it, and closes once', async () => {
    bench = await openOrderBench();
    const placed = bench.orders.desk.place(trader, body(1, 130));
    await bench.clock.advance(1_000);
    const [order] = await placed;
    bench.venue.fill(order?.state.order.clientOrderId ?? '', 65, 10_000);
    await bench.clock.advance(1_000);
    // The cancellation of the rest is under way, and nobody hears its answer.
    bench.venue.script = (call) => (call === 'cancel' ? 'silent' : 'ok');
    void bench.orders.kill.pull(trader, { reason: 'flat', flatten: true });
    await bench.clock.advance(100);
    await bench.restart();
    await bench.clock.advance(100_000);
    await bench.restart();
    await bench.clock.advance(100_000);
    const exits = [...bench.venue.rows.values()].filter(({ side }) => side === 'SELL');
    expect(exits).toMatchObject([{ quantity: 65 }]);
    expect(bench.journal.kill).toMatchObject({ active: true, flatten: true });
    expect(bench.journal.kill.flattenedMs).not.toBeNull();
  });

  it('works while the store is away, and is stored later', async () => {
    bench = await openOrderBench();
    bench.journal.fault = () => 'before';
    void bench.orders.kill.pull(trader, { reason: 'store away' });
    expect(bench.orders.floor.gate.blockedBy({ passesKill: false })).toContain('store away');
    await bench.clock.advance(10_000);
    expect(bench.journal.kill.active).toBe(false);
    bench.journal.fault = () => null;
    await bench.clock.advance(40_000);
    expect(bench.journal.kill).toMatchObject({ active: true, reason: 'store away' });
  });
});
