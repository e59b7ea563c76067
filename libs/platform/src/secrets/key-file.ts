import { link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StrikewireError } from '@strikewire/runtime';
import { masterKeyBytes, parseMasterKey, type MasterKey } from './master-key';

/** Random bytes that are fit for keys. */
export type RandomBytes = (count: number) => Uint8Array;

/** Where the master key of a development start lies. */
export function keyFilePath(stateDir: string): string {
  return join(stateDir, 'master.key');
}

/** Where the key before it lies, while a rotation is under way. */
export function previousKeyFilePath(stateDir: string): string {
  return `${keyFilePath(stateDir)}.previous`;
}

/**
 * The key in a file; undefined when there is no such file.
 * @throws StrikewireError `fatal` when others may read the file, or there is no key in it
 */
export async function readKeyFile(path: string): Promise<MasterKey | undefined> {
  const found = await stat(path).catch(nothingThere);
  if (!found) return undefined;
  const isOpen = process.platform !== 'win32' && (found.mode & 0o077) !== 0;
  if (isOpen) {
    const mode = (found.mode & 0o777).toString(8);
    throw new StrikewireError({
      kind: 'fatal',
      code: 'master_key_exposed',
      message:
        `${path} has mode ${mode}, so that others may read the master key: chmod it to 600; if ` +
        'somebody else was on this machine, also rotate it (npm run rotate-master-key)',
    });
  }
  return parseMasterKey(await readFile(path, 'utf8'), path);
}

/** The key in a file, which is made first when it is not there. Safe when two do it at once. */
export async function readOrMakeKeyFile(path: string, random: RandomBytes): Promise<MasterKey> {
  const found = await readKeyFile(path);
  if (found) return found;
  await mkdir(dirname(path), { recursive: true });
  const draft = await writeDraft(path, newKeyText(random), random);
  try {
    await link(draft, path);
  } catch (error) {
    // Another process was first: its key counts.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  const made = await readKeyFile(path);
  if (made) return made;
  throw new Error(`${path} is gone again`);
}

/** Puts a new key in place of the one in the file, at once and whole. */
export async function replaceKeyFile(path: string, random: RandomBytes): Promise<void> {
  await rename(await writeDraft(path, newKeyText(random), random), path);
}

/** Copies a key file, at once and whole. */
export async function copyKeyFile(from: string, to: string, random: RandomBytes): Promise<void> {
  await rename(await writeDraft(to, await readFile(from, 'utf8'), random), to);
}

function newKeyText(random: RandomBytes): string {
  return `${Buffer.from(random(masterKeyBytes)).toString('base64')}\n`;
}

/** A file beside the one that is meant, on the disk for good, with mode 600 from the start. */
async function writeDraft(path: string, text: string, random: RandomBytes): Promise<string> {
  const draft = `${path}.${Buffer.from(random(6)).toString('hex')}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  return draft;
}

function nothingThere(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
