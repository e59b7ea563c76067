import { errorMessageOf, StrikewireError, type Log } from '@strikewire/runtime';
import type { Client } from 'pg';
import { DataSource, type EntitySchema, type MigrationInterface } from 'typeorm';
import { endWhenSilent } from './silent-server';

/** Which server, and what lives in it. */
export interface DatabaseOptions {
  /** `postgres://…`; PostgreSQL 15 or newer. */
  url: string;
  entities: readonly EntitySchema<object>[];
  /** One time-ordered list, never `synchronize`; none: the schema is taken as it is. */
  migrations: readonly (new () => MigrationInterface)[];
  log: Log;
  /** A query that is not answered at all for so long has failed; 20,000 when not given. */
  silentMs?: number;
  /** A change that waits so long for a lock that others hold has failed; 10,000 when not given. */
  lockMs?: number;
}

const connectionsMax = 10;
/** One stays open while nothing is asked: by it commands see that the platform runs. */
const connectionsMin = 1;
const connectTimeoutMs = 10_000;
/** Longer than any statement of ours takes: none of them looks at more than one table. */
const silentMs = 20_000;
const lockMs = 10_000;
/** A transaction of ours that says nothing for so long is forgotten: what it locked is let go. */
const idleInTransactionMs = 60_000;

/**
 * Connects and brings the schema up to date, all pending migrations or none. When the server goes
 * away later, queries reject until it is back; connections are made anew by themselves.
 */
export async function openDatabase(options: DatabaseOptions): Promise<DataSource> {
  const source = new DataSource({
    type: 'postgres',
    url: options.url,
    entities: [...options.entities],
    migrations: [...options.migrations],
    migrationsTransactionMode: 'all',
    synchronize: false,
    // An idle connection that ends is nobody's failure: whoever asks next gets another.
    poolErrorHandler: (error: unknown) =>
      options.log.debug('a database connection ended', { reason: errorMessageOf(error) }),
    extra: {
      min: connectionsMin,
      max: connectionsMax,
      connectionTimeoutMillis: connectTimeoutMs,
      onConnect: (client: Client) => prepare(client, options),
    },
  });
  await source.initialize();
  if (options.migrations.length > 0) await migrate(source);
  return source;
}

/** Nothing that is asked on a connection may wait without end. */
async function prepare(client: Client, options: DatabaseOptions): Promise<void> {
  endWhenSilent(client, options.silentMs ?? silentMs);
  await client.query(
    `set lock_timeout = ${options.lockMs ?? lockMs};
     set idle_in_transaction_session_timeout = ${idleInTransactionMs}`,
  );
}

async function migrate(source: DataSource): Promise<void> {
  try {
    await refuseNewer(source);
    await source.runMigrations();
  } catch (error) {
    await source.destroy();
    throw error;
  }
}

/** A newer version may keep things in a way that this one would spoil. */
async function refuseNewer(source: DataSource): Promise<void> {
  const [found] = await source.query<{ isThere: boolean }[]>(
    `select to_regclass('migrations') is not null as "isThere"`,
  );
  if (!found?.isThere) return;
  const run = await source.query<{ name: string }[]>('select name from migrations order by id');
  const known = new Set(source.migrations.map(({ name }) => name));
  const unknown = run.find(({ name }) => !known.has(name));
  if (unknown === undefined) return;
  throw new StrikewireError({
    kind: 'fatal',
    code: 'database_newer',
    message:
      `the database is of a newer version: its migration ${unknown.name} is not known here; ` +
      'start that version, or restore a backup of this one',
  });
}
