import { link, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StrikewireError } from '@strikewire/runtime';
import { liveOwner, thisProcess } from './leftover';

/** Once more after a claim of a process that is gone was cleared away. */
const triesMax = 3;

/**
 * Runs `work` while no other process does the same for this folder: two that make one database at
 * once would each spoil what the other does. Rejects (`fatal`) when another one is at it.
 */
export async function claimed<T>(dataDir: string, work: () => Promise<T>): Promise<T> {
  const file = `${dataDir}.starting`;
  await mkdir(dirname(file), { recursive: true });
  for (let turn = 1; !(await claim(file)); turn++) {
    const owner = await liveOwner(file);
    if (owner !== undefined || turn === triesMax) throw starting(dataDir, owner);
    await rm(file, { force: true });
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

/** Makes the file with its content at once: nobody reads half of it. */
async function claim(file: string): Promise<boolean> {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, await thisProcess(), { mode: 0o600 });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

function starting(dataDir: string, owner: number | undefined): StrikewireError {
  const who = owner === undefined ? 'another process' : `process ${owner}`;
  return new StrikewireError({
    kind: 'fatal',
    code: 'postgres_starting',
    message: `the database in ${dataDir} is being started by ${who}: let that one run`,
  });
}
