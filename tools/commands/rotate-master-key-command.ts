import { randomBytes } from 'node:crypto';
import { refuseOtherSessions } from '@strikewire/platform/backup';
import {
  createVault,
  loadMasterKey,
  rewrapColumns,
  rotateKeyFile,
  type MasterKeys,
} from '@strikewire/platform/secrets';
import { Client } from 'pg';
// eslint-disable-next-line @nx/enforce-module-boundaries -- a command does as the API does
import { sealedColumns } from '../../apps/api/src/database';
import { runCommand, type CommandRun, type CommandShape } from './command';

const shape: CommandShape = {
  usage: 'npm run rotate-master-key',
  argsMin: 0,
  argsMax: 0,
  flags: [],
  make: false,
};

await runCommand(shape, async ({ environment, database }) => {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    await rotate(environment, client);
  } finally {
    await client.end();
  }
});

async function rotate(environment: CommandRun['environment'], client: Client): Promise<void> {
  const { STRIKEWIRE_STATE_DIR: stateDir, NODE_ENV } = environment;
  const rewrap = async (keys: MasterKeys): Promise<void> => {
    const vault = createVault(keys, randomBytes);
    const { found, rewrapped } = await rewrapColumns(client, sealedColumns, vault);
    console.log(`${rewrapped} of ${found} secrets were put under the master key ${vault.keyId}.`);
  };
  const given = environment.STRIKEWIRE_MASTER_KEY;
  if (given !== undefined || NODE_ENV === 'production') {
    const keys = await loadMasterKey({
      given,
      previous: environment.STRIKEWIRE_MASTER_KEY_PREVIOUS,
      stateDir,
      isProduction: NODE_ENV === 'production',
      randomBytes,
    });
    await rewrap(keys);
    console.log('STRIKEWIRE_MASTER_KEY_PREVIOUS is not needed any more.');
    return;
  }
  // A running platform would go on sealing with the key that it has read.
  await refuseOtherSessions(async (sql) => (await client.query<{ others: number }>(sql)).rows);
  await rotateKeyFile(stateDir, randomBytes, rewrap);
}
