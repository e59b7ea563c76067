import { errorCodeOf, errorMessageOf } from '@strikewire/runtime';
import { afterEach, describe, expect, it } from 'vitest';
import { admin, openOrderBench, requestId, ticket, trader, type OrderBench }
  from './testing/order-bench';

let bench: OrderBench;
afterEach(() => bench.orders.stop());

/** An order that rests, by its id. */
async function rest(number: number, more: Parameters<typeof ticket>[0] = {}): Promise<string> {
  const body = { requestId: requestId(number), account: 'acc-1', legs: [ticket(more)] };
  const placed = bench.orders.desk.place(trader, body);
  await bench.clock.advance(1_000);
  return (await placed)[0]?.state.order.clientOrderId ?? '';
}

async function hold(number: number, quantity = 65): Promise<void> {
  bench.venue.fill(await rest(number, { quantity }), quantity, 10_000);
  await bench.clock.advance(10_000);
}

const flatten = (): void =>
  void bench.orders.kill.pull(trader, { reason: 'flat', flatten: true });
const sales = (): { status: string; quantity: number; limitPaise?: number | null }[] =>
  [...bench.venue.rows.values()].filter(({ side }) => side === 'SELL');
const told = (): string[] => bench.notices
  .filter(({ kind }) => kind === 'kill_switch.not_flat').map(({ text }) => text);

describe('closing what the broker does not hold', () => {
  it('is done when two readings some time apart say so, and asks no more', async () => {
    bench = await openOrderBench();
    await hold(1);
    // Somebody has closed it at the broker.
    bench.venue.held = [];
    flatten();
    await bench.clock.advance(25_000);
    expect(bench.orders.kill.state.flattenedMs).toBeNull();
    await bench.clock.advance(20_000);
    expect(bench.orders.kill.state.flattenedMs).not.toBeNull();
    const asked = bench.venue.countOf('positions');
    await bench.clock.advance(600_000);
    expect(bench.venue.countOf('positions')).toBe(asked);
    expect(sales()).toEqual([]);
    expect(told()).toEqual([]);
    expect(bench.notices.map(({ kind }) => kind)).toContain('positions.less_at_broker');
  });

  it('is not done while the broker does not tell what it holds', async () => {
    bench = await openOrderBench();
    await hold(1);
    bench.venue.held = [];
    bench.venue.failsReading = () => true;
    flatten();
    await bench.clock.advance(120_000);
    expect(bench.orders.kill.state.flattenedMs).toBeNull();
    bench.venue.failsReading = () => false;
    await bench.clock.advance(180_000);
    expect(bench.orders.kill.state.flattenedMs).not.toBeNull();
  });

  it('is not done by one wrong list of the broker', async () => {
    bench = await openOrderBench();
    await hold(1);
    const { held } = bench.venue;
    bench.venue.held = [];
    flatten();
    await bench.clock.advance(3_000);
    bench.venue.held = held;
    await bench.clock.advance(60_000);
    expect(sales()).toMatchObject([{ quantity: 65 }]);
  });

  it('begins again when a comparison finds that it is held all the same', async () => {
    bench = await openOrderBench();
    await hold(1);
    const { held } = bench.venue;
    bench.venue.held = [];
    flatten();
    await bench.clock.advance(120_000);
    expect(bench.orders.kill.state.flattenedMs).not.toBeNull();
    bench.venue.held = held;
    await bench.clock.advance(60_000);
    expect(sales()).toEqual([]);
    const compared = bench.orders.acts.compare(admin, 'acc-1');
    await bench.clock.advance(60_000);
    await compared;
    expect(sales()).toMatchObject([{ quantity: 65 }]);
  });

  it('is not done by a list that is older than a fill; a part that is left is closed', async () => {
    bench = await openOrderBench();
    const late = await rest(2, { quantity: 130 });
    await hold(1);
    bench.venue.held = [];
    flatten();
    // Filled before the cancellation came, and the broker's list tells of it later.
    bench.venue.fill(late, 65, 10_000);
    const [row] = bench.venue.held;
    bench.venue.held = [];
    await bench.clock.advance(3_000);
    expect(bench.orders.kill.state.flattenedMs).toBeNull();
    if (row) bench.venue.held = [row];
    await bench.clock.advance(90_000);
    expect(sales()).toMatchObject([{ quantity: 65 }]);
    expect(bench.orders.kill.state.flattenedMs).not.toBeNull();
  });
});

describe('a cancellation that was answered as accepted', () => {
  /** The broker says yes, and does it from the second time on, or never. */
  function doesNothing(times: number): () => number {
    let asked = 0;
    const { cancel } = bench.venue.orders;
    Object.assign(bench.venue.orders, {
      cancel: (id: string) => {
        asked += 1;
        if (asked > times) return cancel(id);
        return Promise.resolve({ kind: 'accepted', brokerOrderId: id });
      },
    });
    return () => asked;
  }

  it('is asked for again when the order goes on all the same', async () => {
    bench = await openOrderBench();
    const id = await rest(1);
    const asked = doesNothing(1);
    flatten();
    await bench.clock.advance(3_600_000);
    expect(bench.venue.rowOf(id)?.status).toBe('cancelled');
    expect(asked()).toBe(2);
    expect(bench.orders.kill.state.flattenedMs).not.toBeNull();
  });

  it('leaves something that may open as long as the order goes on', async () => {
    bench = await openOrderBench();
    await rest(1);
    const asked = doesNothing(Infinity);
    flatten();
    await bench.clock.advance(3_600_000);
    expect(asked()).toBeGreaterThan(2);
    expect(bench.orders.kill.state.flattenedMs).toBeNull();
  });
});

