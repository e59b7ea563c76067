import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase } from '@strikewire/platform';
import { silentLog } from '@strikewire/runtime';
import type { DataSource } from 'typeorm';
/* eslint-disable @nx/enforce-module-boundaries -- a command does as the API does */
import { entities } from '../../apps/api/src/database';
import type { Environment } from '../../apps/api/src/environment';
/* eslint-enable @nx/enforce-module-boundaries */
import type { CommandRun } from './command';

/**
 * Runs `work` on the tables and with the master key of the platform, both as they are: nothing is
 * made or migrated here. Rejects when the platform has not been started with them yet.
 */
export async function withTables(
  { environment, database }: CommandRun,
  work: (source: DataSource) => Promise<void>,
): Promise<void> {
  const { url } = database;
  const source = await openDatabase({ url, entities, migrations: [], log: silentLog });
  try {
    const sql = `select to_regclass('activity_head') is not null as "isThere"`;
    const [found] = await source.query<{ isThere: boolean }[]>(sql);
    if (!found?.isThere) throw new Error('the platform has not been started on this database yet');
    await refuseNewKeyFile(environment);
    await work(source);
  } finally {
    await source.destroy();
  }
}

/** Without a key a start makes one up, which would open nothing of what is there. */
async function refuseNewKeyFile(environment: Environment): Promise<void> {
  const { NODE_ENV, STRIKEWIRE_MASTER_KEY: given, STRIKEWIRE_STATE_DIR: stateDir } = environment;
  if (given !== undefined || NODE_ENV === 'production') return;
  const file = join(stateDir, 'master.key');
  if (await stat(file).catch(() => undefined)) return;
  throw new Error(
    `there is no master key at ${file}: set STRIKEWIRE_STATE_DIR or STRIKEWIRE_MASTER_KEY as the ` +
      'platform has it',
  );
}
