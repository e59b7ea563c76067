import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { errorKindOf, silentLog } from '@strikewire/runtime';
import { createNodeClock } from '@strikewire/runtime/node';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the test run's database is a tool
import { createTestDatabase, type TestDatabase } from '../../../../tools/services/database';
import { takePlatformLock, type PlatformLock } from './platform-lock';

const clock = createNodeClock();
let test: TestDatabase;
let admin: Client;

beforeAll(async () => {
  test = await createTestDatabase();
  admin = new Client({ connectionString: test.url });
  await admin.connect();
});

afterAll(async () => {
  await admin?.end();
  await test?.drop();
});

/** What has been called is in `lost`. */
const take = (waitMs: number, lost: string[] = [], url = test.url): Promise<PlatformLock> =>
  takePlatformLock({
    url, clock, log: silentLog, waitMs, beatMs: 50, onLost: () => lost.push('lost'),
  });

/** Backends that have the lock. */
async function holders(): Promise<number[]> {
  const { rows } = await admin.query<{ pid: number }>(
    `select pid from pg_locks where locktype = 'advisory' and granted and database =
      (select oid from pg_database where datname = current_database())`,
  );
  return rows.map(({ pid }) => pid);
}

describe('the lock of a platform', () => {
  it('is given to one of two that come at once, and says so to the other', async () => {
    const both = await Promise.allSettled([take(300), take(300)]);
    const refused = both.filter((one) => one.status === 'rejected');
    expect(refused.map(({ reason }) => errorKindOf(reason))).toEqual(['fatal']);
    expect(String(refused[0]?.reason)).toMatch(/another platform runs on this database/);
    for (const one of both) if (one.status === 'fulfilled') await one.value.release();
    expect(await holders()).toEqual([]);
  });

  it('is waited for while another process stops', async () => {
    const first = await take(0);
    const second = take(60_000);
    await expect.poll(() => connections()).toBe(2);
    await first.release();
    await (await second).release();
  });

  it('is taken again when the connection was lost', async () => {
    const lost: string[] = [];
    const lock = await take(0, lost);
    const [before] = await holders();
    await admin.query('select pg_terminate_backend($1)', [before]);
    // The one that was ended may be seen a little longer.
    const others = async (): Promise<number[]> => (await holders()).filter((pid) => pid !== before);
    await expect.poll(others, { timeout: 30_000 }).toEqual([expect.any(Number)]);
    expect(lost).toEqual([]);
    await lock.release();
    await expect.poll(holders).toEqual([]);
  });

  it('is taken from a connection of its own that only the server believes in', async () => {
    const path = await openHalfPath(test.url);
    const lost: string[] = [];
    const lock = await take(0, lost, path.url);
    const before = await holders();
    path.cutHere();
    const isNew = async (): Promise<boolean> => {
      const now = await holders();
      return now.length === 1 && now[0] !== before[0];
    };
    await expect.poll(isNew, { timeout: 30_000 }).toBe(true);
    expect(lost).toEqual([]);
    await lock.release();
    path.close();
    await expect.poll(holders).toEqual([]);
  });

  it('is lost when another process took it meanwhile', async () => {
    const lost: string[] = [];
    const lock = await take(0, lost);
    const [before] = await holders();
    // Whoever waits at the server gets it the moment it is free.
    const other = new Client({ connectionString: test.url });
    await other.connect();
    const waiting = other.query('select pg_advisory_lock(1398035017, 1)');
    await admin.query('select pg_terminate_backend($1)', [before]);
    await waiting;
    await expect.poll(() => lost, { timeout: 30_000 }).toEqual(['lost']);
    await other.end();
    await lock.release();
  });
});

async function connections(): Promise<number> {
  const { rows } = await admin.query<{ n: number }>(
    `select count(*)::int as n from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid()
       and backend_type = 'client backend'`,
  );
  return rows[0]?.n ?? 0;
}

/** A way to the server whose far end stays open when the near one is cut. */
async function openHalfPath(
  url: string,
): Promise<{ url: string; cutHere(): void; close(): void }> {
  const target = new URL(url);
  const [near, far] = [new Set<Socket>(), new Set<Socket>()];
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
    client.pipe(upstream, { end: false });
    upstream.pipe(client);
    near.add(client);
    far.add(upstream);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const half = new URL(url);
  half.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: half.href,
    cutHere: () => near.forEach((socket) => socket.destroy()),
    close: () => {
      server.close();
      for (const socket of [...near, ...far]) socket.destroy();
    },
  };
}
