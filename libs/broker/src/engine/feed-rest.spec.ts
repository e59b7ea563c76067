import { createSeededRandom } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import type { FeedTarget } from './feed-types';
import { ConnectionBudget } from './connection-budget';
import {
  benchLimits, createFeedBench, drop, mixedTargets, type FeedBench, type FeedBenchOptions,
} from './testing/feed-bench';

const minute = 60_000;
const hour = 60 * minute;
const rests = { state: 'resting', reason: 'the market is closed' };

async function start(
  list: FeedTarget[] = mixedTargets([1]),
  options: FeedBenchOptions = {},
): Promise<FeedBench> {
  const bench = createFeedBench(options);
  bench.feed.setTargets(list, bench.store());
  await bench.clock.advance(1_000);
  return bench;
}

const only = ({ feed }: FeedBench) => feed.sockets()[0]!;
const states = ({ feed }: FeedBench): string[] => feed.sockets().map(({ state }) => state);

describe('a loss before a rest', () => {
  it('ends its back-off with the rest, and is recovered after it', async () => {
    const bench = await start(mixedTargets([1]), { random: { next: () => 0.9 } });
    bench.broker.refuse = 500;
    drop(bench);
    await bench.clock.advance(5 * minute);
    const before = bench.broker.attemptsMono.length;
    const { reconnects } = only(bench);
    expect(only(bench).state).toBe('waiting');
    bench.feed.setActivity('NSE', 'off');
    expect(only(bench)).toMatchObject({ ...rests, reconnects });
    await bench.clock.advance(hour);
    expect(bench.broker.attemptsMono).toHaveLength(before);
    // The back-off begins anew: the first attempt at once, and the second as well.
    bench.feed.setActivity('NSE', 'subscribed');
    await bench.clock.advance(50);
    expect(bench.broker.attemptsMono).toHaveLength(before + 2);
    bench.broker.refuse = null;
    await bench.clock.advance(minute);
    expect(only(bench).state).toBe('live');
    expect(bench.recovered).toEqual([1]);
  });

  it.each([
    ['another program uses the account', 'too_many', 39_000],
    ['handshakes are throttled', 'throttled', 59_000],
  ])('lets nobody come back sooner than the broker wants: %s', async (_what, kind, waitMs) => {
    const bench = await start();
    if (kind === 'too_many') bench.broker.endAll(kind);
    else {
      bench.broker.refuse = 429;
      drop(bench);
    }
    await bench.clock.advance(50);
    bench.broker.refuse = null;
    const before = bench.broker.attemptsMono.length;
    bench.feed.setActivity('NSE', 'off');
    bench.feed.setActivity('NSE', 'subscribed');
    expect(only(bench)).toMatchObject({ state: 'waiting', reason: 'the broker asked to wait' });
    await bench.clock.advance(waitMs - 50);
    expect(bench.broker.attemptsMono).toHaveLength(before);
    await bench.clock.advance(2_000);
    expect(only(bench).state).toBe('live');
  });
});

describe('an account that is parked', () => {
  const refuse = (bench: FeedBench): void => {
    bench.account.answer = () => Promise.reject(new Error('no'));
    bench.broker.endAll('auth');
  };
  const accept = (bench: FeedBench): void => {
    bench.account.answer = () =>
      Promise.resolve({ accountId: 'a', hasMarketData: true, tokenExpiresMs: null });
  };

  it('stays parked while its market is closed, and rests when a check succeeds then', async () => {
    const bench = await start();
    refuse(bench);
    await bench.clock.advance(1_000);
    bench.feed.setActivity('NSE', 'off');
    bench.feed.setTargets(mixedTargets([1, 2, 3, 4]), bench.store());
    await bench.clock.advance(11 * minute);
    expect(states(bench)).toEqual(['parked', 'parked']);
    expect(bench.feed.parked()[0]?.reason ?? null).toBe('scripted end');
    expect(bench.account.checks).toBe(2);
    accept(bench);
    await bench.clock.advance(5 * minute);
    expect(bench.feed.sockets()).toMatchObject([rests, rests]);
    expect(bench.feed.parked()[0]?.reason ?? null).toBeNull();
    expect(bench.broker.attemptsMono).toHaveLength(1);
    bench.feed.setActivity('NSE', 'subscribed');
    await bench.clock.advance(1_000);
    expect(bench.broker.subscribed()).toEqual([1, 2, 3, 4]);
  });

  it('does not connect when its market opens, until it is no more parked', async () => {
    const bench = await start();
    refuse(bench);
    await bench.clock.advance(1_000);
    bench.feed.setActivity('NSE', 'off');
    await bench.clock.advance(minute);
    bench.feed.setActivity('NSE', 'connected');
    bench.feed.setActivity('NSE', 'subscribed');
    await bench.clock.advance(minute);
    expect(only(bench)).toMatchObject({ state: 'parked', reason: 'scripted end' });
    accept(bench);
    bench.market.isOpen = false;
    await bench.clock.advance(5 * minute);
    expect(only(bench).state).toBe('live');
    expect(bench.recovered).toEqual([1]);
  });

  it('is parked too when it was refused with nothing subscribed, and misses the open', async () => {
    const bench = await start();
    bench.feed.setActivity('NSE', 'connected');
    refuse(bench);
    await bench.clock.advance(1_000);
    expect(only(bench)).toMatchObject({ state: 'parked', reason: 'scripted end' });
    bench.feed.setActivity('NSE', 'subscribed');
    accept(bench);
    bench.market.isOpen = false;
    await bench.clock.advance(5 * minute);
    expect(only(bench).state).toBe('live');
    expect(bench.recovered).toEqual([1]);
  });
});

