import { rm } from 'node:fs/promises';
import { StrikewireError } from '@strikewire/runtime';
import {
  copyKeyFile,
  keyFilePath,
  previousKeyFilePath,
  readKeyFile,
  replaceKeyFile,
  type RandomBytes,
} from './key-file';
import type { MasterKeys } from './master-key';

/**
 * Puts a new key in the key file, then has `rewrap` put all secrets under it, then forgets the old
 * key. The old one is kept as `master.key.previous` until then, and a start in between reads
 * both: whatever is cut short is finished by the next call, which makes no other key.
 */
export async function rotateKeyFile(
  stateDir: string,
  random: RandomBytes,
  rewrap: (keys: MasterKeys) => Promise<void>,
): Promise<void> {
  const [path, previousPath] = [keyFilePath(stateDir), previousKeyFilePath(stateDir)];
  const found = await readKeyFile(path);
  if (!found) throw noKeyFile(path);
  const before = await readKeyFile(previousPath);
  // Both the same: it was cut short before the new key was in place.
  if (!before || before.id === found.id) {
    await copyKeyFile(path, previousPath, random);
    await replaceKeyFile(path, random);
  }
  const [current, previous] = [await readKeyFile(path), await readKeyFile(previousPath)];
  if (!current || !previous) throw noKeyFile(current ? previousPath : path);
  await rewrap({ current, previous: [previous] });
  await rm(previousPath, { force: true });
}

function noKeyFile(path: string): StrikewireError {
  return new StrikewireError({
    kind: 'fatal',
    code: 'master_key_missing',
    message:
      `there is no key file ${path} to rotate; if the key is in the environment, give the new ` +
      'one as STRIKEWIRE_MASTER_KEY and the old one as STRIKEWIRE_MASTER_KEY_PREVIOUS',
  });
}
