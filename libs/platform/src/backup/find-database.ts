import { readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCodeOf, StrikewireError, type Log } from '@strikewire/runtime';
import { databaseName } from '../postgres/cluster';
import { startPostgres } from '../postgres/start-postgres';

/** A database that a command works on. */
export interface FoundDatabase {
  url: string;
  /** Stops the server, when it was started for this. */
  close(): Promise<void>;
}

/** Where the platform has its database, by its settings. */
export interface DatabasePlace {
  /** `DATABASE_URL`. */
  databaseUrl?: string | undefined;
  stateDir: string;
  /** Whether to make a database of our own when there is none yet. */
  make: boolean;
  log: Log;
}

/**
 * The database that the platform uses: the one at `DATABASE_URL`, else the own PostgreSQL in the
 * state folder, which is started for this unless the platform runs it right now.
 */
export async function findDatabase(place: DatabasePlace): Promise<FoundDatabase> {
  const { databaseUrl, stateDir, make, log } = place;
  if (databaseUrl !== undefined && databaseUrl !== '') {
    return { url: databaseUrl, close: () => Promise.resolve() };
  }
  const dataDir = join(stateDir, 'postgres');
  if (!make && !(await stat(join(dataDir, 'cluster')).catch(() => undefined))) {
    throw new StrikewireError({
      kind: 'not_found',
      code: 'database_missing',
      message:
        `there is no database in ${dataDir}: set STRIKEWIRE_STATE_DIR or DATABASE_URL as the ` +
        'platform has it',
    });
  }
  try {
    const server = await startPostgres({ dataDir, durable: true, log });
    return { url: server.url, close: () => server.stop() };
  } catch (error) {
    if (errorCodeOf(error) !== 'postgres_in_use') throw error;
    return { url: await urlOfRunning(dataDir), close: () => Promise.resolve() };
  }
}

/** Where the server listens stands in its lock file, on the fourth line. */
async function urlOfRunning(dataDir: string): Promise<string> {
  const place = await realpath(dataDir);
  const lock = await readFile(join(place, 'cluster', 'postmaster.pid'), 'utf8');
  const password = (await readFile(join(place, 'password'), 'utf8')).trim();
  const port = lock.split('\n')[3] ?? '';
  return `postgres://${databaseName}:${password}@127.0.0.1:${port}/${databaseName}`;
}
