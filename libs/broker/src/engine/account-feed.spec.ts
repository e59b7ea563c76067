import { createSeededRandom, type Random } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { benchLimits, createFeedBench, targetsOf, type FeedBench } from './testing/feed-bench';

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const messages = ({ broker }: FeedBench): string[] =>
  [...broker.open].flatMap((served) => served.messages.splice(0));

describe('setTargets', () => {
  it('opens the sockets that the plan needs and no standby', async () => {
    const bench = createFeedBench();
    const plan = bench.feed.setTargets(targetsOf(range(14)), bench.store());
    await bench.clock.advance(1_000);
    expect(plan.map(({ token }) => token.id)).toEqual(['13', '14']);
    expect(bench.broker.open.size).toBe(4);
    expect(bench.broker.subscribed()).toEqual(range(12));
    expect(bench.feed.socketOf('3')).toBe(1);
    expect(bench.feed.socketOf('4')).toBe(2);
    expect(bench.feed.socketOf('13')).toBeUndefined();
    expect([1, 4, 5].map((socket) => bench.feed.isSocketLive(socket))).toEqual([true, true, false]);
  });

  it('sends only the difference', async () => {
    const bench = createFeedBench();
    bench.feed.setTargets(targetsOf([1, 2, 3]), bench.store());
    await bench.clock.advance(1_000);
    expect(messages(bench)).toEqual(['+1,2,3']);
    bench.feed.setTargets(targetsOf([1, 2, 3]), bench.store());
    await bench.clock.advance(1_000);
    expect(messages(bench)).toEqual([]);
    bench.feed.setTargets(targetsOf([3, 1, 4]), bench.store());
    await bench.clock.advance(1_000);
    expect(messages(bench)).toEqual(['-2', '+4']);
    expect(bench.broker.attemptsMono).toHaveLength(1);
  });

  it('asks for an instrument anew in another mode', async () => {
    const bench = createFeedBench();
    bench.feed.setTargets(targetsOf([1]), bench.store());
    await bench.clock.advance(1_000);
    const [target] = targetsOf([1]);
    bench.feed.setTargets([{ ...target!, mode: 'quote' }], bench.store());
    await bench.clock.advance(1_000);
    expect(messages(bench)).toEqual(['+1', '-1', '+1']);
  });

  it('never lets an earlier request come after a later one', async () => {
    // Ten messages leave 20 ms apart; the targets change while most of them wait.
    const bench = createFeedBench({ idsPerMessage: 1, limits: { instrumentsPerSocketMax: 20 } });
    bench.feed.setTargets(targetsOf(range(10)), bench.store());
    await bench.clock.advance(50);
    bench.feed.setTargets(targetsOf([1, 2, 11]), bench.store());
    await bench.clock.advance(2_000);
    expect(bench.broker.subscribed()).toEqual([1, 2, 11]);
  });

  it('closes sockets that the plan needs no more, and opens them again', async () => {
    const bench = createFeedBench();
    bench.feed.setTargets(targetsOf(range(9)), bench.store());
    await bench.clock.advance(1_000);
    bench.feed.setTargets(targetsOf(range(3)), bench.store());
    await bench.clock.advance(1_000);
    expect(bench.broker.open.size).toBe(1);
    expect(bench.feed.sockets().map(({ state }) => state)).toEqual(['live', 'idle', 'idle']);
    bench.feed.setTargets(targetsOf(range(9)), bench.store());
    await bench.clock.advance(1_000);
    expect(bench.broker.subscribed()).toEqual(range(9));
  });
});

describe('writes', () => {
  it('move to the new store in one call; the old one is not written any more', async () => {
    const bench = createFeedBench();
    const [before, after] = [bench.store(), bench.store()];
    bench.feed.setTargets(targetsOf([1, 2]), before);
    await bench.clock.advance(1_000);
    bench.broker.tick(10_000);
    await bench.clock.advance(10);
    expect([...before.ltpPaise.slice(0, 2)]).toEqual([10_000, 10_000]);
    bench.broker.tick(20_000);
    // 2 and 1 have changed places; what is under way goes to where they are now.
    bench.feed.setTargets(targetsOf([2, 1]), after);
    await bench.clock.advance(10);
    bench.broker.tick(30_000, [1]);
    await bench.clock.advance(10);
    expect([...before.ltpPaise.slice(0, 2)]).toEqual([10_000, 10_000]);
    expect([...after.ltpPaise.slice(0, 2)]).toEqual([20_000, 30_000]);
    expect(bench.feed.counters().applied).toBe(5);
  });

  it('of a contract that changes its socket are taken from the new one at once', async () => {
    const bench = createFeedBench();
    bench.feed.setTargets(targetsOf([1, 2, 3, 4]), bench.store());
    await bench.clock.advance(1_000);
    bench.broker.tick(10_000);
    await bench.clock.advance(10);
    const store = bench.store();
    store.source.fill(2, 0, 1);
    store.epoch.fill(1, 0, 1);
    store.touchedMonoMs.fill(bench.clock.monoMs(), 0, 1);
    // 4 was on the second socket; as the first of the list it is on the first now.
    bench.feed.setTargets(targetsOf([4, 1, 2, 3]), store);
    await bench.clock.advance(100);
    bench.broker.tick(20_000, [4]);
    await bench.clock.advance(10);
    expect(store.ltpPaise[0]).toBe(20_000);
  });

  it('of a connection that was lost are dropped', async () => {
    const bench = createFeedBench();
    const store = bench.store();
    bench.feed.setTargets(targetsOf([1]), store);
    await bench.clock.advance(1_000);
    bench.broker.tick(10_000);
    await bench.clock.advance(10);
    const [old] = [...bench.broker.open];
    // The end and a tick behind it arrive together.
    bench.broker.endAll('other');
    bench.broker.tick(66_600);
    await bench.clock.advance(4);
    expect(old?.ids.has(1)).toBe(true);
    await bench.clock.advance(2_000);
    expect(store.ltpPaise[0]).toBe(10_000);
    bench.broker.tick(20_000);
    await bench.clock.advance(10);
    expect(store.ltpPaise[0]).toBe(20_000);
    expect(bench.feed.counters().applied).toBe(2);
  });

  it('of instruments that are no targets are counted', async () => {
    const bench = createFeedBench();
    bench.feed.setTargets(targetsOf([1]), bench.store());
    await bench.clock.advance(1_000);
    for (const served of bench.broker.open) served.ids.add(99);
    bench.broker.tick(10_000);
    await bench.clock.advance(10);
    expect(bench.feed.counters()).toMatchObject({ applied: 1, unknownInstrument: 1 });
  });
});

