import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StrikewireError } from '@strikewire/runtime';
import type { Binaries } from './binaries';
import { run } from './run';
import { handOver, type ServerUser } from './server-user';

/** The superuser and the database of a server that we run ourselves. */
export const databaseName = 'strikewire';

/** The files of one server, below the place it was given. */
export interface Cluster {
  readonly data: string;
  readonly log: string;
  readonly owner: string;
  readonly password: string;
}

interface ClusterOptions {
  readonly binaries: Binaries;
  readonly user: ServerUser | undefined;
  readonly durable: boolean;
}

/** Opens the cluster below `place`, making it first when there is none. */
export async function openCluster(place: string, options: ClusterOptions): Promise<Cluster> {
  const data = join(place, 'cluster');
  const passwordFile = join(place, 'password');
  if (!existsSync(data)) await createCluster(data, passwordFile, options);
  await checkVersion(data, options.binaries);
  return {
    data,
    log: join(place, 'server.log'),
    owner: join(place, 'owner.json'),
    password: (await readFile(passwordFile, 'utf8')).trim(),
  };
}

/** Initialises aside and renames, so that an interrupted first start leaves nothing half-made. */
async function createCluster(
  data: string,
  passwordFile: string,
  { binaries, user, durable }: ClusterOptions,
): Promise<void> {
  const draft = `${data}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await handOver(draft, user);
  await writeFile(passwordFile, `${randomBytes(24).toString('hex')}\n`, { mode: 0o600 });
  await handOver(passwordFile, user);
  const access = ['-A', 'scram-sha-256', '-U', databaseName, `--pwfile=${passwordFile}`];
  const text = ['-E', 'UTF8', '--no-locale'];
  const args = ['-D', draft, ...access, ...text, ...(durable ? [] : ['--no-sync'])];
  const { code, output } = await run(join(binaries.folder, 'initdb'), args, user);
  if (code !== 0) {
    throw new StrikewireError({
      kind: 'fatal',
      code: 'postgres_initdb_failed',
      message: `initdb ended with code ${code}: ${output.trim()}`,
    });
  }
  await rename(draft, data);
}

async function checkVersion(data: string, { folder, major }: Binaries): Promise<void> {
  const found = Number(await readFile(join(data, 'PG_VERSION'), 'utf8'));
  if (found === major) return;
  throw new StrikewireError({
    kind: 'fatal',
    code: 'postgres_version_differs',
    message:
      `the database in ${data} was made by PostgreSQL ${found}, but ${folder} is ${major}: ` +
      `use that version through DATABASE_URL, or move the folder away to begin anew`,
  });
}
