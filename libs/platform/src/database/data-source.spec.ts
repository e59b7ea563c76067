import { silentLog } from '@strikewire/runtime';
import type { DataSource, MigrationInterface } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the test run's database is a tool
import { createTestDatabase, type TestDatabase } from '../../../../tools/services/database';
import { openDatabase } from './data-source';
import { fromDatabase } from './database-error';

class MakeShelf1700000000000 implements MigrationInterface {
  readonly name = 'MakeShelf1700000000000';
  async up(): Promise<void> {}
  async down(): Promise<void> {}
}

class MakeCupboard1700000000001 implements MigrationInterface {
  readonly name = 'MakeCupboard1700000000001';
  async up(): Promise<void> {}
  async down(): Promise<void> {}
}

let test: TestDatabase;

beforeAll(async () => {
  test = await createTestDatabase();
});

afterAll(() => test?.drop());

const open = (migrations: (new () => MigrationInterface)[] = []): Promise<DataSource> =>
  openDatabase({ url: test.url, entities: [], migrations, log: silentLog, lockMs: 200 });

describe('a database', () => {
  it('whose table somebody else holds makes nobody wait without end', async () => {
    const [ours, theirs] = [await open(), await open()];
    await ours.query('create table held (id int)');
    const holder = theirs.createQueryRunner();
    await holder.startTransaction();
    await holder.query('lock table held');
    const waiting = ours.transaction((manager) => manager.query('insert into held values (1)'));
    const error = await waiting.catch((thrown: unknown) => thrown);
    expect(fromDatabase(error)).toMatchObject({
      kind: 'retryable',
      code: 'database_unavailable',
      message: expect.stringMatching(/busy: nothing was changed/),
      details: { retryAfterS: 5 },
    });
    await holder.rollbackTransaction();
    await holder.release();
    expect(await ours.query('select * from held')).toEqual([]);
    await Promise.all([ours.destroy(), theirs.destroy()]);
  });

  it('lets go of a transaction that says nothing any more', async () => {
    const database = await open();
    const sql = 'show idle_in_transaction_session_timeout';
    expect(await database.query(sql)).toEqual([{ idle_in_transaction_session_timeout: '1min' }]);
    await database.destroy();
  });

  it('of a newer version is refused, and left as it is', async () => {
    const newer = await open([MakeShelf1700000000000, MakeCupboard1700000000001]);
    await newer.destroy();
    await expect(open([MakeShelf1700000000000])).rejects.toMatchObject({
      kind: 'fatal',
      code: 'database_newer',
      message: expect.stringMatching(/MakeCupboard1700000000001 is not known here/),
    });
    const again = await open([MakeShelf1700000000000, MakeCupboard1700000000001]);
    expect(await again.query('select count(*)::int as n from migrations')).toEqual([{ n: 2 }]);
    await again.destroy();
  });
});
