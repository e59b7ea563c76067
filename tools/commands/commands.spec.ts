import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backUp } from '@strikewire/platform/backup';
import { startPostgres, type RunningPostgres } from '@strikewire/platform/postgres';
import { openAccess, type Access } from '@strikewire/access/module';
import { byPlatform, openDatabase } from '@strikewire/platform';
import { createMemoryStateStore, silentLog } from '@strikewire/runtime';
import { createNodeClock, createNodeSecureRandom } from '@strikewire/runtime/node';
import {
  checkMasterKey,
  createSecretShelf,
  createVault,
  loadMasterKey,
  masterKeyOf,
  type Vault,
} from '@strikewire/platform/secrets';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// eslint-disable-next-line @nx/enforce-module-boundaries -- a command does as the API does
import { entities, migrations } from '../../apps/api/src/database';
import { runNpmCommand, type Ended } from './testing/run-npm-command';

const clock = createNodeClock();
let stateDir: string;

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'strikewire-commands-'));
});

afterAll(() => rm(stateDir, { recursive: true, force: true }));

/** Runs a command on the state folder, or on what `env` says. */
function command(
  name: string,
  args: string[] = [],
  env: Record<string, string> = {},
): Promise<Ended> {
  return runNpmCommand(name, args, { STRIKEWIRE_STATE_DIR: stateDir, ...env });
}

/** As the API does at start, with the key file of the state folder. */
async function start(dir: string): Promise<{ postgres: RunningPostgres; vault: Vault }> {
  const dataDir = join(dir, 'postgres');
  const postgres = await startPostgres({ dataDir, durable: false, log: silentLog });
  const keys = await loadMasterKey({ stateDir: dir, isProduction: false, randomBytes });
  return { postgres, vault: createVault(keys, randomBytes) };
}

async function withShelf<T>(
  { postgres, vault }: { postgres: RunningPostgres; vault: Vault },
  work: (shelf: ReturnType<typeof createSecretShelf>) => Promise<T>,
): Promise<T> {
  const { url } = postgres;
  const database = await openDatabase({ url, entities, migrations, log: silentLog });
  try {
    await checkMasterKey(database, vault, clock);
    return await work(createSecretShelf(database, vault, clock));
  } finally {
    await database.destroy();
  }
}

/** People and the activity log, as the API opens them. */
async function withAccess<T>(url: string, work: (access: Access) => Promise<T>): Promise<T> {
  const database: DataSource = await openDatabase({ url, entities, migrations, log: silentLog });
  const access = await openAccess({
    clock, database, log: silentLog, random: createNodeSecureRandom(),
    state: createMemoryStateStore(clock, { entriesMax: 100 }), activityKey: Buffer.alloc(32, 5),
    firstPassword: 'a password for the test', mayMakeUpPassword: false, isSecure: false,
  });
  try {
    return await work(access);
  } finally {
    await access.stop();
    await database.destroy();
  }
}