describe('the rate', () => {
  it('is that since it was asked before, each feed\'s own', async () => {
    const [bench, other] = [createFeedBench(), createFeedBench()];
    for (const { feed, store } of [bench, other]) feed.setTargets(targetsOf([1, 2]), store());
    await bench.clock.advance(1_000);
    await other.clock.advance(2_000);
    expect([bench.feed.appliedPerSecond(), other.feed.appliedPerSecond()]).toEqual([0, 0]);
    for (let tick = 0; tick < 10; tick++) {
      bench.broker.tick(10_000 + tick);
      await bench.clock.advance(200);
    }
    expect(bench.feed.appliedPerSecond()).toBe(10);
    await bench.clock.advance(900);
    expect(bench.feed.appliedPerSecond()).toBe(10);
    await bench.clock.advance(100);
    expect(bench.feed.appliedPerSecond()).toBe(0);
    expect(other.feed.appliedPerSecond()).toBe(0);
  });
});

describe('stop', () => {
  it('closes every socket and opens none again', async () => {
    const bench = createFeedBench();
    bench.feed.setTargets(targetsOf(range(12)), bench.store());
    await bench.clock.advance(1_000);
    bench.feed.stop();
    await bench.clock.advance(600_000);
    expect(bench.broker.open.size).toBe(0);
    expect(bench.broker.attemptsMono).toHaveLength(4);
    expect(bench.feed.sockets().every(({ state }) => state === 'idle')).toBe(true);
  });
});

const pick = <T>(random: Random, list: readonly T[]): T =>
  list[Math.floor(random.next() * list.length)]!;

/** One thing that happens to a feed in real life. */
function disturb(bench: FeedBench, random: Random): number[] | undefined {
  const { broker, feed } = bench;
  const served = pick(random, [...broker.open]);
  const event = Math.floor(random.next() * 9);
  if (event === 0) served?.socket.terminate();
  if (event === 1 && served) served.isMute = true;
  if (event === 2) broker.isDeaf = random.next() < 0.6;
  if (event === 3) broker.refuse = random.next() < 0.4 ? pick(random, [429, 500, 0]) : null;
  if (event === 4) broker.endAll(pick(random, ['too_many', 'other'] as const));
  if (event === 5) for (const { socket } of [...broker.open]) socket.close(1001);
  if (event === 6) broker.tick(10_000 + Math.floor(random.next() * 1_000));
  if (event > 6) {
    const ids = range(16).filter(() => random.next() < 0.7);
    feed.setTargets(targetsOf(ids), bench.store());
    return ids.slice(0, 12);
  }
  return undefined;
}

describe('whatever happens', () => {
  it.each(range(25))('sockets are never too many, and all is well after (%i)', async (seed) => {
    const random = createSeededRandom(seed);
    const bench = createFeedBench({ random: createSeededRandom(seed + 1_000) });
    let wanted = range(12);
    bench.feed.setTargets(targetsOf(wanted), bench.store());
    for (let step = 0; step < 60; step++) {
      await bench.clock.advance(random.next() ** 3 * 30_000);
      wanted = disturb(bench, random) ?? wanted;
    }
    expect(bench.broker.mostOpen).toBeLessThanOrEqual(benchLimits.socketsMax);
    bench.broker.isDeaf = false;
    bench.broker.refuse = null;
    // Nothing ticks from here on: in an open market that would be looked into.
    bench.market.isOpen = false;
    await bench.clock.advance(300_000);
    expect(bench.broker.subscribed()).toEqual(wanted);
    // What stays where it was may leave sockets half full.
    expect(bench.broker.open.size).toBeLessThanOrEqual(benchLimits.socketsPlanned);
    expect(bench.broker.mostOpen).toBeLessThanOrEqual(benchLimits.socketsMax);
  });
});
