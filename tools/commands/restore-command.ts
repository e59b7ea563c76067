import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { activityHeadFile } from '@strikewire/access/module';
import { restoreBackup } from '@strikewire/platform/backup';
// eslint-disable-next-line @nx/enforce-module-boundaries -- a command does as the API does
import { migrations } from '../../apps/api/src/database';
import { runCommand, told, type CommandShape } from './command';

const shape: CommandShape = {
  usage: 'npm run restore -- <file> [--replace]',
  argsMin: 1,
  argsMax: 1,
  flags: ['replace'],
  make: true,
};

await runCommand(shape, async ({ environment, database, args, flags }) => {
  const file = resolve(args[0] ?? '');
  const { at, rows } = await restoreBackup({
    url: database.url,
    file,
    migrations,
    replace: flags.has('replace'),
    alone: true,
  });
  // The log ends earlier now, and rightly so: the next start remembers where.
  await rm(activityHeadFile(environment.STRIKEWIRE_STATE_DIR), { force: true });
  console.log(`Restored ${told(rows)} as they were at ${at}.`);
  console.log('The platform needs the master key of that time, to read the secrets in it.');
  console.log('Sessions and API keys are those of that time: revoke again what was revoked since.');
});
