import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { silentLog } from '@strikewire/runtime';
import { createNodeClock } from '@strikewire/runtime/node';
import fc from 'fast-check';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the test run's database is a tool
import { createTestDatabase, type TestDatabase } from '../../../../tools/services/database';
import { openDatabase } from '../database/data-source';
import { backUp } from './back-up';
import type { MigrationClass } from './connection';
import { verifyBackup } from './backup-reader';
import { restoreBackup, type RestoreSummary } from './restore';
import {
  AddLoudness1700000002000,
  CreateGuardedTables1700000001000,
  CreateOddTables1700000000000,
  fillOddTables,
} from './testing/odd-tables';

const clock = createNodeClock();
const today = [CreateOddTables1700000000000, CreateGuardedTables1700000001000];
const tomorrow = [...today, AddLoudness1700000002000];
const places: TestDatabase[] = [];
let folder: string;
let file: string;
let source: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strikewire-backup-'));
  file = join(folder, 'first.gz');
  source = await database(today);
  await inDatabase(source, (client) => fillOddTables((sql) => client.query(sql)));
  await backUp({ url: source, file, clock });
});

afterAll(async () => {
  for (const place of places) await place.drop();
  await rm(folder, { recursive: true });
});

/** An empty database, or one with the tables of these migrations. */
async function database(migrations: readonly MigrationClass[] = []): Promise<string> {
  const place = await createTestDatabase();
  places.push(place);
  if (migrations.length > 0) {
    const opened = await openDatabase({ url: place.url, entities: [], migrations, log: silentLog });
    await opened.destroy();
  }
  return place.url;
}

async function inDatabase<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Every row of every table as text, with what guards them and what sequences give next. */
async function everything(url: string): Promise<Record<string, unknown>> {
  return inDatabase(url, async (client) => {
    const all: Record<string, unknown> = {};
    for (const table of ['kinds', '"Odd ""Name"', 'person', 'desk', 'journal', 'migrations']) {
      const columns = table === 'migrations' ? 'timestamp, name' : '*';
      const sql = `select t::text as row from (select ${columns} from ${table}) t order by 1`;
      all[table] = (await client.query(sql).catch(() => ({ rows: [] }))).rows;
    }
    const kept = `
      select concat(tgname, ' ', tgenabled) as name from pg_trigger where not tgisinternal
      union select concat(conname, ' ', pg_get_constraintdef(oid)) from pg_constraint
        where connamespace = 'public'::regnamespace
      order by 1`;
    return { ...all, guards: (await client.query(kept)).rows };
  });
}

function restore(
  url: string,
  options: Partial<Parameters<typeof restoreBackup>[0]> = {},
): Promise<RestoreSummary> {
  return restoreBackup({
    url, file, migrations: today, replace: false, alone: false, ...options,
  });
}

