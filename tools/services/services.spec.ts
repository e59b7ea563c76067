import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { describe, expect, it, vi } from 'vitest';
import { root } from '../lib/root.mjs';
import { launchChromium } from './chromium';
import { createTestDatabase } from './database';
import { oneAtATime } from './one-at-a-time';
import { startRedis } from './redis';
import { testRedis } from './test-redis';

async function count(url: string, sql: string): Promise<number | null> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rowCount;
  } finally {
    await client.end();
  }
}

describe('createTestDatabase', () => {
  it('gives each suite an empty database and drops it while it is in use', async () => {
    const [first, second] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    await count(first.url, 'create table only_here (n int)');
    const find = `select 1 from pg_tables where tablename = 'only_here'`;
    expect(await count(first.url, find)).toBe(1);
    expect(await count(second.url, find)).toBe(0);
    const open = new Client({ connectionString: first.url });
    open.on('error', () => undefined);
    await open.connect();
    await first.drop();
    await expect(count(first.url, 'select 1')).rejects.toThrow(/does not exist/);
    await second.drop();
  });
});

async function redisInfo(url: string): Promise<string> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await client.info('server');
  } finally {
    client.disconnect();
  }
}

describe('testRedis', () => {
  it('is one server for all, with a place for each suite', async () => {
    const [first, second] = await Promise.all([testRedis(), testRedis()]);
    expect(first.url).toBe(second.url);
    expect(first.prefix).not.toBe(second.prefix);
    expect(await redisInfo(first.url)).toMatch(/redis_version/);
  });
});

describe('startRedis', () => {
  it('starts a server of its own, ends it, and starts it again in its place', async () => {
    const server = await startRedis();
    expect(await redisInfo(server.url)).toContain(`process_id:${server.pid}\r`);
    await server.stop('SIGKILL');
    await expect(redisInfo(server.url)).rejects.toThrow();
    const again = await startRedis({ port: server.port });
    expect(again.url).toBe(server.url);
    await expect(startRedis({ port: server.port })).rejects.toThrow(/another Redis/);
    process.kill(again.pid, 'SIGSTOP');
    await again.stop();
    await expect(redisInfo(server.url)).rejects.toThrow();
  });
});

describe('a server whose starter was killed', () => {
  it('ends by itself', async () => {
    const code = `
      import { startRedis } from ${JSON.stringify(join(root, 'tools/services/redis.ts'))};
      const { url } = await startRedis();
      process.stdout.write(url);
      setInterval(() => undefined, 1_000);`;
    const args = ['--import', 'tsx', '--input-type=module', '-e', code];
    const stdio = ['ignore', 'pipe', 'inherit'] as const;
    const starter = spawn(process.execPath, args, { cwd: root, stdio: [...stdio] });
    const [url] = (await once(starter.stdout, 'data')) as [Buffer];
    expect(await redisInfo(String(url))).toMatch(/redis_version/);
    starter.kill('SIGKILL');
    await vi.waitFor(() => expect(redisInfo(String(url))).rejects.toThrow(), { timeout: 30_000 });
  });
});

describe('oneAtATime', () => {
  it('lets work of one name wait for its turn, also after work that failed', async () => {
    const seen: string[] = [];
    const work = async (name: string): Promise<void> => {
      seen.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(`${name} ends`);
      if (name === 'first') throw new Error('failed');
    };
    const name = randomBytes(8).toString('hex');
    const first = oneAtATime(name, () => work('first'));
    await Promise.all([
      expect(first).rejects.toThrow('failed'),
      oneAtATime(name, () => work('second')),
    ]);
    expect(seen).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  });
});

describe('launchChromium', () => {
  it('opens a page that runs scripts', async () => {
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      await page.setContent('<p id="sum"></p><script>sum.textContent = 20 + 22</script>');
      expect(await page.textContent('#sum')).toBe('42');
    } finally {
      await browser.close();
    }
  });
});
