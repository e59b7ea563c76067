import { describe, expect, it } from 'vitest';
import { createFeedBench, drop, mixedTargets, trade, type FeedBench } from './testing/feed-bench';

const minute = 60_000;
const hour = 60 * minute;
const rests = { state: 'resting', reason: 'the market is closed' };

async function start(list = mixedTargets([1])): Promise<FeedBench> {
  const bench = createFeedBench();
  bench.feed.setTargets(list, bench.store());
  await bench.clock.advance(1_000);
  return bench;
}

const only = ({ feed }: FeedBench) => feed.sockets()[0]!;
const states = ({ feed }: FeedBench): string[] => feed.sockets().map(({ state }) => state);
const messages = ({ broker }: FeedBench): string[] =>
  [...broker.open].flatMap((served) => served.messages.splice(0));

describe('an exchange that is off', () => {
  it('has its sockets closed, and no attempt is made until it is on again', async () => {
    const bench = await start(mixedTargets([1, 2, 3, 4]));
    bench.feed.setActivity('NSE', 'off');
    expect(bench.feed.sockets()).toMatchObject([
      { ...rests, instruments: 3, reconnects: 0, liveForMs: null },
      { ...rests, instruments: 1, reconnects: 0, liveForMs: null },
    ]);
    await bench.clock.advance(17 * hour);
    expect(bench.broker.open.size).toBe(0);
    expect(bench.broker.attemptsMono).toHaveLength(2);
    expect([1, 2].map((socket) => bench.feed.isSocketLive(socket))).toEqual([false, false]);
    bench.feed.setActivity('NSE', 'subscribed');
    await bench.clock.advance(1_000);
    expect(bench.broker.subscribed()).toEqual([1, 2, 3, 4]);
    expect(bench.feed.sockets()).toMatchObject([
      { state: 'live', reason: null, reconnects: 0 },
      { state: 'live', reason: null, reconnects: 0 },
    ]);
    expect(bench.recovered).toEqual([]);
  });

  it('opens nothing when it was off before there was a plan', async () => {
    const bench = createFeedBench();
    bench.feed.setActivity('NSE', 'off');
    bench.feed.setTargets(mixedTargets([1, 2, 3, 4]), bench.store());
    await bench.clock.advance(hour);
    expect(states(bench)).toEqual(['resting', 'resting']);
    expect(bench.broker.attemptsMono).toEqual([]);
  });

  it('closes what is still being opened', async () => {
    const bench = createFeedBench();
    bench.feed.setTargets(mixedTargets([1]), bench.store());
    await bench.clock.advance(5);
    expect(only(bench).state).toBe('connecting');
    bench.feed.setActivity('NSE', 'off');
    await bench.clock.advance(hour);
    expect(only(bench)).toMatchObject(rests);
    expect(bench.broker.open.size).toBe(0);
    bench.feed.setActivity('NSE', 'subscribed');
    await bench.clock.advance(1_000);
    expect(bench.broker.subscribed()).toEqual([1]);
    expect(bench.recovered).toEqual([]);
  });

  it('keeps the plan: where a contract lies, and what is added or left out meanwhile', async () => {
    const bench = await start(mixedTargets([1, 2, 3, 4]));
    bench.feed.setActivity('NSE', 'off');
    expect(bench.feed.socketOf('4')).toBe(2);
    bench.feed.setTargets(mixedTargets([1, 2, 3, 4, 5, 6, 7]), bench.store());
    await bench.clock.advance(hour);
    expect(states(bench)).toEqual(['resting', 'resting', 'resting']);
    bench.feed.setTargets(mixedTargets([1, 2, 3, 5]), bench.store());
    expect(states(bench)).toEqual(['resting', 'resting', 'idle']);
    expect(bench.broker.attemptsMono).toHaveLength(2);
    bench.feed.setActivity('NSE', 'subscribed');
    await bench.clock.advance(1_000);
    expect(bench.broker.subscribed()).toEqual([1, 2, 3, 5]);
  });

  it('writes to the store of the last plan when it is on again', async () => {
    const bench = await start();
    bench.feed.setActivity('NSE', 'off');
    const store = bench.store();
    bench.feed.setTargets(mixedTargets([2, 1]), store);
    bench.feed.setActivity('NSE', 'subscribed');
    await bench.clock.advance(1_000);
    bench.broker.tick(12_300, [1]);
    await bench.clock.advance(10);
    expect([...store.ltpPaise.slice(0, 2)]).toEqual([0, 12_300]);
  });

  it('stays stopped once the feed is stopped', async () => {
    const bench = await start();
    bench.feed.setActivity('NSE', 'off');
    bench.feed.stop();
    bench.feed.setActivity('NSE', 'subscribed');
    await bench.clock.advance(hour);
    expect(only(bench).state).toBe('idle');
    expect(bench.broker.attemptsMono).toHaveLength(1);
  });
});

