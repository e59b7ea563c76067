import { describe, expect, it } from 'vitest';
import { benchLimits, targetsOf } from './testing/feed-bench';
import { budget, createPoolBench, range } from './testing/pool-bench';

describe('FeedPool', () => {
  it('fills accounts in order, names what fits nowhere, knows whose a socket is', async () => {
    const { clock, pool, accounts, store, at } = createPoolBench();
    pool.setAccounts([accounts.a, accounts.b]);
    const left = pool.setTargets(targetsOf(range(1, 26)), store);
    await clock.advance(1_000);
    expect([at('a'), at('b')]).toEqual([range(1, 12), range(13, 24)]);
    expect(left.map(({ token }) => token.id)).toEqual(['25', '26']);
    const socket = pool.socketOf('13')!;
    expect(pool.accountOf(socket)?.label).toBe('B');
    expect(pool.isSocketLive(socket)).toBe(true);
    expect(pool.sockets().map(({ account }) => account)).toEqual([...'AAAABBBB']);
    expect(pool.loads().map(({ planned, capacity }) => [planned, capacity])).toEqual([
      [12, 12], [12, 12],
    ]);
  });

  it('moves what a lost account carried as far as there is room, and nothing else', async () => {
    const { clock, pool, accounts, store, at } = createPoolBench();
    pool.setAccounts([accounts.a, accounts.b]);
    pool.setTargets(targetsOf(range(1, 18)), store);
    await clock.advance(1_000);
    const missed = pool.setAccounts([accounts.b]);
    await clock.advance(1_000);
    expect([at('a'), at('b')]).toEqual([[], range(1, 12)]);
    expect(pool.unplaced().map(({ token }) => token.id)).toEqual(range(13, 18).map(String));
    expect(missed.every((socket) => pool.accountOf(socket)?.id === 'b')).toBe(true);
    pool.setAccounts([accounts.b, accounts.c]);
    await clock.advance(1_000);
    expect([at('b'), at('c')]).toEqual([range(1, 12), range(13, 18)]);
  });

  it('takes another first account for a wish', async () => {
    const { clock, pool, accounts, store, at } = createPoolBench();
    pool.setAccounts([accounts.a, accounts.b]);
    pool.setTargets(targetsOf(range(1, 14)), store);
    await clock.advance(1_000);
    pool.setAccounts([accounts.b, accounts.a]);
    await clock.advance(1_000);
    expect([at('b'), at('a')]).toEqual([range(1, 12), [13, 14]]);
  });

  it('keeps what is well in its place when the first account fails and is back', async () => {
    const { clock, pool, accounts, store, at, brokers } = createPoolBench();
    const { a, b, c } = accounts;
    pool.setAccounts([a, b], [c]);
    pool.setTargets(targetsOf(range(1, 14)), store);
    await clock.advance(1_000);
    const messages = (): number =>
      [...brokers.get('b')!.open].reduce((sum, one) => sum + one.messages.length, 0);
    const before = messages();
    pool.setAccounts([b, c], [a]);
    await clock.advance(1_000);
    // 13 and 14 were there; ten more fit, and the last two go on.
    expect([at('b'), at('c')]).toEqual([[...range(1, 10), 13, 14], [11, 12]]);
    pool.setAccounts([a, b], [c]);
    await clock.advance(1_000);
    expect([at('a'), at('b')]).toEqual([[11, 12], [...range(1, 10), 13, 14]]);
    expect(messages()).toBe(before + 4);
  });

  it('lets no packet of the account before write once a contract has moved', async () => {
    const { clock, brokers, pool, accounts, store } = createPoolBench();
    pool.setAccounts([accounts.a]);
    pool.setTargets(targetsOf([1, 2]), store);
    await clock.advance(1_000);
    brokers.get('a')!.tick(10_000);
    await clock.advance(100);
    expect(store.ltpPaise[0]).toBe(10_000);
    pool.setAccounts([accounts.b, accounts.a]);
    brokers.get('a')!.tick(11_111);
    await clock.advance(100);
    expect(store.ltpPaise[0]).toBe(10_000);
    brokers.get('b')!.tick(12_000);
    await clock.advance(100);
    expect(store.ltpPaise[0]).toBe(12_000);
    expect(pool.counters().applied).toBeGreaterThanOrEqual(4);
  });

  it('goes on counting what an account that is gone has applied', async () => {
    const { clock, brokers, pool, accounts, store } = createPoolBench();
    pool.setAccounts([accounts.a]);
    pool.setTargets(targetsOf([1]), store);
    await clock.advance(1_000);
    brokers.get('a')!.tick(10_000);
    await clock.advance(100);
    pool.setAccounts([]);
    expect([pool.counters().applied, pool.isParked(), pool.sockets()]).toEqual([1, true, []]);
  });

  it('tells that an account was refused, and that it is let in again', async () => {
    const { clock, brokers, pool, accounts, store, refusals } = createPoolBench();
    pool.setAccounts([accounts.a, accounts.b]);
    pool.setTargets(targetsOf(range(1, 14)), store);
    await clock.advance(1_000);
    brokers.get('b')!.endAll('auth');
    await clock.advance(1_000);
    expect(pool.parked().map(({ account }) => account)).toEqual(['B']);
    expect(refusals).toEqual(['b auth']);
    // The slow check lets it in again.
    await clock.advance(301_000);
    expect(refusals).toEqual(['b auth', 'b let in']);
  });

  it('tells how many sockets are live, and of how many', async () => {
    const { clock, brokers, pool, accounts, store, states } = createPoolBench();
    pool.setAccounts([accounts.a]);
    pool.setTargets(targetsOf(range(1, 5)), store);
    await clock.advance(1_000);
    expect(states.get('a')).toEqual({ wanted: 2, live: 2 });
    for (const { socket } of [...brokers.get('a')!.open]) socket.terminate();
    await clock.advance(6);
    expect(states.get('a')).toEqual({ wanted: 2, live: 0 });
    pool.setActivity('NSE', 'off');
    expect(states.get('a')).toEqual({ wanted: 0, live: 0 });
  });
});

