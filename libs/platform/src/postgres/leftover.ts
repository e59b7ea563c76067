import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StrikewireError, type Log } from '@strikewire/runtime';
import type { Cluster } from './cluster';
import { commandLine, endPostmaster, exists, isAlive, startedAt } from './processes';

interface Owner {
  readonly pid: number;
  readonly startedAt: string | null;
}

/** Notes which process the server belongs to. */
export async function writeOwner(cluster: Cluster): Promise<void> {
  await writeFile(cluster.owner, await thisProcess());
}

/** This process, in a way that tells it from a later one with the same id. */
export async function thisProcess(): Promise<string> {
  const owner: Owner = { pid: process.pid, startedAt: (await startedAt(process.pid)) ?? null };
  return JSON.stringify(owner);
}

/**
 * Clears the way for a new server: ends one that outlived its owner, and removes the lock file
 * of one whose id is something else's by now. The file of one that is simply gone stays: by it the
 * new server sees whether children of the old one still write. Rejects (`fatal`,
 * `postgres_in_use`) while a live process owns it.
 */
export async function clearLeftover(cluster: Cluster, log: Log): Promise<void> {
  const lock = join(cluster.data, 'postmaster.pid');
  const pid = Number((await readFile(lock, 'utf8').catch(() => '')).split('\n')[0]);
  if (pid === 0 || !exists(pid)) return;
  if (!(await isOurServer(pid, cluster.data))) {
    await rm(lock, { force: true });
    return;
  }
  const owner = await liveOwner(cluster.owner);
  if (owner !== undefined) {
    throw new StrikewireError({
      kind: 'fatal',
      code: 'postgres_in_use',
      message: `the database in ${cluster.data} is in use by process ${owner}: stop that first`,
    });
  }
  log.warn('a database server outlived its owner: stopping it', { pid });
  await endPostmaster(pid);
}

/** The id of an ended server may belong to something else by now, above all after a reboot. */
async function isOurServer(pid: number, data: string): Promise<boolean> {
  if (!(await isAlive(pid))) return false;
  const command = await commandLine(pid);
  return command.length === 0 || command.includes(data);
}

/** The process that a file names, when it still is there. */
export async function liveOwner(file: string): Promise<number | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const owner = JSON.parse(text) as Owner;
  if (!(await isAlive(owner.pid))) return undefined;
  return owner.startedAt === ((await startedAt(owner.pid)) ?? null) ? owner.pid : undefined;
}
