import { field, QuoteSession } from '@strikewire/market-data';
import type { FeedEndKind } from '../core/feed-protocol';
import { describe, expect, it } from 'vitest';
import { createFeedBench, drop, targetsOf, trade, type FeedBench } from './testing/feed-bench';

const minute = 60_000;

/** One socket with one instrument, subscribed. */
async function start(bench: FeedBench = createFeedBench()): Promise<FeedBench> {
  bench.feed.setTargets(targetsOf([1]), bench.store());
  await bench.clock.advance(1_000);
  return bench;
}

const only = (bench: FeedBench) => bench.feed.sockets()[0]!;

describe('reconnecting', () => {
  it('comes back at once, with the same instruments', async () => {
    const bench = await start();
    await trade(bench, 15_000);
    drop(bench);
    await bench.clock.advance(20);
    expect(only(bench)).toMatchObject({ state: 'live', reconnects: 1 });
    await bench.clock.advance(20);
    expect(bench.broker.subscribed()).toEqual([1]);
    expect(bench.recovered).toEqual([1]);
  });

  it('waits ever longer while it is refused, within the ceiling, a minute at most', async () => {
    const bench = createFeedBench({ random: { next: () => 0.5 } });
    bench.broker.refuse = 500;
    await start(bench);
    await bench.clock.advance(10 * minute);
    const times = bench.broker.attemptsMono;
    const waits = times.slice(1).map((at, index) => at - times[index]! - 10);
    expect(waits.slice(0, 7)).toEqual([0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000]);
    expect(new Set(waits.slice(7))).toEqual(new Set([30_000]));
  });

  it('does not take a handshake for recovery: without data the waits go on growing', async () => {
    const bench = await start(createFeedBench({ random: { next: () => 0.5 } }));
    const waits: number[] = [];
    for (let round = 0; round < 5; round++) {
      drop(bench);
      const lostMono = bench.clock.monoMs();
      while (bench.broker.open.size === 0) await bench.clock.advance(5);
      waits.push(bench.broker.attemptsMono.at(-1)! - lostMono);
      await bench.clock.advance(1_000);
    }
    expect(waits.every((wait, index) => index === 0 || wait > waits[index - 1]!)).toBe(true);
    await trade(bench, 15_000);
    drop(bench);
    await bench.clock.advance(20);
    expect(only(bench).state).toBe('live');
  });

  it('waits longer also when some data flow each time, until one has proved itself', async () => {
    const bench = await start(createFeedBench({ random: { next: () => 0.999 } }));
    const waits: number[] = [];
    const lose = async (): Promise<void> => {
      drop(bench);
      const lostMono = bench.clock.monoMs();
      while (bench.broker.open.size === 0) await bench.clock.advance(5);
      waits.push(Math.round((bench.broker.attemptsMono.at(-1)! - lostMono) / 1_000));
    };
    for (let round = 0; round < 8; round++) {
      await trade(bench, 5_000);
      await lose();
    }
    expect(waits.splice(0)).toEqual([0, 2, 4, 8, 16, 32, 60, 60]);
    await trade(bench, 15_000);
    await lose();
    await lose();
    expect(waits).toEqual([0, 2]);
  });

  it('waits a minute and more after a 429', async () => {
    const bench = createFeedBench();
    bench.broker.refuse = 429;
    await start(bench);
    await bench.clock.advance(10 * minute);
    const times = bench.broker.attemptsMono;
    expect(times.length).toBeGreaterThan(2);
    times.slice(1).forEach((at, index) => {
      expect(at - times[index]!).toBeGreaterThanOrEqual(minute);
    });
  });
});