describe('accounts that carry nothing', () => {
  it('observe the first instruments, three accounts at the most', async () => {
    const { clock, brokers, pool, accounts, store, at } = createPoolBench();
    const { a, b, c, d, e } = accounts;
    pool.setAccounts([a, b], [c, d, e]);
    pool.setTargets(targetsOf(range(1, 2)), store);
    await clock.advance(1_000);
    expect([at('a'), at('b'), at('c'), at('d'), at('e')]).toEqual([
      [1, 2], [1, 2], [1, 2], [1, 2], [],
    ]);
    const roles = ['carrier', ...Array(3).fill('observer')];
    expect(pool.sockets().map(({ role }) => role)).toEqual(roles);
    brokers.get('b')!.tick(11_000);
    await clock.advance(100);
    expect([pool.socketOf('1'), store.ltpPaise[0]]).toEqual([1, 11_000]);
  });

  it('write only what its owner has left silent', async () => {
    const { clock, brokers, pool, accounts, store } = createPoolBench();
    pool.setAccounts([accounts.a], [accounts.b]);
    pool.setTargets(targetsOf([1]), store);
    await clock.advance(1_000);
    brokers.get('a')!.tick(10_000);
    await clock.advance(500);
    brokers.get('b')!.tick(11_000);
    await clock.advance(500);
    expect(store.ltpPaise[0]).toBe(10_000);
    await clock.advance(6_000);
    brokers.get('b')!.tick(12_000);
    await clock.advance(100);
    expect(store.ltpPaise[0]).toBe(12_000);
  });
});

describe('accounts of another broker', () => {
  it('carry what their broker has, under its names', async () => {
    const { clock, pool, accounts, store, at } = createPoolBench();
    const tokenOf = (key: string) =>
      Number(key) % 2 === 0 ? { segment: 'Y', id: String(100 + Number(key)) } : undefined;
    pool.setAccounts([{ ...accounts.b, tokenOf }]);
    const left = pool.setTargets(targetsOf(range(1, 6)), store);
    await clock.advance(1_000);
    expect(at('b')).toEqual([102, 104, 106]);
    expect(left.map(({ key }) => key)).toEqual(['1', '3', '5']);
  });

  it('write to the slots of the contracts', async () => {
    const { clock, brokers, pool, accounts, store } = createPoolBench();
    const tokenOf = (key: string) => ({ segment: 'Y', id: String(100 + Number(key)) });
    pool.setAccounts([{ ...accounts.b, tokenOf }]);
    pool.setTargets(targetsOf([1, 2]), store);
    await clock.advance(1_000);
    brokers.get('b')!.tick(12_000, [102]);
    await clock.advance(100);
    expect([...store.ltpPaise.slice(0, 2)]).toEqual([0, 12_000]);
  });
});

