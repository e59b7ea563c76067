import { describe, expect, it } from 'vitest';
import { createMemoryStateStore, createSeededRandom } from './index';
import { createVirtualClock } from './virtual';

describe('a full store in process', () => {
  it('lets go first what has expired, then what expires soonest, then the oldest', async () => {
    const clock = createVirtualClock(0);
    const store = createMemoryStateStore(clock, { entriesMax: 3 });
    const kept = async (): Promise<string[]> => {
      const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
      const values = await Promise.all(keys.map((key) => store.get(key)));
      return keys.filter((_, index) => values[index] !== undefined);
    };
    await store.set('a', '1');
    await store.set('b', '1', { ttlMs: 100 });
    await store.set('c', '1', { ttlMs: 50 });
    await store.set('d', '1', { ttlMs: 1_000 });
    expect(await kept()).toEqual(['a', 'b', 'd']);
    await clock.advance(100);
    await store.set('e', '1');
    expect(await kept()).toEqual(['a', 'd', 'e']);
    await store.increment('f', 2_000);
    expect(await kept()).toEqual(['a', 'e', 'f']);
    await store.set('f', '1');
    await store.set('a', '2');
    await store.set('g', '1');
    expect(await kept()).toEqual(['a', 'f', 'g']);
  });

  it('holds the same as one that looks through all for what ends soonest', async () => {
    const clock = createVirtualClock(0);
    const store = createMemoryStateStore(clock, { entriesMax: 8 });
    const plain = new Map<string, number>();
    const random = createSeededRandom(7);
    for (let turn = 0; turn < 4_000; turn++) {
      const key = `k${Math.floor(random.next() * 30)}`;
      // A life of its own each, so that one alone ends soonest.
      const ttlMs = 1 + Math.floor(random.next() * 50) * 5_000 + turn;
      const now = clock.monoMs();
      for (const [one, endsMs] of plain) if (endsMs <= now) plain.delete(one);
      if (random.next() < 0.1) {
        await store.delete(key);
        plain.delete(key);
      } else if (random.next() < 0.5 && plain.has(key)) {
        await store.increment(key, ttlMs);
      } else {
        plain.delete(key);
        const soonest = [...plain].sort(([, a], [, b]) => a - b)[0];
        if (plain.size >= 8 && soonest) plain.delete(soonest[0]);
        plain.set(key, now + ttlMs);
        await store.set(key, '1', { ttlMs });
      }
      await clock.advance(Math.floor(random.next() * 3) * 1_000);
      for (const [one, endsMs] of plain) {
        const isThere = (await store.get(one)) !== undefined;
        expect([turn, one, isThere]).toEqual([turn, one, endsMs > clock.monoMs()]);
      }
    }
  });

  it('makes room without looking through all that it holds', async () => {
    const clock = createVirtualClock(0);
    const store = createMemoryStateStore(clock, { entriesMax: 50_000 });
    // One search each would take a minute and more.
    for (let turn = 0; turn < 150_000; turn++) await store.increment(`k${turn}`, 900_000);
    expect(await store.get('k99999')).toBeUndefined();
    expect(await store.get('k100000')).toBe('1');
  }, 240_000);

  it('ends a life to the millisecond, whatever the wall clock does', async () => {
    const clock = createVirtualClock(0);
    const store = createMemoryStateStore(clock, { entriesMax: 3 });
    await store.increment('n', 1_000);
    clock.jumpWall(3_600_000);
    await clock.advance(999);
    expect(await store.increment('n', 1_000)).toEqual({ count: 2, ttlMs: 1 });
    await clock.advance(1);
    expect(await store.increment('n', 1_000)).toEqual({ count: 1, ttlMs: 1_000 });
  });

  it('tells no longer life than was given, whatever fractions the clock has', async () => {
    const random = createSeededRandom(8);
    for (let turn = 0; turn < 1_000; turn++) {
      const clock = createVirtualClock(0);
      await clock.advance(random.next() * 1_000_000);
      const store = createMemoryStateStore(clock, { entriesMax: 1 });
      expect(await store.increment('n', 60_000)).toEqual({ count: 1, ttlMs: 60_000 });
    }
  });
});
