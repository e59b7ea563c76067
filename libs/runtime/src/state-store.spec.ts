import { describe, expect, it } from 'vitest';
import { createMemoryStateStore } from './index';
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
});
