import { afterEach, describe, expect, it } from 'vitest';
import { admin, openOrderBench, put24500, requestId, ticket, trader, type OrderBench }
  from './testing/order-bench';

let bench: OrderBench;
afterEach(() => bench.orders.stop());

type Body = Parameters<OrderBench['orders']['desk']['place']>[1];
const body = (number: number, more: Parameters<typeof ticket>[0] = {}): Body =>
  ({ requestId: requestId(number), account: 'acc-1', legs: [ticket(more)] });

/** An order that rests, by its id. */
async function rest(number: number, more: Parameters<typeof ticket>[0] = {}): Promise<string> {
  const placed = bench.orders.desk.place(trader, body(number, more));
  await bench.clock.advance(1_000);
  return (await placed)[0]?.state.order.clientOrderId ?? '';
}

async function hold(number: number, more: Parameters<typeof ticket>[0] = {}): Promise<void> {
  const id = await rest(number, more);
  bench.venue.fill(id, more.quantity ?? 65, 10_000);
  await bench.clock.advance(1_000);
}

const sold = (): number[] => [...bench.venue.rows.values()]
  .filter(({ side }) => side === 'SELL').map(({ quantity }) => quantity);

describe('the kill switch, while it is on', () => {
  it('cancels again what was refused, and tells of it once', async () => {
    bench = await openOrderBench();
    await rest(1);
    const { cancel } = bench.venue.orders;
    let tries = 0;
    bench.venue.orders.cancel = (id) => {
      tries += 1;
      if (tries > 3) return cancel(id);
      return Promise.resolve({ kind: 'rejected', code: 'DH-906', reason: 'in transit' });
    };
    void bench.orders.kill.pull(trader, { reason: 'stop' });
    await bench.clock.advance(60_000);
    expect(tries).toBe(4);
    expect([...bench.venue.rows.values()]).toMatchObject([{ status: 'cancelled' }]);
    const told = bench.notices.filter(({ kind }) => kind === 'kill_switch.not_flat');
    expect(told).toHaveLength(1);
    expect(told[0]?.text).toContain('in transit');
  });

  it('closes where live orders are switched off', async () => {
    bench = await openOrderBench();
    await hold(1);
    bench.orders.floor.venues.setLive('acc-1', false);
    void bench.orders.kill.pull(admin, { reason: 'stop', flatten: true });
    await bench.clock.advance(5_000);
    expect(sold()).toEqual([65]);
  });

  it('closes when quotes come after a restart, and is not done before', async () => {
    bench = await openOrderBench();
    await hold(1);
    bench.orders.stop();
    const by = { active: true, reason: 'flat', by: 'asha', atMs: 1, flattenedMs: null };
    bench.journal.kill = { ...by, flatten: true, accounts: null };
    const read = bench.contracts.read.bind(bench.contracts);
    bench.contracts.read = () => undefined;
    await bench.restart();
    await bench.clock.advance(20_000);
    expect(bench.orders.kill.state.flattenedMs).toBeNull();
    expect(bench.notices.filter(({ kind }) => kind === 'kill_switch.not_flat')).toHaveLength(1);
    bench.contracts.read = read;
    await bench.clock.advance(60_000);
    expect(sold()).toEqual([65]);
    expect(bench.journal.kill.flattenedMs).not.toBeNull();
  });

  it('closes after a restart what waited at the gate', async () => {
    bench = await openOrderBench();
    await hold(1, { quantity: 1_755 });
    await hold(2, { quantity: 1_755, contract: put24500 });
    await bench.clock.advance(60_000);
    const rules = bench.venue.rates;
    bench.venue.rates = {
      ...rules, limits: [{ name: 'minute', limit: 1, windowMs: 60_000, per: 'account' }],
    };
    void bench.orders.kill.pull(trader, { reason: 'flat', flatten: true });
    await bench.clock.advance(5_000);
    expect(sold()).toEqual([1_755]);
    expect(bench.orders.kill.state.flattenedMs).toBeNull();
    await bench.restart();
    await bench.clock.advance(180_000);
    expect(sold()).toEqual([1_755, 1_755]);
    expect(bench.orders.kill.state.flattenedMs).not.toBeNull();
  });

  it('is held up by no order that cannot be stored', async () => {
    bench = await openOrderBench();
    await hold(1);
    const bad = await rest(2);
    const { journal } = bench;
    const save = journal.save.bind(journal);
    journal.save = (one) => (one.record.state.order.clientOrderId === bad
      ? Promise.reject(new Error('conflict')) : save(one));
    void bench.orders.kill.pull(trader, { reason: 'flat', flatten: true });
    await bench.clock.advance(150_000);
    expect(sold()).toEqual([65]);
  });

  it('closes again what a broker refused to close, and tells why', async () => {
    bench = await openOrderBench();
    await hold(1);
    let refusals = 2;
    bench.venue.script = (call) => {
      if (call !== 'place' || refusals === 0) return 'ok';
      refusals -= 1;
      return 'rejected';
    };
    void bench.orders.kill.pull(trader, { reason: 'flat', flatten: true });
    await bench.clock.advance(30_000);
    expect(sold()).toEqual([65]);
    const told = bench.notices.filter(({ kind }) => kind === 'kill_switch.not_flat');
    expect(told.map(({ text }) => text)).toEqual([expect.stringContaining('not enough')]);
  });

  it('closes only the accounts that the puller may trade; an admin closes all', async () => {
    bench = await openOrderBench();
    await hold(1);
    bench.venue.traders = [];
    void bench.orders.kill.pull(trader, { reason: 'flat', flatten: true });
    await bench.clock.advance(5_000);
    await bench.restart();
    await bench.clock.advance(120_000);
    expect(sold()).toEqual([]);
    void bench.orders.kill.pull(admin, { reason: 'flat', flatten: true });
    await bench.clock.advance(5_000);
    expect(sold()).toEqual([65]);
  });
});

describe('a release', () => {
  it('does not undo a pull that came while it was stored', async () => {
    bench = await openOrderBench();
    const { kill, floor } = bench.orders;
    const { journal, clock } = bench;
    void kill.pull(trader, { reason: 'one' });
    await clock.advance(5_000);
    const saveKill = journal.saveKill.bind(journal);
    journal.saveKill = async (state, act) => {
      if (!state.active) await new Promise<void>((done) => void clock.after(2_000, done));
      return saveKill(state, act);
    };
    const released = kill.release(admin);
    await clock.advance(10);
    void kill.pull(trader, { reason: 'two' });
    await clock.advance(10_000);
    await released;
    expect(floor.gate.blockedBy({ passesKill: false })).toContain('two');
    expect(kill.state).toMatchObject({ active: true, reason: 'two' });
    expect(journal.kill).toMatchObject({ active: true, reason: 'two' });
  });
});
