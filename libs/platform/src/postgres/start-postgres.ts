import { readFile, rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { errorMessageOf, StrikewireError, type Log } from '@strikewire/runtime';
import { Client } from 'pg';
import { findBinaries } from './binaries';
import { claimed } from './claim';
import { databaseName, openCluster, type Cluster } from './cluster';
import { clearLeftover, writeOwner } from './leftover';
import { durablePlace, temporaryPlace } from './place';
import { launchPostmaster, type LaunchOptions, type Postmaster } from './postmaster';
import { endPostmaster } from './processes';
import { serverUser } from './server-user';
import { Supervisor, type RunningPostgres } from './supervisor';

/** Where a server of our own keeps its data, and how careful it is with it. */
export interface PostgresOptions {
  /** Where the database lives; without it a throw-away folder that `stop` removes. */
  readonly dataDir?: string;
  /** False trades safety for speed: no fsync, for tests. */
  readonly durable: boolean;
  readonly log: Log;
  /** Called at most once, when another process has taken the data: it is not started again. */
  readonly onLost?: (reason: string) => void;
}

/** Another program may take the chosen port in the moment before the server binds it. */
const launchesMax = 3;
const readyWithinMs = 30_000;
const pollMs = 20;

/**
 * Starts a real PostgreSQL server of our own, first making its database when there is none, and
 * resolves once it answers. It ends with `stop` and also when this process is gone, even killed;
 * when it ends by itself it is started again, at the same address. Rejects (`fatal`) with the
 * reason and the end of the server's log.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { dataDir } = options;
  return dataDir === undefined ? start(options) : claimed(dataDir, () => start(options));
}

async function start(options: PostgresOptions): Promise<RunningPostgres> {
  const { dataDir, durable, log } = options;
  const user = serverUser();
  const binaries = await findBinaries(user);
  const place = await (dataDir === undefined ? temporaryPlace() : durablePlace(dataDir, user));
  const disposable = dataDir === undefined ? place : undefined;
  const discard = async (): Promise<void> => {
    if (disposable !== undefined) await rm(disposable, { recursive: true, force: true });
  };
  try {
    const cluster = await openCluster(place, { binaries, user, durable });
    await clearLeftover(cluster, log);
    await writeOwner(cluster);
    const launch = { binaries, user, durable, disposable };
    const server = await launchUntilReady(cluster, launch);
    const { port } = server;
    log.info('database server is up', { port, place, version: binaries.major });
    return new Supervisor(server, {
      url: urlOf(server, cluster, databaseName),
      log,
      logTail: () => logTail(cluster),
      relaunch: async () => {
        await clearLeftover(cluster, log);
        return launchUntilReady(cluster, { ...launch, port });
      },
      release: async () => {
        await rm(cluster.owner, { force: true });
        await discard();
      },
      onLost: options.onLost ?? (() => undefined),
    });
  } catch (error) {
    await discard();
    throw error;
  }
}

async function launchUntilReady(cluster: Cluster, options: LaunchOptions): Promise<Postmaster> {
  let reason = '';
  for (let launch = 1; launch <= launchesMax; launch++) {
    const server = await launchPostmaster(cluster, options);
    reason = await readyOrWhyNot(server, cluster);
    if (reason === '') return server;
    await endPostmaster(server.pid);
    server.unwatch();
    if (!(await logTail(cluster)).includes('Address already in use')) break;
  }
  throw new StrikewireError({
    kind: 'fatal',
    code: 'postgres_not_ready',
    message: `the database server did not come up: ${reason}\n${await logTail(cluster)}`,
  });
}

/** Empty once the server answers and has our database; otherwise why it does not. */
async function readyOrWhyNot(server: Postmaster, cluster: Cluster): Promise<string> {
  let ended = false;
  void server.ended.then(() => (ended = true));
  let last = 'it gave no answer';
  for (let waitedMs = 0; waitedMs < readyWithinMs; waitedMs += pollMs) {
    if (ended) return 'it ended at once';
    try {
      await ensureDatabase(urlOf(server, cluster, 'postgres'));
      return '';
    } catch (error) {
      last = errorMessageOf(error);
    }
    await wait(pollMs);
  }
  return last;
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const sql = 'select 1 from pg_database where datname = $1';
    const { rowCount } = await client.query(sql, [databaseName]);
    if (rowCount === 0) await client.query(`create database ${databaseName}`);
  } finally {
    await client.end();
  }
}

function urlOf(server: Postmaster, cluster: Cluster, database: string): string {
  return `postgres://${databaseName}:${cluster.password}@127.0.0.1:${server.port}/${database}`;
}

async function logTail(cluster: Cluster): Promise<string> {
  const text = await readFile(cluster.log, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-10).join('\n');
}
