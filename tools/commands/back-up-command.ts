import { join, resolve } from 'node:path';
import { backUp } from '@strikewire/platform/backup';
import { createNodeClock } from '@strikewire/runtime/node';
import { runCommand, told, type CommandShape } from './command';

const shape: CommandShape = {
  usage: 'npm run backup -- [file]',
  argsMin: 0,
  argsMax: 1,
  flags: [],
  make: false,
};

await runCommand(shape, async ({ environment, database, args }) => {
  const clock = createNodeClock();
  const stamp = new Date(clock.wallMs()).toISOString().replace(/[:.]/g, '-');
  const usual = join(environment.STRIKEWIRE_STATE_DIR, 'backups', `strikewire-${stamp}.gz`);
  const file = resolve(args[0] ?? usual);
  const { bytes, rows } = await backUp({ url: database.url, file, clock });
  console.log(`Backed up ${told(rows)} to ${file} (${bytes} bytes).`);
  console.log('Secrets in it are sealed: keep the master key too, in another place.');
});