describe('what a socket tells of itself', () => {
  it('how much it ticks, over all its instruments; nothing while it is not live', async () => {
    const bench = createFeedBench();
    bench.feed.setTargets(targetsOf([1, 2, 3]), bench.store());
    await bench.clock.advance(1_000);
    expect(only(bench)).toMatchObject({ ticksPerSecond: 0, instrumentsMax: 3 });
    await trade(bench, 10_000);
    expect(only(bench).ticksPerSecond).toBe(3);
    bench.broker.refuse = 500;
    drop(bench);
    await bench.clock.advance(20);
    expect(only(bench)).toMatchObject({ state: 'waiting', ticksPerSecond: 0 });
  });

  it('how much it ticks now, though nobody has asked for an hour', async () => {
    const bench = await start();
    await bench.clock.advance(60 * minute);
    await trade(bench, 10_000);
    expect(only(bench).ticksPerSecond).toBe(1);
  });

  it('how much it ticks though another feed has what it brings', async () => {
    const bench = createFeedBench();
    const store = bench.store();
    const other = new QuoteSession(store, { source: 99, epoch: 1 });
    bench.feed.setTargets(targetsOf([1]), store);
    for (let second = 0; second < 10; second++) {
      other.beginFrame(bench.clock.wallMs(), bench.clock.monoMs());
      if (other.admit(0, 0, 0)) other.commit(0, field.ltp);
      await trade(bench, 1_000);
    }
    expect(other.counters.applied).toBe(10);
    expect(only(bench)).toMatchObject({ ticks: 0, ticksPerSecond: 1 });
  });

  it('why and when it was lost last, also when it is live again', async () => {
    const bench = await start();
    expect(only(bench).lastError).toBeNull();
    const atMs = bench.clock.wallMs();
    drop(bench);
    await bench.clock.advance(10_000);
    const lastError = { reason: expect.stringContaining('1006'), atMs };
    expect(only(bench)).toMatchObject({ state: 'live', reason: null, lastError });
    bench.market.isOpen = false;
    bench.feed.setActivity('NSE', 'off');
    expect(only(bench)).toMatchObject({ state: 'resting', lastError });
  });
});

describe('an account that is used elsewhere too, or throttled', () => {
  it('does not put the other program out in turn', async () => {
    const bench = await start();
    const before = bench.broker.attemptsMono.length;
    bench.broker.endAll('too_many');
    await bench.clock.advance(39_000);
    expect(bench.broker.attemptsMono).toHaveLength(before);
    await bench.clock.advance(2_000);
    expect(bench.broker.attemptsMono).toHaveLength(before + 1);
  });

  it('opens no socket at all for a minute after a 429 on one of them', async () => {
    const bench = createFeedBench();
    bench.broker.refuse = 429;
    bench.feed.setTargets(targetsOf([1, 2, 3]), bench.store());
    await bench.clock.advance(1_000);
    const first = bench.broker.attemptsMono.length;
    // The plan grows to four sockets while the account is throttled.
    bench.feed.setTargets(targetsOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]), bench.store());
    await bench.clock.advance(55_000);
    expect(bench.broker.attemptsMono).toHaveLength(first);
  });
});

