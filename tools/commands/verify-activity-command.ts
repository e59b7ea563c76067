import { activityHeadFile, openActivityLog } from '@strikewire/access/module';
import { createSecretShelf } from '@strikewire/platform/secrets';
import { silentLog } from '@strikewire/runtime';
import { createNodeClock, createNodeSecureRandom } from '@strikewire/runtime/node';
// eslint-disable-next-line @nx/enforce-module-boundaries -- a command does as the API does
import { openVault, readActivityKey } from '../../apps/api/src/security';
import { runCommand, type CommandShape } from './command';
import { withTables } from './open-tables';

const shape: CommandShape = {
  usage: 'npm run verify-activity',
  argsMin: 0,
  argsMax: 0,
  flags: [],
  make: false,
};

await runCommand(shape, (run) =>
  withTables(run, async (database) => {
    const clock = createNodeClock();
    const vault = await openVault(run.environment, createNodeSecureRandom());
    const activityKey = await readActivityKey(createSecretShelf(database, vault, clock));
    const file = activityHeadFile(run.environment.STRIKEWIRE_STATE_DIR);
    const log = await openActivityLog({
      database, clock, log: silentLog, activityKey, activityHeadFile: file,
    });
    const { intact, entries, problem } = await log.verify();
    if (!intact) {
      throw new Error(`The activity log is not intact: ${problem}. Entries before: ${entries}.`);
    }
    console.log(`The activity log is intact: ${entries} entries were checked.`);
    if (log.isCompared) return;
    console.log(`Nothing in ${file} to compare with: an earlier state put back would not show.`);
  }),
);