describe('a change of the account during a rest', () => {
  it('does not wait for what the broker asked of the one before', async () => {
    const bench = await start();
    bench.broker.endAll('too_many');
    await bench.clock.advance(50);
    bench.feed.setActivity('NSE', 'off');
    const connections = new ConnectionBudget(bench.clock, benchLimits);
    bench.feed.setAccounts([{ ...bench.pooled, connections }]);
    bench.feed.setActivity('NSE', 'subscribed');
    await bench.clock.advance(50);
    expect(only(bench).state).toBe('live');
  });

  it('leaves its sockets at rest, and opens them through the new one', async () => {
    const bench = await start();
    bench.feed.setActivity('NSE', 'off');
    await bench.clock.advance(minute);
    const connections = new ConnectionBudget(bench.clock, benchLimits);
    bench.feed.setAccounts([{ ...bench.pooled, connections }]);
    await bench.clock.advance(hour);
    expect(only(bench)).toMatchObject(rests);
    expect(connections.used).toBe(0);
    bench.feed.setActivity('NSE', 'subscribed');
    await bench.clock.advance(1_000);
    expect(bench.broker.subscribed()).toEqual([1]);
    expect(connections.used).toBe(1);
    expect(bench.recovered).toEqual([]);
  });

  it('says that there is none while there is none, and rests when there is one', async () => {
    const bench = await start();
    bench.feed.setActivity('NSE', 'off');
    bench.feed.setAccounts([]);
    expect(states(bench)).toEqual([]);
    expect(bench.feed.unplaced()).toHaveLength(1);
    const connections = new ConnectionBudget(bench.clock, benchLimits);
    bench.feed.setAccounts([{ ...bench.pooled, connections }]);
    expect(only(bench)).toMatchObject(rests);
    await bench.clock.advance(hour);
    expect(bench.broker.attemptsMono).toHaveLength(1);
  });

  it('recovers what passed when the market opened while there was none', async () => {
    const bench = await start();
    bench.feed.setActivity('NSE', 'off');
    bench.feed.setAccounts([]);
    bench.feed.setActivity('NSE', 'subscribed');
    await bench.clock.advance(minute);
    expect(states(bench)).toEqual([]);
    const connections = new ConnectionBudget(bench.clock, benchLimits);
    const missed = bench.feed.setAccounts([{ ...bench.pooled, connections }]);
    await bench.clock.advance(1_000);
    expect(only(bench).state).toBe('live');
    expect(missed).toEqual([only(bench).number]);
  });
});

describe('the broker\'s limit of sockets', () => {
  it('holds when sockets come back while the broker still counts the closed ones', async () => {
    const bench = await start(mixedTargets(Array.from({ length: 12 }, (_, index) => index + 1)));
    bench.broker.isDeaf = true;
    bench.feed.setActivity('NSE', 'off');
    await bench.clock.advance(3_000);
    bench.broker.isDeaf = false;
    bench.feed.setActivity('NSE', 'subscribed');
    await bench.clock.advance(1_000);
    expect(states(bench)).toEqual(Array(4).fill('connecting'));
    await bench.clock.advance(45_000);
    expect(states(bench)).toEqual(Array(4).fill('live'));
    expect(bench.broker.mostOpen).toBe(benchLimits.socketsMax);
  });

  const seeds = Array.from({ length: 20 }, (_, index) => index + 1);
  it.each(seeds)('holds whatever happens, and all is as it was told after (%i)', async (seed) => {
    const random = createSeededRandom(seed);
    const pick = <T>(list: readonly T[]): T => list[Math.floor(random.next() * list.length)]!;
    const bench = createFeedBench({ random: createSeededRandom(seed + 1_000) });
    const { broker, clock, feed } = bench;
    const [nse, mcx] = [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]];
    feed.setTargets(mixedTargets(nse, mcx), bench.store());
    const told = { NSE: 'subscribed', MCX: 'subscribed' };
    const events = [
      () => {
        const [exchange, activity] = [
          pick(['NSE', 'MCX'] as const), pick(['off', 'connected', 'subscribed'] as const),
        ];
        told[exchange] = activity;
        feed.setActivity(exchange, activity);
      },
      () => pick([...broker.open])?.socket.terminate(),
      () => void (broker.isDeaf = random.next() < 0.6),
      () => void (broker.refuse = random.next() < 0.4 ? pick([429, 500]) : null),
      () => broker.endAll(pick(['too_many', 'other'] as const)),
      () => broker.tick(10_000),
      () => void feed.setTargets(mixedTargets(nse, mcx), bench.store()),
      () => void feed.setAccounts([]),
      () => void feed.setAccounts([{ ...bench.pooled, connections }]),
    ];
    const connections = new ConnectionBudget(clock, benchLimits);
    feed.setAccounts([{ ...bench.pooled, connections }]);
    for (let step = 0; step < 60; step++) {
      await clock.advance(random.next() ** 3 * 30_000);
      pick([events[0]!, ...events])();
    }
    broker.isDeaf = false;
    broker.refuse = null;
    bench.market.isOpen = false;
    feed.setAccounts([{ ...bench.pooled, connections }]);
    await clock.advance(5 * minute);
    const wanted = [
      ...(told.NSE === 'subscribed' ? nse : []), ...(told.MCX === 'subscribed' ? mcx : []),
    ];
    expect(broker.subscribed()).toEqual(wanted);
    // Sockets: NSE, NSE and MCX, MCX, MCX.
    const [isNse, isMcx] = [told.NSE !== 'off', told.MCX !== 'off'];
    const stands = [isNse, isNse || isMcx, isMcx, isMcx];
    expect(states(bench)).toEqual(stands.map((isThere) => (isThere ? 'live' : 'resting')));
    expect(broker.mostOpen).toBeLessThanOrEqual(benchLimits.socketsMax);
  });
});
