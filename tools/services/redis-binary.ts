import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../lib/root.mjs';

const run = promisify(execFile);

/** A server program and what it needs to be started. */
export interface RedisBinary {
  readonly path: string;
  readonly env: Record<string, string>;
}

/** The package holds the server too; the others are its libraries. */
const packages = ['redis-tools', 'libjemalloc2', 'liblzf1'];
/** Missing only on very small systems. */
const morePackages = ['libssl3', 'libatomic1', 'libsystemd0', 'liblz4-1', 'libcap2', 'libzstd1'];
const aptWithinMs = 120_000;

/**
 * Finds a Redis server: on PATH, else the one unpacked by an earlier run, else the system's
 * package, unpacked into a folder of this repository: nothing is installed. Rejects with one line.
 */
export async function findRedisBinary(): Promise<RedisBinary> {
  const found = (await onPath()) ?? (await unpacked(extractFolder()));
  if (found !== undefined) return found;
  try {
    return await download();
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new Error(
      'no Redis for the tests: no redis-server or valkey-server on PATH, and apt gave none ' +
        `(${reason}). Start one with \`docker compose up -d\` and set REDIS_URL.`,
      { cause },
    );
  }
}

async function onPath(): Promise<RedisBinary | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const name of ['redis-server', 'valkey-server']) {
    for (const folder of folders) {
      const binary = { path: join(folder, name), env: {} };
      if (await works(binary)) return binary;
    }
  }
  return undefined;
}

function extractFolder(): string {
  return join(root, 'node_modules', '.cache', 'strikewire', `redis-${process.arch}`);
}

async function unpacked(folder: string): Promise<RedisBinary | undefined> {
  const libraries = ['usr/lib', 'lib'].map((place) => join(folder, place));
  const nested = await Promise.all(libraries.map(foldersIn));
  const env = { LD_LIBRARY_PATH: [...libraries, ...nested.flat()].join(':') };
  const binary = { path: join(folder, 'usr/bin/redis-server'), env };
  return (await works(binary)) ? binary : undefined;
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
}

async function works({ path, env }: RedisBinary): Promise<boolean> {
  try {
    await access(path);
    const { stdout } = await run(path, ['--version'], { env: { ...process.env, ...env } });
    return /server v=/.test(stdout);
  } catch {
    // Not there, or it lacks a library: not one to use.
    return false;
  }
}

/** Unpacks aside and renames, so that two runs at once do not see halves. */
async function download(): Promise<RedisBinary> {
  const folder = extractFolder();
  await mkdir(join(folder, '..'), { recursive: true });
  const aside = await mkdtemp(`${folder}-`);
  try {
    const apt = await privateApt(join(aside, 'apt'));
    const target = join(aside, 'root');
    await apt('update').catch(() => undefined);
    await fetchAndUnpack({ apt, names: packages, from: join(aside, 'apt'), target });
    if ((await unpacked(target)) === undefined) {
      await fetchAndUnpack({ apt, names: morePackages, from: join(aside, 'apt'), target });
    }
    if ((await unpacked(target)) === undefined) throw new Error('the package does not run here');
    await rm(folder, { recursive: true, force: true });
    await rename(target, folder).catch(() => undefined);
    const found = await unpacked(folder);
    if (found === undefined) throw new Error(`it could not be kept in ${folder}`);
    return found;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

type Apt = (...args: string[]) => Promise<unknown>;

/** apt-get with lists and caches of its own: neither root nor the system's state is needed. */
async function privateApt(folder: string): Promise<Apt> {
  const state = join(folder, 'state');
  await mkdir(join(state, 'lists/partial'), { recursive: true });
  await mkdir(join(folder, 'cache/archives/partial'), { recursive: true });
  await writeFile(join(state, 'status'), '');
  const settings = [
    `Dir::State=${state}`,
    `Dir::State::status=${join(state, 'status')}`,
    `Dir::Cache=${join(folder, 'cache')}`,
    'APT::Sandbox::User=root',
    'Debug::NoLocking=1',
  ];
  const options = ['-qq', ...settings.flatMap((setting) => ['-o', setting])];
  return (...args) => run('apt-get', [...options, ...args], { cwd: folder, timeout: aptWithinMs });
}

async function fetchAndUnpack(work: {
  apt: Apt;
  names: readonly string[];
  from: string;
  target: string;
}): Promise<void> {
  const { apt, names, from, target } = work;
  await apt('download', ...names);
  const files = (await readdir(from)).filter((name) => name.endsWith('.deb'));
  for (const file of files) await run('dpkg-deb', ['-x', join(from, file), target]);
  // One program under two names; the second is in a package that would also set up a service.
  const name = join(target, 'usr/bin/redis-server');
  await symlink('redis-check-rdb', name).catch(() => undefined);
}
