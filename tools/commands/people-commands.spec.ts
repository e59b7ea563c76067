import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Access } from '@strikewire/access/module';
import { byPlatform, openDatabase } from '@strikewire/platform';
import { createMemoryStateStore, silentLog } from '@strikewire/runtime';
import { createNodeClock, createNodeSecureRandom } from '@strikewire/runtime/node';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
/* eslint-disable @nx/enforce-module-boundaries -- a command does as the API does */
import { entities, migrations } from '../../apps/api/src/database';
import { readEnvironment } from '../../apps/api/src/environment';
import { openSecurity } from '../../apps/api/src/security';
/* eslint-enable @nx/enforce-module-boundaries */
import { createTestDatabase, type TestDatabase } from '../services/database';
import { runNpmCommand, type Ended } from './testing/run-npm-command';

const clock = createNodeClock();
const password = 'a password for tests only';
const place = { address: '127.0.0.1', agent: 'test' };
const by = { caller: { kind: 'nobody' }, address: '127.0.0.1', requestId: 'r-1' } as const;
let stateDir: string;
let test: TestDatabase;
let settings: Record<string, string>;

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'strikewire-commands-'));
});

beforeEach(async () => {
  test = await createTestDatabase();
  settings = { STRIKEWIRE_STATE_DIR: stateDir, DATABASE_URL: test.url };
  return () => test.drop();
});

afterAll(() => rm(stateDir, { recursive: true, force: true }));

const command = (name: string, ...args: string[]): Promise<Ended> =>
  runNpmCommand(name, args, settings);

/** As the API opens people, on the database of the test. */
async function withPlatform<T>(
  work: (access: Access, database: DataSource) => Promise<T>,
): Promise<T> {
  const database = await openDatabase({ url: test.url, entities, migrations, log: silentLog });
  const environment = readEnvironment({ ...settings, STRIKEWIRE_ADMIN_PASSWORD: password });
  const { access } = await openSecurity({
    environment, clock, log: silentLog, random: createNodeSecureRandom(), database,
    state: createMemoryStateStore(clock, { entriesMax: 100 }),
  });
  try {
    return await work(access, database);
  } finally {
    await access.stop();
    await database.destroy();
  }
}

const signIn = (access: Access, tried: string): Promise<unknown> =>
  access.signIn.signIn({ username: 'admin', password: tried }, by, place);

describe('npm run verify-activity', () => {
  it('finds the log intact, also while the platform runs, and any change of it', async () => {
    await withPlatform(async ({ activity }, database) => {
      for (let turn = 1; turn <= 600; turn++) await activity.note(byPlatform, 'test', { turn });
      const whole = await command('verify-activity');
      expect([whole.code, whole.output]).toEqual([
        0, expect.stringMatching(/^The activity log is intact: 601 entries were checked\.\n/),
      ]);
      // What a superuser can do: the triggers that keep the log as it is are switched off.
      await database.query(
        `set session_replication_role = replica;
         update activity set after = replace(after, '77', '78') where sequence = 78;
         set session_replication_role = default`,
      );
    });
    const altered = await command('verify-activity');
    expect([altered.code, altered.output]).toEqual([
      1, 'The activity log is not intact: entry 78 is not as it was written. Entries before: 77.\n',
    ]);
  }, 240_000);

  it('finds an earlier state that was put back, and says when it could not', async () => {
    await withPlatform(async ({ activity }, database) => {
      const sql = 'create table kept as select * from activity_head';
      await database.query(sql);
      await activity.note(byPlatform, 'test', {});
    });
    const whole = await command('verify-activity');
    expect(whole.output).toBe('The activity log is intact: 2 entries were checked.\n');
    const client = new Client({ connectionString: test.url });
    await client.connect();
    await client.query(
      `set session_replication_role = replica;
       delete from activity where sequence > 1;
       delete from activity_head;
       insert into activity_head select * from kept`,
    );
    await client.end();
    const cut = await command('verify-activity');
    expect([cut.code, cut.output]).toEqual([1, expect.stringMatching(/2 to 2 are missing at the/)]);
    await rm(join(stateDir, 'activity.head'));
    const alone = await command('verify-activity');
    expect([alone.code, alone.output]).toEqual([0, expect.stringMatching(/Nothing in .*to comp/)]);
  }, 240_000);

  it('makes nothing where there is nothing', async () => {
    const empty = await command('verify-activity');
    expect([empty.code, empty.output]).toEqual([1, expect.stringMatching(/not been started on/)]);
    await withPlatform(async (_access, database) => {
      settings = { ...settings, STRIKEWIRE_STATE_DIR: join(stateDir, 'elsewhere') };
      const keyless = await command('verify-activity');
      expect([keyless.code, keyless.output]).toEqual([1, expect.stringMatching(/no master key/)]);
      await database.query(`delete from platform_secret where name = 'activity-log'`);
    });
    settings = { ...settings, STRIKEWIRE_STATE_DIR: stateDir };
    const removed = await command('verify-activity');
    expect([removed.code, removed.output]).toEqual([1, expect.stringMatching(/key of the activ/)]);
    expect((await readdir(stateDir)).sort()).toEqual(['activity.head', 'master.key']);
  }, 240_000);
});

describe('npm run reset-password', () => {
  it('lets somebody in again whom nothing else would', async () => {
    const refused = await withPlatform(async (access, database) => {
      await signIn(access, password);
      const { id } = access.directory.byUsername('admin') ?? { id: '' };
      await database.query('update person set enabled = false where id = $1', [id]);
      return command('reset-password', 'admin');
    });
    expect([refused.code, refused.output]).toEqual([1, expect.stringMatching(/stop the platform/)]);
    const unknown = await command('reset-password', 'nobody');
    expect([unknown.code, unknown.output]).toEqual([1, 'there is no user nobody\n']);

    const done = await command('reset-password', 'admin');
    expect(done.code).toBe(0);
    const shown = /^The password of admin, shown this once: (\S+)\n/;
    const [, made = ''] = shown.exec(done.output) ?? [];
    await withPlatform(async (access, database) => {
      const sessions = await database.query('select count(*)::int as n from person_session');
      expect(sessions).toEqual([{ n: 0 }]);
      await expect(signIn(access, password)).rejects.toMatchObject({ code: 'sign_in_refused' });
      expect(await signIn(access, made)).toMatchObject({
        me: { user: { username: 'admin', enabled: true, mustChangePassword: true } },
      });
      const { entries } = await access.activity.page({ limit: 10 });
      const seen = entries.map(({ actor, action }) => `${actor.name} ${action}`).slice(2, 4);
      expect(seen).toEqual(['platform user.changed', 'platform user.password_reset']);
      expect(JSON.stringify(entries)).not.toContain(made);
      expect(await access.activity.verify()).toMatchObject({ intact: true });
    });
  }, 240_000);

  it('says how it is called, and makes no user', async () => {
    const none = await command('reset-password');
    expect([none.code, none.output]).toEqual([1, expect.stringMatching(/usage: npm run reset-/)]);
    const empty = await command('reset-password', 'admin');
    expect([empty.code, empty.output]).toEqual([1, expect.stringMatching(/not been started on/)]);
  }, 240_000);
});
