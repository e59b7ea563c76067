import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLog } from '@strikewire/runtime';
import { createNodeClock } from '@strikewire/runtime/node';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the test run's database is a tool
import { createTestDatabase, type TestDatabase } from '../../../../tools/services/database';
import { openDatabase } from '../database/data-source';
import { checkMasterKey } from './check-master-key';
import { CreateSecretTables1795305600000 } from './create-secret-tables.migration';
import { secretEntities, secretSealedColumns } from './entities';
import { loadMasterKey } from './load-master-key';
import { masterKeyOf, type MasterKeys } from './master-key';
import { rewrapColumns, type RewrapCount, type SealedColumn } from './rewrap-columns';
import { rotateKeyFile } from './rotate-key-file';
import { createSecretShelf } from './secret-shelf';
import { createVault } from './vault';

const clock = createNodeClock();
const [first, second] = [1, 2].map((byte) => masterKeyOf(Buffer.alloc(32, byte)));
const old = createVault({ current: first! }, randomBytes);
const both = createVault({ current: second!, previous: [first!] }, randomBytes);
const young = createVault({ current: second! }, randomBytes);

/** As another library would declare its own. */
const columns: readonly SealedColumn[] = [
  ...secretSealedColumns,
  { table: 'account', column: 'token', id: 'id' },
  { table: 'account', column: 'config', id: 'id', json: true },
  { table: 'not_there_yet', column: 'token', id: 'id' },
];

let place: TestDatabase;
let database: DataSource;
let client: Client;

beforeAll(async () => {
  place = await createTestDatabase();
  database = await openDatabase({
    url: place.url,
    entities: secretEntities,
    migrations: [CreateSecretTables1795305600000],
    log: silentLog,
  });
  client = new Client({ connectionString: place.url });
  await client.connect();
  await client.query('create table account (id bigint primary key, token text, config jsonb)');
});

afterAll(async () => {
  await client.end();
  await database.destroy();
  await place.drop();
});

beforeEach(async () => {
  await client.query('truncate account, platform_secret');
});

const rewrap = (): Promise<RewrapCount> => rewrapColumns(client, columns, both);

async function fill(count: number): Promise<void> {
  for (let id = 1; id <= count; id++) {
    const config = { pin: old.seal(`pin ${id}`, `account:${id}:pin`), name: 'sw1. of mine' };
    const values = [id, old.seal(`token ${id}`, `account:${id}:token`), JSON.stringify(config)];
    await client.query('insert into account values ($1, $2, $3)', values);
  }
}

async function accounts(): Promise<{ id: string; token: string; config: { pin: string } }[]> {
  return (await client.query('select * from account order by id')).rows;
}

describe('createSecretShelf', () => {
  it('keeps what was made first, sealed, and gives it back', async () => {
    const shelf = createSecretShelf(database, old, clock);
    expect(await shelf.get('cookie-key')).toBeUndefined();
    const make = (value: string): Promise<string> => shelf.getOrMake('cookie-key', () => value);
    const made = await Promise.all(['a', 'b', 'c'].map(make));
    expect(new Set(made).size).toBe(1);
    expect(await shelf.getOrMake('cookie-key', () => 'later')).toBe(made[0]);
    expect(await shelf.get('cookie-key')).toBe(made[0]);
    const { rows } = await client.query(`select sealed from platform_secret`);
    expect(rows).toEqual([{ sealed: expect.stringMatching(/^sw1\./) }]);
  });

  it('notices a secret that was put under another name', async () => {
    const shelf = createSecretShelf(database, old, clock);
    await shelf.getOrMake('one', () => 'first');
    await client.query(`update platform_secret set name = 'two'`);
    await expect(shelf.get('two')).rejects.toMatchObject({ code: 'secret_unreadable' });
  });
});

describe('checkMasterKey', () => {
  it('passes on the first start and with the same key, and refuses another', async () => {
    await checkMasterKey(database, old, clock);
    await checkMasterKey(database, old, clock);
    await checkMasterKey(database, both, clock);
    await expect(checkMasterKey(database, young, clock)).rejects.toMatchObject({
      kind: 'fatal',
      code: 'master_key_wrong',
      message: expect.stringMatching(`${second!.id} is not the one.*${first!.id}`),
    });
  });
});

