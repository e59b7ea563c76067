import { errorMessageOf, type Log } from '@strikewire/runtime';
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
}

const connectionsMax = 10;
/** One stays open while nothing is asked: by it commands see that the platform runs. */
const connectionsMin = 1;
const connectTimeoutMs = 10_000;
/** Longer than any statement of ours takes: none of them looks at more than one table. */
const silentMs = 20_000;

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
      onConnect: (client: Client) => endWhenSilent(client, options.silentMs ?? silentMs),
    },
  });
  await source.initialize();
  if (options.migrations.length > 0) await source.runMigrations();
  return source;
}
