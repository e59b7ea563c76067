import { silentLog } from '@strikewire/runtime';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
/* eslint-disable @nx/enforce-module-boundaries -- the test run's database is a tool */
import { createTestDatabase, type TestDatabase } from '../../../../tools/services/database';
import { openFlakyPath, type FlakyPath } from '../../../../tools/services/flaky-path';
/* eslint-enable @nx/enforce-module-boundaries */
import { openDatabase } from './data-source';
import { fromDatabase } from './database-error';

/** Longer than a busy machine stops. */
const silentMs = 1_200;
let test: TestDatabase;
let path: FlakyPath;
let database: DataSource;

beforeAll(async () => {
  test = await createTestDatabase();
  path = await openFlakyPath(test.url);
  const { url } = path;
  database = await openDatabase({ url, entities: [], migrations: [], log: silentLog, silentMs });
});

afterAll(async () => {
  await database?.destroy();
  await path?.close();
  await test?.drop();
});

const backend = async (): Promise<unknown> =>
  (await database.query<object[]>('select pg_backend_pid() as pid'))[0];

describe('a database that says nothing', () => {
  it('fails what was asked of it, and is found again when it is back', async () => {
    const before = await backend();
    const written = database.transaction(async (manager) => {
      await manager.query('create table half (id int)');
      path.hang();
      await manager.query('insert into half values (1)');
    });
    const error = await written.catch((thrown: unknown) => thrown);
    expect(fromDatabase(error)).toMatchObject({
      kind: 'retryable', code: 'database_unavailable', cause: { code: 'ETIMEDOUT' },
    });
    await path.restore();
    expect(await backend()).not.toEqual(before);
    const sql = `select to_regclass('half') as "half"`;
    await expect.poll(() => database.query(sql)).toEqual([{ half: null }]);
  });

  it('may have kept a change whose end was lost, and that is said', async () => {
    const ended = database.transaction(async (manager) => {
      await manager.query('create table whole (id int)');
      path.hang();
    });
    const error = fromDatabase(await ended.catch((thrown: unknown) => thrown));
    expect(error).toMatchObject({ code: 'database_unavailable' });
    expect(error?.message).toMatch(/may have kept or not/);
    await path.restore();
    // What was sent waited on the way, and arrives after all.
    const sql = `select to_regclass('whole')::text as "whole"`;
    await expect.poll(() => database.query(sql)).toEqual([{ whole: 'whole' }]);
  });

  it('is not one that nobody asks, nor one that takes its time between words', async () => {
    const before = await backend();
    await new Promise((resolve) => setTimeout(resolve, 2 * silentMs));
    expect(await backend()).toEqual(before);
    // Rows come all along: longer in all than it may be silent.
    const slow = `select pg_sleep(0.005), repeat('x', 20000) from generate_series(1, 300)`;
    expect(await database.query(slow)).toHaveLength(300);
    expect(await backend()).toEqual(before);
  });
});