describe('rewrapColumns', () => {
  it('puts every secret under the new key, whole columns and values of objects', async () => {
    await fill(450);
    await checkMasterKey(database, old, clock);
    expect(await rewrap()).toEqual({ found: 901, rewrapped: 901 });
    for (const { id, token, config } of await accounts()) {
      expect(young.open(token, `account:${id}:token`)).toBe(`token ${id}`);
      expect(young.open(config.pin, `account:${id}:pin`)).toBe(`pin ${id}`);
    }
    await checkMasterKey(database, young, clock);
    expect(await rewrap()).toEqual({ found: 901, rewrapped: 0 });
  });

  it('leaves alone what is empty, no object or no secret, to the last digit', async () => {
    const config = `{"big": 12345678901234567890.123456789, "note": "sw1.x", "none": null}`;
    await client.query(
      `insert into account values (1, null, $1), (2, 'plain', '["sw1.a"]'), (3, '', null)`,
      [config],
    );
    const read = 'select id, token, config::text from account order by id';
    const { rows: before } = await client.query(read);
    expect(await rewrap()).toEqual({ found: 0, rewrapped: 0 });
    expect((await client.query(read)).rows).toEqual(before);
    const sealed = old.seal('x', 'y');
    await client.query(
      `update account set config = jsonb_set(config, '{pin}', to_jsonb($1::text)) where id = 1`,
      [sealed],
    );
    expect(await rewrap()).toEqual({ found: 1, rewrapped: 1 });
    const { rows } = await client.query(`select config->>'big' as big from account where id = 1`);
    expect(rows).toEqual([{ big: '12345678901234567890.123456789' }]);
  });

  it('changes nothing when one secret cannot be read, and names its row', async () => {
    await fill(3);
    const strange = createVault({ current: masterKeyOf(Buffer.alloc(32, 9)) }, randomBytes);
    const token = strange.seal('secret-word', 'z');
    await client.query('update account set token = $1 where id = 3', [token]);
    const before = await accounts();
    const failed = await rewrap().catch((error: unknown) => error);
    expect(failed).toMatchObject({ kind: 'fatal', code: 'secret_unreadable' });
    expect(String(failed)).toMatch(/account\.token of 3: .*nothing was changed/);
    expect(String(failed)).not.toContain('secret-word');
    expect(await accounts()).toEqual(before);
  });

  it('is whole again after a connection that was lost in the middle', async () => {
    await fill(5);
    const before = await accounts();
    const lost = new Client({ connectionString: place.url });
    lost.on('error', () => undefined);
    await lost.connect();
    let left = 4;
    const failing = {
      rewrap: (sealed: string): string => {
        if (--left === 0) throw new Error('the machine is gone');
        return both.rewrap(sealed);
      },
    };
    await expect(rewrapColumns(lost, columns, failing)).rejects.toThrow(/gone/);
    await lost.end();
    expect(await accounts()).toEqual(before);
    expect(await rewrap()).toEqual({ found: 10, rewrapped: 10 });
  });
});

describe('rotateKeyFile', () => {
  let stateDir: string;
  const load = (): Promise<MasterKeys> =>
    loadMasterKey({ stateDir, isProduction: false, randomBytes });
  const rotate = (rewrapped: (keys: MasterKeys) => Promise<void>): Promise<void> =>
    rotateKeyFile(stateDir, randomBytes, rewrapped);
  const inDatabase = async (keys: MasterKeys): Promise<void> => {
    await rewrapColumns(client, columns, createVault(keys, randomBytes));
  };
  const opened = async (): Promise<string> => {
    const [row] = await accounts();
    return createVault(await load(), randomBytes).open(row!.token, 'here');
  };

  beforeEach(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'strikewire-rotation-'));
    const sealed = createVault(await load(), randomBytes).seal('token', 'here');
    await client.query('insert into account values (1, $1)', [sealed]);
    return () => rm(stateDir, { recursive: true });
  });

  it('changes the file and every secret, and forgets the old key', async () => {
    const before = await load();
    await rotate(inDatabase);
    const after = await load();
    expect(after.current.id).not.toBe(before.current.id);
    expect(after.previous).toEqual([]);
    expect(await readdir(stateDir)).toEqual(['master.key']);
    expect(await opened()).toBe('token');
  });

  it('can be read after a crash at any step, and is finished by the next call', async () => {
    const crash = (): Promise<never> => Promise.reject(new Error('crash'));
    const before = await load();
    // Before the new key is in place: it draws a draft's name, the new key, and its draft's name.
    for (let step = 1; step <= 3; step++) {
      let drawn = 0;
      const failing = (count: number): Uint8Array => {
        if (++drawn === step) throw new Error('crash');
        return randomBytes(count);
      };
      await expect(rotateKeyFile(stateDir, failing, inDatabase)).rejects.toThrow('crash');
      expect((await load()).current.id).toBe(before.current.id);
      expect(await opened()).toBe('token');
    }
    // Before the secrets are under it.
    await expect(rotate(crash)).rejects.toThrow('crash');
    const between = await load();
    expect(between.previous?.map(({ id }) => id)).toEqual([before.current.id]);
    expect(await opened()).toBe('token');
    // After they are, with the old key still lying there.
    const thenCrash = (keys: MasterKeys): Promise<void> => inDatabase(keys).then(crash);
    await expect(rotate(thenCrash)).rejects.toThrow('crash');
    expect(await opened()).toBe('token');
    const leftOver = await readFile(join(stateDir, 'master.key.previous'), 'utf8');
    expect(leftOver.trim()).toHaveLength(44);
    await rotate(inDatabase);
    const after = await load();
    expect([after.current.id, after.previous]).toEqual([between.current.id, []]);
    expect(await opened()).toBe('token');
  });

  it('says what to do when there is no key file', async () => {
    await rm(join(stateDir, 'master.key'));
    await expect(rotate(inDatabase)).rejects.toThrow(/no key file .*STRIKEWIRE_MASTER_KEY_PREV/);
  });
});
