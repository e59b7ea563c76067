import { join } from 'node:path';
import { openDatabase, takePlatformLock } from '@strikewire/platform';
import { openStateAndJobs, type StateAndJobs } from '@strikewire/platform/jobs';
import { startPostgres } from '@strikewire/platform/postgres';
import type { Clock, Log } from '@strikewire/runtime';
import type { DataSource } from 'typeorm';
import { entities, migrations } from './database';
import type { Environment } from './environment';
import type { StopSteps } from './shutdown';

/** Where everything is kept. */
export interface Storage extends StateAndJobs {
  database: DataSource;
}

/** Opens database, shared state and jobs; each is closed by a step of the stop. */
export async function openStorage(deps: {
  environment: Environment;
  clock: Clock;
  log: Log;
  stops: StopSteps;
  /** The database was taken by another process: nothing can go on. */
  lost(): void;
}): Promise<Storage> {
  const { environment, clock, log, stops, lost } = deps;
  const url = environment.DATABASE_URL ?? (await ownPostgres(deps));
  const lock = await takePlatformLock({ url, clock, log, onLost: lost });
  stops.push(() => lock.release());
  const database = await openDatabase({ url, entities, migrations, log });
  stops.push(() => database.destroy());
  const shared = await openStateAndJobs({ redisUrl: environment.REDIS_URL, clock, log });
  stops.push(() => shared.close());
  return { ...shared, database };
}

async function ownPostgres({ environment, log, stops, lost }: {
  environment: Environment;
  log: Log;
  stops: StopSteps;
  lost(): void;
}): Promise<string> {
  const postgres = await startPostgres({
    dataDir: join(environment.STRIKEWIRE_STATE_DIR, 'postgres'),
    durable: true,
    log,
    onLost: (reason) => {
      log.error('another process has taken the database', { reason });
      lost();
    },
  });
  stops.push(() => postgres.stop());
  return postgres.url;
}