describe('after a rest', () => {
  it('silence counts from the beginning, however quiet the day before was', async () => {
    const bench = await start();
    const replaced = async (ms: number): Promise<number> => {
      const { reconnects } = only(bench);
      await bench.clock.advance(ms);
      return only(bench).reconnects - reconnects;
    };
    expect(await replaced(35 * minute)).toBe(3);
    bench.feed.setActivity('NSE', 'off');
    await bench.clock.advance(minute);
    bench.feed.setActivity('NSE', 'subscribed');
    expect([await replaced(59_000), await replaced(3_000)]).toEqual([0, 1]);
    expect([await replaced(9 * minute), await replaced(2 * minute)]).toEqual([0, 1]);
  });
});

describe('an exchange that is connected', () => {
  it('has its sockets stand with nothing subscribed, then all of it at once', async () => {
    const bench = createFeedBench();
    bench.feed.setActivity('NSE', 'off');
    bench.feed.setTargets(mixedTargets([1, 2, 3, 4]), bench.store());
    bench.feed.setActivity('NSE', 'connected');
    await bench.clock.advance(5 * minute);
    expect(states(bench)).toEqual(['live', 'live']);
    expect(messages(bench)).toEqual([]);
    expect(only(bench).instruments).toBe(3);
    bench.feed.setActivity('NSE', 'subscribed');
    await bench.clock.advance(50);
    expect(messages(bench)).toEqual(['+1,2,3', '+4']);
    bench.feed.setActivity('NSE', 'connected');
    await bench.clock.advance(50);
    expect(messages(bench)).toEqual(['-1,2,3', '-4']);
    expect(bench.broker.attemptsMono).toHaveLength(2);
    expect(bench.recovered).toEqual([]);
  });

  it('does nothing when it is told the same again', async () => {
    const bench = await start();
    for (const activity of ['subscribed', 'connected', 'connected', 'off', 'off'] as const) {
      bench.feed.setActivity('NSE', activity);
    }
    bench.feed.setActivity('NSE', 'subscribed');
    bench.feed.setActivity('NSE', 'subscribed');
    await bench.clock.advance(1_000);
    expect(messages(bench)).toEqual(['+1']);
    expect(bench.broker.attemptsMono).toHaveLength(2);
  });

  it('is not silent for want of ticks, but is for want of bytes', async () => {
    const bench = await start();
    await trade(bench, 20_000);
    bench.feed.setActivity('NSE', 'connected');
    await bench.clock.advance(3 * hour);
    expect(only(bench)).toMatchObject({ state: 'live', reconnects: 0 });
    for (const served of bench.broker.open) served.isMute = true;
    await bench.clock.advance(30_000);
    expect(only(bench)).toMatchObject({ state: 'live', reconnects: 1 });
    expect(bench.recovered).toEqual([]);
  });

  it('has its silence counted from the subscription, like a new connection', async () => {
    const bench = await start();
    await trade(bench, 20_000);
    bench.feed.setActivity('NSE', 'connected');
    await bench.clock.advance(hour);
    bench.feed.setActivity('NSE', 'subscribed');
    await bench.clock.advance(59_000);
    expect(only(bench).reconnects).toBe(0);
    await bench.clock.advance(3_000);
    expect(only(bench).reconnects).toBe(1);
  });

  it('comes back with back-off when it is ended, and asks nobody about the token', async () => {
    const bench = createFeedBench({ random: { next: () => 0.5 } });
    bench.feed.setActivity('NSE', 'connected');
    bench.feed.setTargets(mixedTargets([1]), bench.store());
    await bench.clock.advance(1_000);
    const waits: number[] = [];
    for (let round = 0; round < 6; round++) {
      drop(bench);
      const lostMono = bench.clock.monoMs();
      while (bench.broker.open.size === 0) await bench.clock.advance(5);
      waits.push(Math.round((bench.broker.attemptsMono.at(-1)! - lostMono) / 1_000));
      await bench.clock.advance(100);
    }
    expect(waits.splice(0)).toEqual([0, 1, 2, 4, 8, 16]);
    expect(bench.account.checks).toBe(0);
    expect(only(bench)).toMatchObject({ state: 'live', reconnects: 6 });
    // One that has stood for a while is well, though nothing can tick on it.
    await bench.clock.advance(25_000);
    drop(bench);
    await bench.clock.advance(100);
    expect(only(bench)).toMatchObject({ state: 'live', reconnects: 7 });
    expect(bench.recovered).toEqual([]);
  });

  it('does not wait out at the open what the idle time has brought about', async () => {
    const bench = createFeedBench({ random: { next: () => 0.9 } });
    bench.feed.setActivity('NSE', 'connected');
    bench.feed.setTargets(mixedTargets([1]), bench.store());
    bench.broker.refuse = 500;
    await bench.clock.advance(5 * minute);
    bench.broker.refuse = null;
    expect(only(bench).state).toBe('waiting');
    bench.feed.setActivity('NSE', 'subscribed');
    await bench.clock.advance(50);
    expect(only(bench).state).toBe('live');
    expect(bench.broker.subscribed()).toEqual([1]);
    expect(bench.recovered).toEqual([]);
  });

  it('does not come back sooner than the broker wants, and is recovered then', async () => {
    const bench = createFeedBench();
    bench.feed.setActivity('NSE', 'connected');
    bench.feed.setTargets(mixedTargets([1]), bench.store());
    await bench.clock.advance(1_000);
    bench.broker.endAll('too_many');
    await bench.clock.advance(1_000);
    bench.feed.setActivity('NSE', 'subscribed');
    await bench.clock.advance(38_000);
    expect(bench.broker.attemptsMono).toHaveLength(1);
    await bench.clock.advance(2_000);
    expect(only(bench).state).toBe('live');
    expect(bench.recovered).toEqual([1]);
  });

  it('is recovered when it comes back only after the open', async () => {
    const bench = createFeedBench();
    bench.feed.setActivity('NSE', 'connected');
    bench.feed.setTargets(mixedTargets([1]), bench.store());
    bench.broker.refuse = 500;
    await bench.clock.advance(minute);
    bench.feed.setActivity('NSE', 'subscribed');
    await bench.clock.advance(minute);
    bench.broker.refuse = null;
    bench.market.isOpen = false;
    await bench.clock.advance(2 * minute);
    expect(bench.recovered).toEqual([1]);
  });
});