describe('a backup', () => {
  it('comes back row by row in an empty database, whatever its settings', async () => {
    const target = await database();
    await inDatabase(target, async (client) => {
      const { rows } = await client.query<{ name: string }>('select current_database() as name');
      const settings = [`timezone = 'Asia/Kolkata'`, `datestyle = 'SQL, DMY'`];
      settings.push(`intervalstyle = 'iso_8601'`, `bytea_output = 'escape'`);
      for (const setting of settings) {
        await client.query(`alter database ${rows[0]!.name} set ${setting}`);
      }
    });
    const summary = await restore(target);
    expect(summary.rows).toEqual({ 'Odd "Name': 1201, desk: 1, journal: 3, kinds: 3, person: 3 });
    await inDatabase(target, async (client) => {
      const { rows } = await client.query<{ name: string }>('select current_database() as name');
      await client.query(`alter database ${rows[0]!.name} reset all`);
    });
    expect(await everything(target)).toEqual(await everything(source));
  });

  it('keeps JSON null apart from none, and every digit', async () => {
    const target = await database();
    await restore(target);
    const sql = `
      select object = 'null'::jsonb as is_json_null, object->>'n' as n, big::text, exact::text,
        to_char(at at time zone 'UTC', 'HH24:MI:SS.US') as at, raw::text, texts
      from kinds order by id`;
    const { rows } = await inDatabase(target, (client) => client.query(sql));
    expect(rows).toMatchObject([
      {
        n: '123456789012345678901234.5', big: '9223372036854775807', at: '03:45:00.123456',
        exact: '12345678901234567890.123456789012345678901', raw: '{ "a" : 1,\n "a": 2 }',
        texts: ['a,b', null, '"', '\\', 'new\nline', ''],
      },
      { is_json_null: true, big: '-9223372036854775808', exact: 'NaN' },
      { is_json_null: null },
    ]);
  });

  it('lets sequences go on where they were, and tables guard themselves again', async () => {
    const target = await database();
    await restore(target);
    await inDatabase(target, async (client) => {
      const one = await client.query(`insert into "Odd ""Name" values ('new') returning n`);
      expect(one.rows).toEqual([{ n: 7001 }]);
      const two = await client.query('insert into kinds default values returning id::text');
      expect(two.rows).toEqual([{ id: '4' }]);
      await expect(client.query('delete from journal')).rejects.toThrow(/only grows/);
      await expect(client.query('insert into desk values (8, 99)')).rejects.toThrow(/foreign key/);
    });
  });

  it('is for its owner alone, appears whole or not at all, and replaces no file', async () => {
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const again = backUp({ url: source, file, clock });
    await expect(again).rejects.toMatchObject({ kind: 'invalid', code: 'backup_exists' });
    const other = join(folder, 'deep', 'other.gz');
    const unknown = backUp({ url: await database(), file: other, clock });
    await expect(unknown).rejects.toMatchObject({ code: 'database_unknown' });
    expect(await readdir(join(folder, 'deep'))).toEqual([]);
  });

  it('shows one moment, whatever is written meanwhile', async () => {
    const url = await database(today);
    const ended = new AbortController();
    const writing = inDatabase(url, async (client) => {
      for (let id = 1; !ended.signal.aborted; id++) {
        await client.query('begin');
        await client.query('insert into person values ($1, $1, $1)', [id]);
        await client.query('insert into desk values ($1, $1)', [id]);
        await client.query('commit');
      }
    });
    const summaries = [];
    for (let round = 0; round < 5; round++) {
      summaries.push(await backUp({ url, file: join(folder, `moment-${round}.gz`), clock }));
    }
    ended.abort();
    await writing;
    for (const { rows } of summaries) expect(rows['person']).toBe(rows['desk']);
    expect(summaries.at(-1)!.rows['desk']).toBeGreaterThan(0);
  });
});