describe('credentials', () => {
  it.each(['auth', 'entitlement'] satisfies FeedEndKind[])('rests after %s', async (kind) => {
    const bench = await start();
    bench.account.answer = () => Promise.reject(new Error('still no'));
    bench.broker.endAll(kind);
    await bench.clock.advance(60 * minute);
    expect(bench.broker.attemptsMono).toHaveLength(1);
    expect(only(bench)).toMatchObject({ state: 'parked', reason: 'scripted end' });
    expect(bench.broker.open.size).toBe(0);
    // One look every five minutes, and nothing else.
    expect(bench.account.checks).toBe(11);
  });

  it('rests after a refused handshake too, and resumes when a check succeeds', async () => {
    const bench = createFeedBench();
    bench.broker.refuse = 401;
    bench.account.answer = () => Promise.reject(new Error('no'));
    await start(bench);
    await bench.clock.advance(6 * minute);
    expect(bench.broker.attemptsMono).toHaveLength(1);
    bench.broker.refuse = null;
    bench.account.answer = () =>
      Promise.resolve({ accountId: 'a', hasMarketData: true, tokenExpiresMs: null });
    await bench.clock.advance(4.5 * minute);
    expect(only(bench).state).toBe('live');
    expect(bench.broker.subscribed()).toEqual([1]);
  });

  it('keeps a parked account parked when its targets change', async () => {
    const bench = await start();
    bench.account.answer = () => Promise.reject(new Error('no'));
    bench.broker.endAll('auth');
    await bench.clock.advance(1_000);
    bench.feed.setTargets(targetsOf([1, 2, 3, 4, 5, 6, 7]), bench.store());
    await bench.clock.advance(minute);
    expect(bench.broker.attemptsMono).toHaveLength(1);
    expect(bench.feed.sockets().map(({ state }) => state)).toEqual(Array(3).fill('parked'));
  });

  it('asks about the token when connections end barren, and parks when it is dead', async () => {
    const bench = await start(createFeedBench({ random: { next: () => 0.1 } }));
    const dead = Object.assign(new Error('token is dead'), { kind: 'unauthenticated' });
    bench.account.answer = () => Promise.reject(dead);
    for (let round = 0; round < 4; round++) {
      drop(bench);
      await bench.clock.advance(2_000);
    }
    expect(only(bench)).toMatchObject({ state: 'parked', reason: 'token is dead' });
    expect(bench.account.checks).toBe(1);
  });

  it('goes on trying when the check merely finds the broker down', async () => {
    const bench = await start(createFeedBench({ random: { next: () => 0.1 } }));
    const down = Object.assign(new Error('HTTP 502'), { kind: 'retryable' });
    bench.account.answer = () => Promise.reject(down);
    for (let round = 0; round < 4; round++) {
      drop(bench);
      await bench.clock.advance(2_000);
    }
    expect(only(bench).state).toBe('live');
  });

  it('asks nobody any more once it is stopped', async () => {
    const bench = await start();
    let fail = (_reason: Error): void => undefined;
    bench.account.answer = () => new Promise((_, reject) => (fail = reject));
    bench.broker.endAll('auth');
    await bench.clock.advance(5 * minute + 1_000);
    expect(bench.account.checks).toBe(1);
    bench.feed.stop();
    fail(new Error('no'));
    await bench.clock.advance(60 * minute);
    expect(bench.account.checks).toBe(1);
  });
});

