import { createMemoryStateStore, silentLog, type StateStore } from '@strikewire/runtime';
import { createNodeClock } from '@strikewire/runtime/node';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the test run's Redis is a tool
import { testRedis } from '../../../../tools/services/test-redis';
import { openRedis } from './redis-link';
import { createRedisStateStore } from './redis-state-store';

const clock = createNodeClock();
const patience = { timeout: 30_000, interval: 10 };

interface Opened {
  store: StateStore;
  /** The same state, as another process sees it. */
  other: StateStore;
  close(): Promise<void>;
}

async function openMemory(): Promise<Opened> {
  const store = createMemoryStateStore(clock, { entriesMax: 1_000 });
  return { store, other: store, close: () => Promise.resolve() };
}

async function openInRedis(): Promise<Opened> {
  const { url, prefix } = await testRedis();
  const links = [1, 2].map(() => openRedis({ url, clock, log: silentLog }));
  await Promise.all(links.map((link) => link.ready(30_000)));
  const [store, other] = links.map((link) => createRedisStateStore(link, prefix));
  const close = async (): Promise<void> => {
    await Promise.all(links.map((link) => link.close()));
  };
  return { store: store!, other: other!, close };
}

describe.each([
  ['in process', openMemory],
  ['in Redis', openInRedis],
])('a state store %s', (_where, open) => {
  let opened: Opened;
  let store: StateStore;

  beforeAll(async () => {
    opened = await open();
    ({ store } = opened);
  });
  afterAll(() => opened.close());

  it('knows nothing at first, and forgets what is deleted', async () => {
    expect(await store.get('a')).toBeUndefined();
    await store.set('a', 'one');
    expect(await store.get('a')).toBe('one');
    await store.delete('a');
    expect(await store.get('a')).toBeUndefined();
    await expect(store.delete('a')).resolves.toBeUndefined();
  });

  it('keeps any text as it is, the empty one too', async () => {
    for (const text of ['', ' ₹ 24,000\n', '\u0000"{}\\', '0012']) {
      await store.set('text', text);
      expect(await opened.other.get('text')).toBe(text);
    }
  });

  it('keeps keys apart, whatever they hold', async () => {
    const keys = ['k', 'k:', 'k:*', 'K', '::', 'k k\n', 'ключ'];
    for (const key of keys) await store.set(key, `of ${key}`);
    for (const key of keys) expect(await store.get(key)).toBe(`of ${key}`);
  });

  it('forgets after the given life, and a plain set ends that', async () => {
    await store.set('short', 'x', { ttlMs: 30 });
    await store.set('kept', 'x', { ttlMs: 30 });
    await store.set('kept', 'y');
    const isGone = async (): Promise<void> => expect(await store.get('short')).toBeUndefined();
    await vi.waitFor(isGone, patience);
    expect(await store.get('kept')).toBe('y');
  });

  it('counts from one and tells the life that is left, which does not begin anew', async () => {
    const first = await store.increment('count', 60_000);
    expect(first).toEqual({ count: 1, ttlMs: 60_000 });
    const second = await store.increment('count', 600_000);
    expect(second.count).toBe(2);
    expect(second.ttlMs).toBeGreaterThan(0);
    expect(second.ttlMs).toBeLessThanOrEqual(60_000);
    expect(await store.get('count')).toBe('2');
  });

  it('counts from one again once a counter has expired or is deleted', async () => {
    await store.increment('again', 30);
    const isGone = async (): Promise<void> => expect(await store.get('again')).toBeUndefined();
    await vi.waitFor(isGone, patience);
    expect((await store.increment('again', 60_000)).count).toBe(1);
    await store.delete('again');
    expect((await store.increment('again', 60_000)).count).toBe(1);
  });

  it('loses no count when many count at once', async () => {
    const { other } = opened;
    const raised = await Promise.all(
      Array.from({ length: 100 }, (_, n) => (n % 2 ? store : other).increment('many', 60_000)),
    );
    const counts = raised.map(({ count }) => count).sort((a, b) => a - b);
    expect(counts).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
  });

  it('counts on from a number that was set, and gives it a life', async () => {
    await store.set('set', '41');
    expect(await store.increment('set', 5_000)).toEqual({ count: 42, ttlMs: 5_000 });
  });

  it.each(['words', '1.5', ''])('does not count on from %j', async (text) => {
    await store.set('no number', text);
    await expect(store.increment('no number', 1_000)).rejects.toMatchObject({ kind: 'invalid' });
    expect(await store.get('no number')).toBe(text);
  });

  it('refuses what is over the limits', async () => {
    const refused = { kind: 'invalid', code: 'state_entry_invalid' };
    await expect(store.get('')).rejects.toMatchObject(refused);
    await expect(store.set('k'.repeat(513), 'x')).rejects.toMatchObject(refused);
    await expect(store.set('k', 'x'.repeat(65_537))).rejects.toMatchObject(refused);
    await expect(store.set('k', 'x', { ttlMs: 0 })).rejects.toMatchObject(refused);
    await expect(store.increment('k', 1.5)).rejects.toMatchObject(refused);
  });
});