describe('a restore', () => {
  it('refuses a database with rows, and replaces them when told to', async () => {
    const target = await database(today);
    await inDatabase(target, (client) => client.query(`
      insert into person values (77, 77, null); insert into "Odd ""Name" values ('mine')`));
    const before = await everything(target);
    await expect(restore(target)).rejects.toMatchObject({
      code: 'database_not_empty',
      message: expect.stringMatching(/rows in Odd "Name, journal, person: .*--replace/),
    });
    expect(await everything(target)).toEqual(before);
    await restore(target, { replace: true });
    expect(await everything(target)).toEqual(await everything(source));
  });

  it('brings an older backup up to this version', async () => {
    const expected = [{ id: 1, loud: false }, { id: 2, loud: true }, { id: 3, loud: true }];
    for (const target of [await database(), await database(tomorrow)]) {
      await restore(target, { migrations: tomorrow, replace: true });
      const sql = 'select id, loud from person order by id';
      const { rows } = await inDatabase(target, (client) => client.query(sql));
      expect(rows).toEqual(expected);
      const opened = await openDatabase({
        url: target, entities: [], migrations: tomorrow, log: silentLog,
      });
      expect(await opened.runMigrations()).toEqual([]);
      await opened.destroy();
    }
  });

  it('refuses what is newer: the backup, or the database', async () => {
    const newer = join(folder, 'newer.gz');
    const url = await database(tomorrow);
    await backUp({ url, file: newer, clock });
    const target = await database();
    await expect(restore(target, { file: newer })).rejects.toMatchObject({
      code: 'backup_newer', message: expect.stringContaining('AddLoudness1700000002000'),
    });
    const later = restore(url, { replace: true });
    await expect(later).rejects.toMatchObject({ code: 'database_newer' });
    const odd = restore(target, { migrations: [AddLoudness1700000002000, ...today.slice(1)] });
    await expect(odd).rejects.toMatchObject({ code: 'backup_newer' });
    class Between1700000000500 extends AddLoudness1700000002000 {
      override readonly name = 'Between1700000000500' as never;
    }
    const other = restore(target, { migrations: [...today, Between1700000000500] });
    await expect(other).rejects.toMatchObject({ code: 'backup_history_differs' });
  });

  it('refuses a database that also holds tables of others', async () => {
    const target = await database();
    await inDatabase(target, (client) => client.query('create table theirs as select 1 as n'));
    await expect(restore(target, { replace: true })).rejects.toMatchObject({
      code: 'backup_tables_differ', message: expect.stringContaining('has theirs (n)'),
    });
    const { rows } = await inDatabase(target, (client) => client.query('select n from theirs'));
    expect(rows).toEqual([{ n: 1 }]);
  });

  it('refuses while somebody else is connected, when it is to be alone', async () => {
    const target = await database();
    await inDatabase(target, async () => {
      const refused = restore(target, { alone: true });
      await expect(refused).rejects.toMatchObject({ code: 'database_in_use' });
    });
  });

  it('leaves all as it was when a row does not fit', async () => {
    const target = await database(today);
    await inDatabase(target, (client) => client.query(`insert into person values (5)`));
    const before = await everything(target);
    const wrong = join(folder, 'wrong.gz');
    const { createHash } = await import('node:crypto');
    const lines = gunzipSync(await readFile(file)).toString().trimEnd().split('\n');
    const body = lines.slice(0, -1).map((line) => line.replace('["7","2"]', '["7","99"]'));
    const text = `${body.join('\n')}\n`;
    expect(text).toContain('["7","99"]');
    const end = JSON.parse(lines.at(-1)!) as { end: { sha256: string } };
    end.end.sha256 = createHash('sha256').update(text).digest('hex');
    await writeFile(wrong, gzipSync(`${text}${JSON.stringify(end)}\n`));
    await expect(restore(target, { file: wrong, replace: true })).rejects.toMatchObject({
      code: 'restore_failed', message: expect.stringMatching(/nothing was restored: .*foreign key/),
    });
    expect(await everything(target)).toEqual(before);
  });
});

describe('a damaged file', () => {
  const damagedPath = (): string => join(folder, 'damaged.gz');
  const verify = async (bytes: Uint8Array): Promise<string> => {
    await writeFile(damagedPath(), bytes);
    return verifyBackup(damagedPath()).then(() => 'whole', (error: { code: string }) => error.code);
  };

  afterEach(() => rm(damagedPath(), { force: true }));

  it('is refused before anything changes', async () => {
    const target = await database();
    await writeFile(damagedPath(), (await readFile(file)).subarray(0, -20));
    const refused = restore(target, { file: damagedPath() });
    await expect(refused).rejects.toMatchObject({ kind: 'invalid', code: 'backup_damaged' });
    const sql = `select count(*)::int as n from pg_tables where schemaname = 'public'`;
    expect((await inDatabase(target, (client) => client.query(sql))).rows).toEqual([{ n: 0 }]);
  });

  it('is noticed wherever it is cut', async () => {
    const [packed, plain] = [await readFile(file), gunzipSync(await readFile(file))];
    expect(await verify(packed)).toBe('whole');
    const cut = fc.nat().map((at) => at % packed.length);
    await fc.assert(
      fc.asyncProperty(cut, async (at) => {
        expect(await verify(packed.subarray(0, at))).toBe('backup_damaged');
      }),
      { numRuns: 60 },
    );
    const lines = plain.toString().split('\n');
    for (const count of [0, 1, 2, 5, 700, lines.length - 2]) {
      const text = lines.slice(0, count).map((line) => `${line}\n`).join('');
      expect(await verify(gzipSync(text))).toBe('backup_damaged');
    }
    expect(await verify(gzipSync(plain.subarray(0, -1)))).toBe('backup_damaged');
    expect(await verify(gzipSync(Buffer.concat([plain, plain])))).toBe('backup_damaged');
  });

  it('is noticed wherever a bit is flipped', async () => {
    const plain = gunzipSync(await readFile(file));
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(7), async (place, bit) => {
        const altered = Buffer.from(plain);
        const at = place % plain.length;
        altered[at] = altered[at]! ^ (1 << bit);
        expect(await verify(gzipSync(altered, { level: 1 }))).toBe('backup_damaged');
      }),
      { numRuns: 100 },
    );
    const packed = await readFile(file);
    packed[packed.length >> 1]! ^= 4;
    expect(await verify(packed)).toBe('backup_damaged');
  });

  it('is noticed when lines are gone, doubled or in another order', async () => {
    const lines = gunzipSync(await readFile(file)).toString().split('\n');
    const rebuilt = (change: (all: string[]) => void): Promise<string> => {
      const changed = [...lines];
      change(changed);
      return verify(gzipSync(changed.join('\n')));
    };
    expect(await rebuilt((all) => all.splice(5, 1))).toBe('backup_damaged');
    expect(await rebuilt((all) => all.splice(5, 0, all[5]!))).toBe('backup_damaged');
    expect(await rebuilt((all) => all.splice(5, 2, all[6]!, all[5]!))).toBe('backup_damaged');
    expect(await rebuilt((all) => all.splice(1, 0, '["a"]'))).toBe('backup_damaged');
    expect(await verify(Buffer.from('no gzip at all'))).toBe('backup_damaged');
    expect(await verify(gzipSync('{"format":"strikewire-backup","version":2}\n'))).toBe(
      'backup_damaged',
    );
  });
});
