import { describe, expect, it } from 'vitest';
import { targetsOf } from './testing/feed-bench';
import { createPoolBench, range, type PoolBench } from './testing/pool-bench';

/** Every second these brokers tick with what they are asked for, but for some of the first's. */
async function tick(
  { clock, brokers }: PoolBench,
  ids: readonly string[],
  { seconds, silent = [] }: { seconds: number; silent?: readonly number[] },
): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    ids.forEach((id, index) => {
      const broker = brokers.get(id)!;
      const told = broker.subscribed().filter((one) => index > 0 || !silent.includes(one));
      broker.tick(10_000 + second, told);
    });
    await clock.advance(1_000);
  }
}

describe('one socket of several', () => {
  it('gives what one dark socket beside others carried to whoever has room', async () => {
    const bench = createPoolBench();
    const { clock, pool, accounts, store, at, brokers, redealt } = bench;
    pool.setAccounts([accounts.a, accounts.b]);
    pool.setTargets(targetsOf(range(1, 14)), store);
    await clock.advance(1_000);
    const a = brokers.get('a')!;
    await tick(bench, ['a', 'b'], { seconds: 20 });
    a.refuse = 503;
    [...a.open][1]!.socket.terminate();
    await tick(bench, ['a', 'b'], { seconds: 20 });
    expect(at('a')).toEqual([1, 2, 3, ...range(7, 12)]);
    expect(at('b')).toEqual([4, 5, 6, 13, 14]);
    expect(redealt.at(-1)?.map((socket) => pool.accountOf(socket)?.id)).toEqual(['b', 'b']);
    a.refuse = null;
    await tick(bench, ['a', 'b'], { seconds: 80 });
    // It takes what comes next.
    pool.setTargets(targetsOf(range(1, 17)), store);
    await clock.advance(1_000);
    expect(at('a')).toEqual([1, 2, 3, ...range(7, 12), 15, 16, 17]);
  });

  it('gives it to an account in reserve while the carriers have no room', async () => {
    const bench = createPoolBench();
    const { pool, accounts, store, at, brokers } = bench;
    pool.setAccounts([accounts.a], [accounts.b]);
    pool.setTargets(targetsOf(range(1, 12)), store);
    await tick(bench, ['a', 'b'], { seconds: 20 });
    const a = brokers.get('a')!;
    a.refuse = 503;
    [...a.open][1]!.socket.terminate();
    await tick(bench, ['a', 'b'], { seconds: 10 });
    expect(pool.coverage()).toEqual({ contracts: 12, withoutFeed: 0 });
    expect([...at('a'), ...at('b')].sort((one, other) => one - other)).toEqual(range(1, 12));
    expect(range(1, 12).every((id) => pool.isSocketLive(pool.socketOf(String(id))!))).toBe(true);
    expect(pool.loads().map(({ planned }) => planned)).toEqual([9, 3]);
    a.refuse = null;
    await tick(bench, ['a', 'b'], { seconds: 80 });
    expect(pool.loads().map(({ planned }) => planned)).toEqual([12, 0]);
    expect(at('a')).toEqual(range(1, 12));
  });

  it('is known to be silent, and what it carried goes to another account', async () => {
    const bench = createPoolBench();
    const { pool, accounts, store, at } = bench;
    pool.setAccounts([accounts.a, accounts.b]);
    pool.setTargets(targetsOf(range(1, 14)), store);
    await tick(bench, ['a', 'b'], { seconds: 20 });
    // The first account says no more of three contracts, on whatever socket they are.
    const silent = [4, 5, 6];
    await tick(bench, ['a', 'b'], { seconds: 10, silent });
    expect(pool.isSocketLive(pool.socketOf('4')!)).toBe(false);
    await tick(bench, ['a', 'b'], { seconds: 10, silent });
    expect(at('b')).toEqual([4, 5, 6, 13, 14]);
    await tick(bench, ['a', 'b'], { seconds: 2, silent });
    expect(silent.every((id) => pool.isSocketLive(pool.socketOf(String(id))!))).toBe(true);
  });
});

describe('connected and silent', () => {
  it('is not live, also on a new connection, until it ticks', async () => {
    const { clock, brokers, pool, accounts, store, states } = createPoolBench();
    const broker = brokers.get('a')!;
    pool.setAccounts([accounts.a]);
    pool.setTargets(targetsOf([1, 2]), store);
    for (let second = 0; second < 20; second++) {
      broker.tick(10_000 + second);
      await clock.advance(1_000);
    }
    expect(states.get('a')).toEqual({ wanted: 1, live: 1 });
    await clock.advance(12_000);
    expect(broker.open.size).toBe(1);
    expect(states.get('a')).toEqual({ wanted: 1, live: 0, isMute: true });
    broker.tick(20_000);
    await clock.advance(100);
    expect(states.get('a')).toEqual({ wanted: 1, live: 1 });
  });

  it('is found out in 3 s beside an observer that ticks, and not when both are quiet', async () => {
    const bench = createPoolBench();
    const { clock, pool, accounts, store, states } = bench;
    pool.setAccounts([accounts.a], [accounts.b]);
    pool.setTargets(targetsOf([1, 2]), store);
    await tick(bench, ['a', 'b'], { seconds: 20 });
    await clock.advance(6_000);
    await tick(bench, ['a', 'b'], { seconds: 10 });
    expect(pool.sockets().map(({ reconnects }) => reconnects)).toEqual([0, 0]);
    await tick(bench, ['b'], { seconds: 5 });
    expect(states.get('a')).toMatchObject({ live: 0, isMute: true });
    expect(states.get('b')).toEqual({ wanted: 1, live: 1 });
    // And the other way round.
    await tick(bench, ['a', 'b'], { seconds: 20 });
    await tick(bench, ['a'], { seconds: 5 });
    expect([states.get('a')?.live, states.get('b')?.live]).toEqual([1, 0]);
  });

  it('is found out in 8 s beside an observer where it has never ticked at all', async () => {
    const bench = createPoolBench();
    const { pool, accounts, store, states } = bench;
    pool.setAccounts([accounts.a], [accounts.b]);
    pool.setTargets(targetsOf([1, 2]), store);
    await tick(bench, ['b'], { seconds: 8 });
    expect(states.get('a')).toEqual({ wanted: 1, live: 1 });
    await tick(bench, ['b'], { seconds: 3 });
    expect(states.get('a')).toMatchObject({ live: 0, isMute: true });
  });
});