/** Every table's rows as text. */
async function rowsOf(url: string): Promise<Record<string, unknown>> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'public' order by 1`,
    );
    const all: Record<string, unknown> = {};
    for (const { name } of tables) {
      const sql = `select t::text as row from ${name} t order by 1`;
      all[name] = (await client.query(sql)).rows;
    }
    return all;
  } finally {
    await client.end();
  }
}

/** Something in the tables of several libraries. */
async function fill(url: string): Promise<void> {
  await withAccess(url, async ({ activity }) => {
    for (let turn = 1; turn <= 20; turn++) {
      await activity.note(byPlatform, 'test.done', { turn, text: 'née "Ω"\n\\', none: null });
    }
  });
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      `insert into expiry_registry values
         ('2026-11-24', 'NSE', 'NIFTY', '2026-12-01', 'weekly', true, 'x',
          '2026-11-24 03:30:00.123456+00')`,
    );
    await client.query(
      `insert into chain_skeleton values
         ('2026-11-24', 'NSE', 'NIFTY', '2026-12-01', '{"strikes": [2450000.5, 1e30]}')`,
    );
    await client.query(
      `insert into atm_registry
       select 'NSE', 'S' || i, date '2026-12-01', 100 + i, '2026-11-24 03:30:00+00', 100, 100
       from generate_series(1, 1500) i`,
    );
  } finally {
    await client.end();
  }
}

describe('the commands', () => {
  it('back up while the platform runs, restore elsewhere, and change the master key', async () => {
    const running = await start(stateDir);
    await withShelf(running, (shelf) => shelf.getOrMake('cookie-key', () => 'of the first day'));
    await fill(running.postgres.url);
    const before = await rowsOf(running.postgres.url);

    const file = join(stateDir, 'copy.gz');
    const made = await command('backup', [file]);
    expect(made.output).toMatch(/Backed up 15\d\d rows of \d+ tables to .*copy\.gz/);
    expect(made.code).toBe(0);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    // It was the running one: it still is.
    expect(await rowsOf(running.postgres.url)).toEqual(before);

    const open = new Client({ connectionString: running.postgres.url });
    await open.connect();
    const refused = await command('restore', [file, '--replace']);
    expect([refused.code, refused.output]).toEqual([1, expect.stringMatching(/stop the platform/)]);
    const kept = await command('rotate-master-key');
    expect([kept.code, kept.output]).toEqual([1, expect.stringMatching(/stop the platform/)]);
    await open.end();
    await running.postgres.stop();

    const elsewhere = join(stateDir, 'elsewhere');
    await mkdir(elsewhere);
    await writeFile(join(elsewhere, 'activity.head'), 'of what was there before');
    const restored = await command('restore', [file], { STRIKEWIRE_STATE_DIR: elsewhere });
    expect(restored.output).toMatch(/Restored 15\d\d rows of \d+ tables as they were at 20/);
    expect(await readdir(elsewhere)).not.toContain('activity.head');
    const again = await command('restore', [file], { STRIKEWIRE_STATE_DIR: elsewhere });
    expect([again.code, again.output]).toEqual([1, expect.stringMatching(/rows in .*--replace/)]);

    const rotated = await command('rotate-master-key');
    expect([rotated.code, rotated.output]).toEqual([
      0, expect.stringMatching(/^2 of 2 secrets were put under the master key [0-9a-f]{16}\.\n$/),
    ]);
    expect((await readdir(stateDir)).filter((name) => name.startsWith('master'))).toEqual([
      'master.key',
    ]);
    const later = await start(stateDir);
    expect(later.vault.keyId).not.toBe(running.vault.keyId);
    expect(await withShelf(later, (shelf) => shelf.get('cookie-key'))).toBe('of the first day');
    await later.postgres.stop();

    // The backup still is under the key of its time.
    const place = { dataDir: join(elsewhere, 'postgres'), durable: false, log: silentLog };
    const other = { postgres: await startPostgres(place), vault: running.vault };
    expect(await rowsOf(other.postgres.url)).toEqual(before);
    const log = await withAccess(other.postgres.url, ({ activity }) => activity.verify());
    expect(log).toMatchObject({ intact: true, problem: null });
    expect(log.entries).toBeGreaterThan(20);
    expect(await withShelf(other, (shelf) => shelf.get('cookie-key'))).toBe('of the first day');
    const wrong = { postgres: other.postgres, vault: later.vault };
    await expect(withShelf(wrong, () => Promise.resolve())).rejects.toMatchObject({
      code: 'master_key_wrong',
    });
    await backUp({ url: other.postgres.url, file: join(elsewhere, 'again.gz'), clock });
    await other.postgres.stop();
  }, 300_000);

  it('change a master key of the environment, and say what they lack', async () => {
    const [first, second] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    const dir = join(stateDir, 'by-environment');
    const settings = {
      STRIKEWIRE_STATE_DIR: dir, NODE_ENV: 'production',
      STRIKEWIRE_MASTER_KEY: second.toString('base64'),
    };
    const missing = await command('rotate-master-key', [], settings);
    expect([missing.code, missing.output]).toEqual([1, expect.stringMatching(/no database in/)]);
    const postgres = await startPostgres({
      dataDir: join(dir, 'postgres'), durable: false, log: silentLog,
    });
    const vault = createVault({ current: masterKeyOf(first) }, randomBytes);
    await withShelf({ postgres, vault }, (shelf) => shelf.getOrMake('a', () => 'text of a'));
    const half = await command('rotate-master-key', [], settings);
    expect([half.code, half.output]).toEqual([1, expect.stringMatching(/MASTER_KEY_PREVIOUS/)]);
    const previous = { STRIKEWIRE_MASTER_KEY_PREVIOUS: first.toString('hex') };
    const whole = await command('rotate-master-key', [], { ...settings, ...previous });
    expect(whole.output).toMatch(/^2 of 2 secrets/);
    const young = createVault({ current: masterKeyOf(second) }, randomBytes);
    const now = { postgres, vault: young };
    expect(await withShelf(now, (shelf) => shelf.get('a'))).toBe('text of a');
    const keyless = { ...settings, STRIKEWIRE_MASTER_KEY: '' };
    const unset = await command('rotate-master-key', [], keyless);
    expect([unset.code, unset.output]).toEqual([1, expect.stringMatching(/must be given/)]);
    expect(await readdir(dir)).toEqual(['postgres']);
    await postgres.stop();
  }, 300_000);

  it('say how they are called', async () => {
    const none = await command('restore');
    expect([none.code, none.output]).toEqual([1, expect.stringMatching(/usage: npm run restore/)]);
    const odd = await command('backup', ['--replace']);
    expect([odd.code, odd.output]).toEqual([1, expect.stringMatching(/usage: npm run backup/)]);
  }, 240_000);
});
