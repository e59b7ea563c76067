import {
  healthSchema,
  type ApiKeyWithSecret,
  type Health,
  type Notifications,
} from '@strikewire/contracts';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../tools/services/database';
import { openFlakyPath, type FlakyPath } from '../tools/services/flaky-path';
import { startRedis, type TestRedis } from '../tools/services/redis';
import { admin, eventually, startRealPlatform, type RealPlatform } from './support/real-platform';
import { SocketClient } from './support/socket-client';

/** PostgreSQL and Redis beside the platform go away, one at a time and together, and come back. */

type Server = 'database' | 'redis';

vi.setConfig({ testTimeout: 400_000 });
const triesMax = 10;
let database: TestDatabase;
let path: FlakyPath;
let redis: TestRedis;
let platform: RealPlatform;

beforeAll(async () => {
  database = await createTestDatabase();
  path = await openFlakyPath(database.url);
  redis = await startRedis();
  const env = { DATABASE_URL: path.url, REDIS_URL: redis.url };
  platform = await startRealPlatform({ env });
  await eventually(health, ({ status }) => status === 'ok', 60_000);
});

afterAll(async () => {
  await platform?.stop();
  await path?.close();
  await redis?.stop();
  await database?.drop();
});

const health = async (): Promise<Health> =>
  healthSchema.parse(await (await fetch(platform.url('/health'))).json());

async function lose(server: Server): Promise<void> {
  if (server === 'database') await path.cut();
  else await redis.stop('SIGKILL');
}

async function bringBack(server: Server): Promise<void> {
  if (server === 'database') await path.restore();
  else redis = await startRedis({ port: redis.port });
}

