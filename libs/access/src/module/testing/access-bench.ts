import type { Role } from '@strikewire/contracts';
import { openDatabase, type ActedBy, type Person } from '@strikewire/platform';
import { createMemoryStateStore, silentLog } from '@strikewire/runtime';
import { createNodeSecureRandom } from '@strikewire/runtime/node';
import { createVirtualClock, type VirtualClock } from '@strikewire/runtime/virtual';
import type { DataSource } from 'typeorm';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the test run's database is a tool
import { createTestDatabase } from '../../../../../tools/services/database';
import { openAccess, type Access } from '../access';
import { CreateAccessTables1795305500000 } from '../create-access-tables.migration';
import { accessEntities } from '../entities';

/** Of the admin and everybody else who is made here. */
export const benchPassword = 'a password for tests only';
const place = { address: '10.0.0.1', agent: 'bench' };
/** Nobody in particular, from one address. */
export const byNobody: ActedBy = {
  caller: { kind: 'nobody' }, address: place.address, requestId: 'r-1',
};

/** People, sessions, keys and the activity log over a database of their own, in virtual time. */
export interface AccessBench {
  access: Access;
  readonly clock: VirtualClock;
  readonly database: DataSource;
  /** As after a restart of the process. */
  reopen(): Promise<void>;
  /** Adds somebody with the password of the bench; resolves with the id. */
  add(username: string, role: Role): Promise<string>;
  /** Signs in from an address of its own choice; resolves with the token. */
  signIn(username: string, options?: { password?: string; address?: string }): Promise<string>;
  /** Whoever a token is of; throws when nobody. */
  person(token: string): Person;
  stop(): Promise<void>;
}

/** Opens it with the user `admin`; `activityHeadFile`: where the newest entry is remembered. */
export async function openAccessBench(activityHeadFile?: string): Promise<AccessBench> {
  const clock = createVirtualClock(Date.UTC(2026, 10, 24, 4, 30));
  const test = await createTestDatabase();
  const migrations = [CreateAccessTables1795305500000];
  const entities = accessEntities as Parameters<typeof openDatabase>[0]['entities'];
  const database = await openDatabase({ url: test.url, entities, migrations, log: silentLog });
  const random = createNodeSecureRandom();
  const activityKey = random.bytes(32);
  const state = createMemoryStateStore(clock, { entriesMax: 10_000 });
  const open = (): Promise<Access> =>
    openAccess({
      clock, log: silentLog, random, database, state, activityKey,
      firstPassword: benchPassword, mayMakeUpPassword: false, isSecure: false,
      ...(activityHeadFile === undefined ? {} : { activityHeadFile }),
    });
  const bench: AccessBench = {
    access: await open(),
    clock,
    database,
    async reopen() {
      await bench.access.stop();
      bench.access = await open();
    },
    async add(username, role) {
      const user = { username, name: username, role };
      return (await bench.access.directory.add(user, byNobody, benchPassword)).user.id;
    },
    async signIn(username, { password = benchPassword, address = place.address } = {}) {
      const by = { ...byNobody, address };
      const from = { ...place, address };
      return (await bench.access.signIn.signIn({ username, password }, by, from)).token;
    },
    person(token) {
      const person = bench.access.sessions.identify(token);
      if (!person) throw new Error('the token is nobody\'s');
      return person;
    },
    async stop() {
      await bench.access.stop();
      await database.destroy();
      await test.drop();
    },
  };
  return bench;
}

/** The code of what a promise rejects with; `kept` when it does not. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (thrown) {
    return (thrown as { code?: string }).code ?? String(thrown);
  }
  return 'kept';
}
