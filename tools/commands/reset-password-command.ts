import { resetPassword, type Access } from '@strikewire/access/module';
import { byPlatform } from '@strikewire/platform';
import { refuseOtherSessions } from '@strikewire/platform/backup';
import { createMemoryStateStore, silentLog } from '@strikewire/runtime';
import { createNodeClock, createNodeSecureRandom } from '@strikewire/runtime/node';
import type { DataSource, EntityManager } from 'typeorm';
// eslint-disable-next-line @nx/enforce-module-boundaries -- a command does as the API does
import { openSecurity } from '../../apps/api/src/security';
import { runCommand, type CommandRun, type CommandShape } from './command';
import { withTables } from './open-tables';

const shape: CommandShape = {
  usage: 'npm run reset-password -- <username>',
  argsMin: 1,
  argsMax: 1,
  flags: [],
  make: false,
};

await runCommand(shape, (run) =>
  withTables(run, async (database) => {
    // A running platform has people and sessions in memory, and would go on with those.
    await refuseOtherSessions((sql) => database.query(sql));
    const access = await openPeople(run, database);
    try {
      const username = run.args[0] ?? '';
      const password = await reset(access, username);
      console.log(`The password of ${username}, shown this once: ${password}`);
      console.log('It has to be replaced after signing in.');
      console.log('All sessions of that user are over, and all its API keys are revoked.');
    } finally {
      await access.stop();
    }
  }),
);

async function openPeople(
  { environment }: CommandRun,
  database: DataSource,
): Promise<Access> {
  const [first] = await database.query<object[]>('select 1 from person limit 1');
  if (!first) throw new Error('there are no users yet: the next start makes the first admin');
  const clock = createNodeClock();
  const { access } = await openSecurity({
    environment,
    clock,
    log: silentLog,
    random: createNodeSecureRandom(),
    database,
    state: createMemoryStateStore(clock, { entriesMax: 1 }),
  });
  return access;
}

async function reset(access: Access, username: string): Promise<string> {
  const { directory, sessions } = access;
  const person = directory.byUsername(username);
  if (!person) throw new Error(`there is no user ${username}`);
  const password = directory.madeUpPassword();
  await resetPassword(access, person, password, byPlatform);
  if (!person.enabled) {
    const endSessions = async (manager: EntityManager): Promise<void> => {
      await sessions.endAll(manager, person.id);
    };
    await directory.change(person.id, { enabled: true }, byPlatform, endSessions);
  }
  return password;
}