describe('silence', () => {
  it('replaces a socket that is silent for 25 s', async () => {
    const bench = await start();
    for (const served of bench.broker.open) served.isMute = true;
    await bench.clock.advance(24_000);
    expect(only(bench).reconnects).toBe(0);
    await bench.clock.advance(3_000);
    expect(only(bench)).toMatchObject({ state: 'live', reconnects: 1 });
  });

  it('replaces one that has pings and no ticks after a minute, then ever more rarely', async () => {
    const bench = await start();
    await bench.clock.advance(59_000);
    expect(only(bench)).toMatchObject({ state: 'live', reconnects: 0, tickAgeMs: null });
    const minutes: number[] = [];
    for (let at = 1; at <= 200; at++) {
      const { reconnects } = only(bench);
      await bench.clock.advance(minute);
      if (only(bench).reconnects > reconnects) minutes.push(at);
    }
    const [first, second] = [minutes[0]!, minutes[1]!];
    expect(first).toBe(1);
    expect(second - first).toBeGreaterThanOrEqual(10);
    const waits = minutes.slice(1).map((at, index) => at - minutes[index]!);
    expect(waits).toEqual([10, 20, 40, 60, 60]);
    expect(bench.broker.mostOpen).toBe(1);
  });

  it('takes first snapshots alone for no trading: as if there had been no tick', async () => {
    const bench = await start();
    bench.broker.tick(10_000);
    await bench.clock.advance(50_000);
    expect(only(bench).reconnects).toBe(0);
    await bench.clock.advance(15_000);
    expect(only(bench).reconnects).toBe(1);
    await bench.clock.advance(500_000);
    expect(only(bench).reconnects).toBe(1);
  });

  it('is over once ticks flow: the next one counts from the beginning', async () => {
    const bench = await start();
    await bench.clock.advance(65_000);
    expect(only(bench).reconnects).toBe(1);
    await trade(bench, 20_000);
    await bench.clock.advance(10_000);
    expect(only(bench).reconnects).toBe(2);
    await bench.clock.advance(9 * minute);
    expect(only(bench).reconnects).toBe(2);
    await bench.clock.advance(2 * minute);
    expect(only(bench).reconnects).toBe(3);
  });

  it('replaces a socket whose ticks stop in an open market, once', async () => {
    const bench = await start();
    await trade(bench, 20_000);
    await bench.clock.advance(6_000);
    expect(only(bench).reconnects).toBe(0);
    await bench.clock.advance(3_000);
    expect(only(bench).reconnects).toBe(1);
    // The new one stays quiet as well: perhaps there is nothing to hear.
    await bench.clock.advance(9 * minute);
    expect(only(bench)).toMatchObject({ state: 'live', reconnects: 1 });
    expect(bench.broker.attemptsMono).toHaveLength(2);
  });

  it.each([
    ['nothing', [1]],
    ['an instrument', [1, 2]],
    ['other instruments', [2, 3]],
  ])('notices it as soon when a new plan has just changed %s', async (_what, ids) => {
    const bench = await start();
    await trade(bench, 20_000);
    bench.feed.setTargets(targetsOf(ids), bench.store());
    await bench.clock.advance(7_000);
    expect(only(bench).reconnects).toBe(0);
    await bench.clock.advance(3_000);
    expect(only(bench).reconnects).toBe(1);
  });

  it('knows what ticked before the open when the plan changes just after it', async () => {
    const bench = await start();
    bench.market.isOpen = false;
    await trade(bench, 20_000);
    bench.market.isOpen = true;
    bench.feed.setTargets(targetsOf([1, 2]), bench.store());
    await bench.clock.advance(7_000);
    expect(only(bench).reconnects).toBe(0);
    await bench.clock.advance(3_000);
    expect(only(bench).reconnects).toBe(1);
  });

  it('gives a new connection its minute, however the last one ticked', async () => {
    const bench = await start();
    await trade(bench, 20_000);
    drop(bench);
    await bench.clock.advance(50_000);
    expect(only(bench)).toMatchObject({ state: 'live', reconnects: 1 });
    await bench.clock.advance(15_000);
    expect(only(bench).reconnects).toBe(2);
  });

  it('does not expect ticks from a closed market', async () => {
    const bench = await start();
    await trade(bench, 20_000);
    bench.market.isOpen = false;
    await bench.clock.advance(10 * minute);
    expect(only(bench).reconnects).toBe(0);
  });

  it('counts from the open, not from the last tick before it', async () => {
    const bench = await start();
    await trade(bench, 20_000);
    bench.market.isOpen = false;
    await bench.clock.advance(60 * minute);
    bench.market.isOpen = true;
    await bench.clock.advance(7_000);
    expect(only(bench).reconnects).toBe(0);
    await bench.clock.advance(3_000);
    expect(only(bench).reconnects).toBe(1);
  });

  it('asks only after the exchanges that a socket carries', async () => {
    const bench = createFeedBench();
    const [nse, mcx] = [targetsOf([1, 2, 3]), targetsOf([4, 5, 6], 'MCX')];
    mcx.forEach((target) => (target.slot += 3));
    bench.market.closed.add('NSE');
    bench.feed.setTargets([...nse, ...mcx], bench.store());
    await bench.clock.advance(70_000);
    expect(bench.feed.sockets().map(({ reconnects }) => reconnects)).toEqual([0, 1, 0]);
  });
});

describe('a broken frame', () => {
  it('has everything asked for anew, once however many there are', async () => {
    const bench = await start();
    for (let count = 0; count < 50; count++) bench.broker.sendBroken();
    await bench.clock.advance(29_000);
    const [served] = [...bench.broker.open];
    expect(served?.messages).toEqual(['+1']);
    await bench.clock.advance(2_000);
    expect(served?.messages).toEqual(['+1', '+1']);
    expect(bench.feed.counters().malformed).toBe(50);
  });
});