describe('a closing order that rests', () => {
  it('is made anew at the price of the market, and closes what is left once', async () => {
    bench = await openOrderBench();
    await hold(1, 130);
    flatten();
    await bench.clock.advance(2_000);
    const [first] = [...bench.orders.floor.all].filter(({ record }) => record.flattens);
    bench.venue.fill(first?.id ?? '', 65, 9_900);
    bench.contracts.tick(8_000);
    await bench.clock.advance(20_000);
    const [one, other, ...more] = sales();
    expect(more).toEqual([]);
    expect(one).toMatchObject({ status: 'cancelled', quantity: 130 });
    expect(other).toMatchObject({ status: 'open', quantity: 65 });
    expect(other?.limitPaise).toBeLessThan(8_000);
    expect(bench.venue.countOf('modify')).toBe(0);
  });

  it('stays while the market has not left it, or nobody knows the price', async () => {
    bench = await openOrderBench();
    await hold(1);
    flatten();
    await bench.clock.advance(60_000);
    bench.contracts.tick(12_000);
    await bench.clock.advance(60_000);
    const read = bench.contracts.read.bind(bench.contracts);
    bench.contracts.read = () => undefined;
    bench.contracts.tick(8_000);
    await bench.clock.advance(120_000);
    expect(sales()).toMatchObject([{ status: 'open' }]);
    bench.contracts.read = read;
    await bench.clock.advance(60_000);
    expect(sales()).toMatchObject([{ status: 'cancelled' }, { status: 'open' }]);
  });

  it('is made anew ever less often while the market goes on falling', async () => {
    bench = await openOrderBench();
    await hold(1);
    flatten();
    for (let step = 1; step <= 600; step += 1) {
      bench.contracts.tick(10_000 - 10 * step);
      await bench.clock.advance(1_000);
    }
    const all = sales();
    expect(all.length).toBeGreaterThan(8);
    expect(all.length).toBeLessThan(16);
    expect(all.filter(({ status }) => status === 'open')).toHaveLength(1);
  });

  it('waits for a place within the rates, and is never closed twice', async () => {
    bench = await openOrderBench();
    await hold(1);
    flatten();
    await bench.clock.advance(2_000);
    const { rates } = bench.venue;
    const few = { name: 'few', limit: 1, windowMs: 40_000, per: 'account' } as const;
    bench.venue.rates = { ...rates, limits: [...rates.limits, few] };
    bench.contracts.tick(8_000);
    await bench.clock.advance(45_000);
    expect(sales()).toMatchObject([{ status: 'cancelled' }]);
    await bench.clock.advance(60_000);
    expect(sales()).toMatchObject([{ status: 'cancelled' }, { status: 'open' }]);
  });

  it('is not made anew while it is not known whether it is cancelled', async () => {
    bench = await openOrderBench();
    await hold(1);
    flatten();
    await bench.clock.advance(2_000);
    bench.venue.script = (call) => (call === 'cancel' ? 'lost_there' : 'ok');
    bench.contracts.tick(8_000);
    await bench.clock.advance(120_000);
    expect(sales()).toMatchObject([{ status: 'open' }]);
    expect(bench.venue.countOf('cancel')).toBeGreaterThan(1);
  });
});

describe('an account that is switched off', () => {
  const off = 'Account acc-1 is switched off';

  it('is told with the orders that may be open, and is gone on with when it is on', async () => {
    bench = await openOrderBench();
    await hold(1);
    const id = await rest(2);
    bench.venue.unreachable = () => off;
    flatten();
    await bench.clock.advance(300_000);
    expect(bench.venue.countOf('cancel')).toBe(0);
    expect(told()).toEqual([expect.stringContaining(id), expect.stringContaining(off)]);
    expect(told()[0]).toContain(`b-${id} at the broker`);
    bench.venue.unreachable = () => null;
    await bench.clock.advance(5_000);
    expect(bench.venue.rowOf(id)?.status).toBe('cancelled');
    expect(sales()).toMatchObject([{ quantity: 65 }]);
  });

  it('says so to whoever cancels, by the order', async () => {
    bench = await openOrderBench();
    const id = await rest(1);
    bench.venue.unreachable = () => off;
    const { desk } = bench.orders;
    const one = await desk.cancel(trader, id).catch((error: unknown) => error);
    expect([errorCodeOf(one), errorMessageOf(one)])
      .toEqual(['account_off', expect.stringMatching(`${off}.*${id} .*NIFTY`)]);
    const all = await desk.cancelAll(admin, 'acc-1').catch((error: unknown) => error);
    expect([errorCodeOf(all), errorMessageOf(all)])
      .toEqual(['account_off', expect.stringContaining(id)]);
    expect(bench.orders.floor.find(id)?.state.cancel).toBeNull();
    bench.venue.unreachable = () => null;
    const cancelled = desk.cancel(trader, id);
    await bench.clock.advance(5_000);
    expect((await cancelled).state.status).toBe('cancelled');
  });

  it('says so when it was switched off on the way; what has ended has ended', async () => {
    bench = await openOrderBench();
    const id = await rest(1);
    const { desk } = bench.orders;
    bench.journal.fault = (what) => {
      if (what === 'save') bench.venue.unreachable = () => off;
      return null;
    };
    const one = desk.cancel(trader, id).then(() => 'done', errorCodeOf);
    await bench.clock.advance(5_000);
    expect(await one).toBe('account_off');
    bench.venue.end(id, 'cancelled');
    await bench.clock.advance(5_000);
    expect(await desk.cancelAll(trader, 'acc-1')).toEqual([]);
    expect(await desk.cancel(trader, id).then(() => 'done', errorCodeOf)).toBe('order_ended');
  });
});