/** Straight at the database, past the path that is cut. */
async function rows(sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

interface Answer {
  status: number;
  code: string | undefined;
  retryAfterS: number;
  body: unknown;
}

/** A request of the admin, or of nobody. */
async function send(
  method: string,
  to: string,
  body?: unknown,
  who = platform.headers,
): Promise<Answer> {
  const answer = await fetch(platform.url(to), {
    method,
    headers: { ...who, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  const parsed = text === '' ? undefined : (JSON.parse(text) as { error?: { code: string } });
  const retryAfterS = Number(answer.headers.get('retry-after'));
  return { status: answer.status, code: parsed?.error?.code, retryAfterS, body: parsed };
}

const trySignIn = (username: string, password: string): Promise<Answer> =>
  send('POST', '/api/auth/sign-in', { username, password }, {});
const addUser = (username: string): Promise<Answer> =>
  send('POST', '/api/users', { username, name: username, role: 'viewer' });

async function makeKey(): Promise<{ id: string; secret: string }> {
  const wanted = { name: 'a key', scopes: ['chains:read'], expiresAt: null };
  const { key, secret } = (await send('POST', '/api/keys', wanted)).body as ApiKeyWithSecret;
  return { id: key.id, secret };
}

async function statusWithKey(secret: string): Promise<number> {
  const headers = { authorization: `Bearer ${secret}` };
  return (await fetch(platform.url('/api/optionchain/underlyings'), { headers })).status;
}

async function watchNifty(): Promise<SocketClient> {
  const client = await SocketClient.open(platform.socketUrl(), platform.headers);
  const wanted = { channel: 'chain', underlying: 'NIFTY', encoding: 'binary' };
  client.send({ type: 'subscribe', id: 1, ...wanted });
  await eventually(() => client.frames.frameCount, (frames) => frames > 2);
  return client;
}

/** Chains come on, over the socket that was open and over REST, to whoever is signed in. */
async function expectChainsLive(client: SocketClient): Promise<void> {
  const before = client.frames.frameCount;
  await eventually(() => client.frames.frameCount, (frames) => frames > before + 5);
  expect(client.closed).toBeNull();
  const live = async (): Promise<unknown> =>
    (await send('GET', '/api/optionchain/live?underlying=NIFTY')).body;
  await eventually(live, (body) => (body as { stale?: boolean }).stale === false);
  for (const read of ['/api/auth/me', '/api/users', '/api/keys', '/api/optionchain/status']) {
    expect([read, (await send('GET', read)).status]).toEqual([read, 200]);
  }
}

/** Nothing of a change is kept that is refused because the database is away. */
async function expectWritesRefused(key: { id: string; secret: string }): Promise<void> {
  const kept = 'select (select count(*) from person_session), (select count(*) from activity)';
  const before = await rows(kept);
  const refused = [
    await addUser('somebody'),
    await trySignIn(admin.username, admin.password),
    await send('DELETE', `/api/keys/${key.id}`),
  ];
  for (const { status, code, retryAfterS } of refused) {
    expect([status, code]).toEqual([503, 'database_unavailable']);
    expect(retryAfterS).toBeGreaterThan(0);
  }
  expect(await statusWithKey(key.secret)).toBe(200);
  expect((await send('GET', '/api/users')).body).toMatchObject({ users: [{ username: 'admin' }] });
  expect(await rows('select username from person')).toEqual([{ username: 'admin' }]);
  expect(await rows(kept)).toEqual(before);
  const revoked = `select revoked_at from api_key where id = '${key.id}'`;
  expect(await rows(revoked)).toEqual([{ revoked_at: null }]);
}

/** Ten tries are answered somehow, one more is not looked at. */
async function expectThrottled(username: string): Promise<void> {
  for (let tries = 1; tries <= triesMax; tries++) {
    expect((await trySignIn(username, 'wrong password')).status).not.toBe(429);
  }
  const { status, code } = await trySignIn(username, 'wrong password');
  expect([status, code]).toEqual([429, 'sign_in_throttled']);
}

describe('a platform with PostgreSQL and Redis beside it', () => {
  it('keeps tries to sign in in Redis, under keys of its own', async () => {
    expect((await trySignIn('mallory', 'wrong password')).status).toBe(401);
    const client = new Redis(redis.url);
    const keys = await client.keys('*');
    const tries = await client.get('strikewire:state:sign-in:account:mallory');
    await client.quit();
    expect(tries).toBe('1');
    expect(keys.filter((key) => !key.startsWith('strikewire:'))).toEqual([]);
  });

  it.each([
    ['Redis is', ['redis']],
    ['PostgreSQL is', ['database']],
    ['both are', ['database', 'redis']],
  ] satisfies [string, Server[]][])('goes on while %s away', async (_what, away: Server[]) => {
    const isDatabaseAway = away.includes('database');
    const { uptimeMs } = await health();
    const key = await makeKey();
    const client = await watchNifty();
    for (const server of away) await lose(server);

    const well = ['chains', 'database', 'feed', 'redis']
      .filter((name) => !away.some((one) => one === name));
    await eventually(health, ({ status, checks }) => {
      const found = Object.entries(checks).filter(([, { ok }]) => ok).map(([name]) => name);
      return status === 'degraded' && String(found.sort()) === String(well);
    });
    expect((await fetch(platform.url('/health/live'))).status).toBe(200);
    await expectChainsLive(client);
    await expectThrottled(`guessed-${away.join('-')}`);
    if (isDatabaseAway) await expectWritesRefused(key);
    else expect((await trySignIn(admin.username, admin.password)).status).toBe(200);

    for (const server of away) await bringBack(server);
    await eventually(health, ({ status }) => status === 'ok');
    await expectChainsLive(client);
    client.close();
    expect((await send('DELETE', `/api/keys/${key.id}`)).status).toBeLessThan(300);
    expect(await statusWithKey(key.secret)).toBe(401);
    expect((await trySignIn(admin.username, admin.password)).status).toBe(200);
    // The same process all along.
    expect((await health()).uptimeMs).toBeGreaterThan(uptimeMs);
  });
  it('stores later what it had to tell while the database was away', async () => {
    await lose('database');
    const output = (): string => platform.api.output();
    // Told is what lasts from one look at the platform to the next, 15 s later.
    const waits = 'notifications wait for the database';
    await eventually(output, (text) => text.includes(waits), 90_000);
    await bringBack('database');
    const told = async (): Promise<string[]> => {
      const { body } = await send('GET', '/api/notifications');
      return (body as Notifications).notifications.map(({ kind }) => kind);
    };
    await eventually(told, (kinds) => kinds.includes('database.lost.over'), 90_000);
    expect(await told()).toContain('database.lost');
    expect(output()).not.toContain('lost: the database is away');
  });

  it('stops in order, and starts, while Redis is not there', async () => {
    await lose('redis');
    expect(await platform.api.stop()).toBe(0);
    await platform.restartApi();
    await eventually(health, ({ status, checks }) =>
      status === 'degraded' && checks['redis']?.ok === false);
    expect((await trySignIn(admin.username, admin.password)).status).toBe(200);
    await bringBack('redis');
    await eventually(health, ({ status }) => status === 'ok');
    expect((await trySignIn('mallory', 'wrong password')).status).toBe(401);
    const client = new Redis(redis.url);
    expect(await client.get('strikewire:state:sign-in:account:mallory')).toBe('1');
    await client.quit();
  });
});