describe('a standby socket', () => {
  const limits = { ...benchLimits, socketsMax: 5 };

  it('stands unsubscribed, and takes over at once what a lost one carried', async () => {
    const { clock, brokers, pool, accounts, store, at, redealt } = createPoolBench();
    const broker = brokers.get('a')!;
    pool.setAccounts([{ ...accounts.a, limits, connections: budget(clock) }]);
    pool.setTargets(targetsOf(range(1, 5)), store);
    await clock.advance(1_000);
    expect(broker.open.size).toBe(3);
    expect(pool.sockets().map(({ role }) => role)).toEqual(['carrier', 'carrier', 'standby']);
    broker.tick(10_000);
    await clock.advance(100);
    const [first] = broker.open;
    first!.socket.terminate();
    await clock.advance(40);
    expect(at('a')).toEqual(range(1, 5));
    expect([pool.socketOf('1'), pool.socketOf('4')]).toEqual([3, 2]);
    expect(redealt).toEqual([[3]]);
    broker.tick(11_000);
    await clock.advance(40);
    expect([...store.ltpPaise.slice(0, 5)]).toEqual(Array(5).fill(11_000));
    // The lost one comes back behind it, and stands by.
    await clock.advance(2_000);
    expect(at('a')).toEqual(range(1, 5));
    expect(pool.sockets().map(({ role, state }) => `${role} ${state}`)).toEqual([
      'standby live', 'carrier live', 'carrier live',
    ]);
    expect(broker.mostOpen).toBe(3);
  });

  it('is the one that came back, when the next socket is lost', async () => {
    const { clock, brokers, pool, accounts, store, at } = createPoolBench();
    const broker = brokers.get('a')!;
    pool.setAccounts([{ ...accounts.a, limits, connections: budget(clock) }]);
    pool.setTargets(targetsOf(range(1, 12)), store);
    await clock.advance(1_000);
    for (let loss = 0; loss < 6; loss++) {
      const carrier = [...broker.open].find(({ ids }) => ids.size > 0);
      carrier!.socket.terminate();
      await clock.advance(60_000);
      broker.tick(10_000 + loss);
      await clock.advance(20_000);
      expect(at('a')).toEqual(range(1, 12));
      expect(broker.open.size).toBe(5);
    }
    expect(broker.mostOpen).toBeLessThanOrEqual(5);
  });

  it('that is silent itself does not keep what it took over', async () => {
    const { clock, brokers, pool, accounts, store } = createPoolBench();
    const broker = brokers.get('a')!;
    pool.setAccounts([{ ...accounts.a, limits, connections: budget(clock) }]);
    pool.setTargets(targetsOf(range(1, 3)), store);
    await clock.advance(1_000);
    for (let second = 0; second < 20; second++) {
      broker.tick(10_000 + second);
      await clock.advance(1_000);
    }
    // Both sockets are as good as dead, though connected; a new connection is not.
    for (const served of broker.open) served.isMute = true;
    let secondsLost = 0;
    for (; secondsLost < 60 && store.ltpPaise[0] !== 20_000; secondsLost++) {
      for (const served of broker.open) if (served.isMute) served.socket.ping();
      broker.tick(20_000);
      await clock.advance(1_000);
    }
    expect(secondsLost).toBeLessThan(20);
  });

  it('changes no more when nothing ticks at all', async () => {
    const { clock, brokers, pool, accounts, store } = createPoolBench();
    const broker = brokers.get('a')!;
    pool.setAccounts([{ ...accounts.a, limits, connections: budget(clock) }]);
    pool.setTargets(targetsOf(range(1, 3)), store);
    for (let second = 0; second < 20; second++) {
      broker.tick(10_000 + second);
      await clock.advance(1_000);
    }
    const before = broker.attemptsMono.length;
    await clock.advance(3_600_000);
    expect(broker.attemptsMono.length - before).toBeLessThan(10);
  });

  it('gets the places that a larger plan needs, and another stands by', async () => {
    const { clock, brokers, pool, accounts, store, at } = createPoolBench();
    pool.setAccounts([{ ...accounts.a, limits, connections: budget(clock) }]);
    pool.setTargets(targetsOf(range(1, 3)), store);
    await clock.advance(1_000);
    pool.setTargets(targetsOf(range(1, 12)), store);
    await clock.advance(1_000);
    expect(at('a')).toEqual(range(1, 12));
    expect(brokers.get('a')!.open.size).toBe(5);
    pool.setTargets([], store);
    await clock.advance(1_000);
    expect(brokers.get('a')!.open.size).toBe(0);
  });
});
