import { silentLog } from '@strikewire/runtime';
import { createNodeClock } from '@strikewire/runtime/node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the test run's Redis is a tool
import { startRedis, type TestRedis } from '../../../../tools/services/redis';
import { createRedisBytes, type RedisBytes } from './redis-bytes';
import { openRedis, type RedisLink } from './redis-link';

const clock = createNodeClock();
const prefix = 'test';
const ttlMs = 60_000;

let server: TestRedis;
let link: RedisLink;
let bytes: RedisBytes;

beforeAll(async () => {
  server = await startRedis();
  link = openRedis({ url: server.url, clock, log: silentLog });
  await link.ready(30_000);
  bytes = createRedisBytes(link, { prefix, area: 'chain', ttlMs });
});
afterEach(async () => {
  await link.client.flushall();
});
afterAll(async () => {
  await link?.close();
  await server?.stop();
});

/** Every value of a byte, from an odd place in a larger piece of memory. */
const everyByte = Uint8Array.from({ length: 259 }, (_, at) => at - 3).subarray(3);

describe('binary values in Redis', () => {
  it('are as they were given, whatever their bytes, and only those that are there', async () => {
    const large = new Uint8Array(1_048_576).fill(7);
    await bytes.save([
      { key: 'a', bytes: everyByte },
      { key: 'NSE:NIFTY:2026-11-24', bytes: large },
      { key: 'none', bytes: new Uint8Array(0) },
    ]);
    const found = await bytes.load(['NSE:NIFTY:2026-11-24', 'missing', 'a', 'none']);
    expect([...found.keys()]).toEqual(['NSE:NIFTY:2026-11-24', 'a', 'none']);
    expect([...found.get('a')!]).toEqual([...everyByte]);
    expect(Buffer.compare(found.get('NSE:NIFTY:2026-11-24')!, large)).toBe(0);
    expect(found.get('none')).toHaveLength(0);
    expect(await bytes.load([])).toEqual(new Map());
  });

  it('lie under keys of the platform, and each has a life', async () => {
    await bytes.save([{ key: 'a', bytes: everyByte }]);
    await bytes.mark('one');
    const keys = (await link.client.keys('*')).sort();
    expect(keys).toEqual(['test:chain-mark', 'test:chain:a']);
    for (const key of keys) {
      const leftMs = await link.client.pttl(key);
      expect(leftMs).toBeGreaterThan(0);
      expect(leftMs).toBeLessThanOrEqual(ttlMs);
    }
  });

  it('are forgotten when that is asked for, however many', async () => {
    const keys = Array.from({ length: 1_500 }, (_, at) => `key ${at}`);
    await bytes.save(keys.slice(0, 1_000).map((key) => ({ key, bytes: everyByte })));
    await bytes.save(keys.slice(1_000).map((key) => ({ key, bytes: everyByte })));
    await bytes.forget(keys.slice(1));
    expect(await link.client.keys('*')).toEqual(['test:chain:key 0']);
    await bytes.forget([]);
  });

  it('tell by a mark whether they may be gone', async () => {
    expect(await bytes.mark('one')).toBeUndefined();
    expect(await bytes.mark('two')).toBe('one');
    await link.client.flushall();
    expect(await bytes.mark('three')).toBeUndefined();
  });

  it('are refused over the limits', async () => {
    const refused = { kind: 'invalid', code: 'redis_bytes_invalid' };
    const many = Array.from({ length: 1_001 }, (_, at) => `key ${at}`);
    const large = new Uint8Array(1_048_577);
    await expect(bytes.save([{ key: 'a', bytes: large }])).rejects.toMatchObject(refused);
    await expect(bytes.save([{ key: '', bytes: everyByte }])).rejects.toMatchObject(refused);
    await expect(bytes.load(['k'.repeat(513)])).rejects.toMatchObject(refused);
    await expect(bytes.load(many)).rejects.toMatchObject(refused);
    await link.client.set('test:chain:large', Buffer.alloc(1_048_577));
    expect(await bytes.load(['large'])).toEqual(new Map());
  });

  it('fail at once when Redis says no, one of several too, or is away', async () => {
    // What does not fit is refused, as long as nothing may be evicted for it.
    await link.client.config('SET', 'maxmemory', '1');
    const entries = [{ key: 'a', bytes: everyByte }, { key: 'b', bytes: everyByte }];
    await expect(bytes.save(entries)).rejects.toMatchObject({
      kind: 'retryable', code: 'redis_refused',
    });
    await link.client.config('SET', 'maxmemory', '0');
    await bytes.save(entries);

    const other = await startRedis();
    const gone = openRedis({ url: other.url, clock, log: silentLog });
    await gone.ready(30_000);
    await other.stop('SIGKILL');
    await expect.poll(() => gone.isUp()).toBe(false);
    const lost = createRedisBytes(gone, { prefix, area: 'chain', ttlMs });
    const away = { kind: 'retryable', code: 'redis_unavailable' };
    await expect(lost.save(entries)).rejects.toMatchObject(away);
    await expect(lost.load(['a'])).rejects.toMatchObject(away);
    await expect(lost.mark('one')).rejects.toMatchObject(away);
    await expect(lost.forget(['a'])).rejects.toMatchObject(away);
    await gone.close();
  });
});
