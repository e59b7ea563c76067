import { describe, expect, it } from 'vitest';
import { createFeedBench, targetsOf, trade, type FeedBench } from './testing/feed-bench';

const minute = 60_000;

/** One socket that carries one contract. */
async function start(): Promise<FeedBench> {
  const bench = createFeedBench();
  bench.feed.setTargets(targetsOf([1]), bench.store());
  await bench.clock.advance(1_000);
  return bench;
}

/** Lets the account be refused now, and answers with the minutes until it connects again. */
async function refused(bench: FeedBench): Promise<number> {
  const { broker, clock } = bench;
  const before = broker.attemptsMono.length;
  broker.endAll('entitlement');
  await clock.advance(1_000);
  expect(bench.feed.isParked()).toBe(true);
  for (let minutes = 1; minutes <= 400; minutes++) {
    await clock.advance(minute);
    if (broker.attemptsMono.length > before) return minutes;
  }
  return Infinity;
}

const report = (hasMarketData: boolean) =>
  () => Promise.resolve({ accountId: 'a', hasMarketData, tokenExpiresMs: null });

describe('an account that was refused', () => {
  it('is not let in while its broker says that it has no market data', async () => {
    const bench = await start();
    bench.account.answer = report(false);
    bench.broker.endAll('entitlement');
    await bench.clock.advance(60 * minute + 1_000);
    expect(bench.broker.attemptsMono).toHaveLength(1);
    expect(bench.feed.parked()).toEqual([{ account: 'A', reason: 'scripted end' }]);
    // One look every five minutes, and nothing else.
    expect(bench.account.checks).toBe(12);
    bench.account.answer = report(true);
    await bench.clock.advance(5 * minute);
    expect(bench.broker.attemptsMono).toHaveLength(2);
    expect(bench.feed.parked()).toEqual([]);
  });

  it('rests twice as long each time that it is refused again, up to six hours', async () => {
    const bench = await start();
    const rests: number[] = [];
    for (let round = 0; round < 9; round++) rests.push(await refused(bench));
    expect(rests).toEqual([5, 10, 20, 40, 80, 160, 320, 360, 360]);
    // Each was asked about once, before it came back.
    expect(bench.account.checks).toBe(9);
  });

  it('is asked again after as long a rest when nobody has answered', async () => {
    const bench = await start();
    expect([await refused(bench), await refused(bench)]).toEqual([5, 10]);
    bench.account.answer = () => Promise.reject(new Error('HTTP 502'));
    bench.broker.endAll('entitlement');
    await bench.clock.advance(41 * minute);
    expect(bench.account.checks).toBe(4);
    expect(bench.broker.attemptsMono).toHaveLength(3);
  });

  it('begins anew once its feed has ticked for a while, and not by its first ticks', async () => {
    const bench = await start();
    expect([await refused(bench), await refused(bench)]).toEqual([5, 10]);
    await trade(bench, 30_000);
    expect(await refused(bench)).toBe(20);
    await trade(bench, 90_000);
    expect([await refused(bench), await refused(bench)]).toEqual([5, 10]);
  });

  it('does not begin anew by standing for long without a tick', async () => {
    const bench = await start();
    bench.market.isOpen = false;
    expect([await refused(bench), await refused(bench)]).toEqual([5, 10]);
    await bench.clock.advance(120 * minute);
    bench.broker.tick(10_000);
    await bench.clock.advance(1_000);
    expect(await refused(bench)).toBe(20);
  });

  it('is let in at once when a person finds it good, and begins anew', async () => {
    const bench = await start();
    expect([await refused(bench), await refused(bench)]).toEqual([5, 10]);
    bench.broker.endAll('entitlement');
    await bench.clock.advance(1_000);
    expect(bench.feed.isParked()).toBe(true);
    bench.feed.refuse(bench.pooled.id, null);
    await bench.clock.advance(50_000);
    expect(bench.feed.isParked()).toBe(false);
    expect(await refused(bench)).toBe(5);
  });

  it('begins anew with other credentials', async () => {
    const bench = await start();
    expect([await refused(bench), await refused(bench)]).toEqual([5, 10]);
    const { pooled, feed, clock } = bench;
    feed.setAccounts([{ ...pooled, instance: { ...pooled.instance } }]);
    await clock.advance(50_000);
    expect(feed.parked()).toEqual([]);
    expect([await refused(bench), await refused(bench)]).toEqual([5, 10]);
  });
});