describe('a socket of several exchanges', () => {
  it('stands while one of them is not off, and follows each by the difference', async () => {
    const bench = await start(mixedTargets([1, 2], [3]));
    expect(messages(bench)).toEqual(['+1,2,3']);
    bench.feed.setActivity('NSE', 'connected');
    await bench.clock.advance(50);
    expect(messages(bench)).toEqual(['-1,2']);
    bench.feed.setActivity('NSE', 'off');
    await trade(bench, 10_000);
    expect(messages(bench)).toEqual([]);
    expect(only(bench)).toMatchObject({ state: 'live', reconnects: 0 });
    bench.feed.setActivity('MCX', 'off');
    await bench.clock.advance(hour);
    expect(only(bench)).toMatchObject(rests);
    bench.feed.setActivity('MCX', 'connected');
    bench.feed.setActivity('NSE', 'subscribed');
    await bench.clock.advance(1_000);
    expect(messages(bench)).toEqual(['+1,2']);
    bench.feed.setActivity('MCX', 'subscribed');
    await bench.clock.advance(50);
    expect(messages(bench)).toEqual(['+3']);
    expect(bench.recovered).toEqual([]);
  });

  it('rests with another while a third goes on', async () => {
    const bench = await start(mixedTargets([1, 2, 3, 4], [5, 6, 7]));
    bench.feed.setActivity('NSE', 'off');
    await bench.clock.advance(1_000);
    expect(states(bench)).toEqual(['resting', 'live', 'live']);
    expect(bench.broker.subscribed()).toEqual([5, 6, 7]);
    expect(bench.broker.attemptsMono).toHaveLength(3);
  });

  it('is expected to tick only for what it has subscribed', async () => {
    // NSE is open by the calendar and only connected; MCX is subscribed and closed.
    const bench = await start(mixedTargets([1, 2], [3]));
    bench.feed.setActivity('NSE', 'connected');
    bench.market.closed.add('MCX');
    await bench.clock.advance(hour);
    expect(only(bench).reconnects).toBe(0);
    bench.market.closed.clear();
    await bench.clock.advance(62_000);
    expect(only(bench).reconnects).toBe(1);
  });
});
