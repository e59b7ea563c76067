import { StrikewireError } from '@strikewire/runtime';
import {
  keyFilePath,
  previousKeyFilePath,
  readKeyFile,
  readOrMakeKeyFile,
  type RandomBytes,
} from './key-file';
import { howToMakeKey, parseMasterKey, type MasterKeys } from './master-key';

/** Where the master key comes from. */
export interface MasterKeySource {
  /** `STRIKEWIRE_MASTER_KEY`; with it no file is read or made. */
  given?: string | undefined;
  /** `STRIKEWIRE_MASTER_KEY_PREVIOUS`: keys that are being rotated out, separated by commas. */
  previous?: string | undefined;
  /** The folder of the key file. */
  stateDir: string;
  isProduction: boolean;
  randomBytes: RandomBytes;
}

/**
 * The master key and those before it: from the environment, else, in development, from the key
 * file, which the first start makes.
 * @throws StrikewireError `fatal` that says what to do, and never shows a key
 */
export async function loadMasterKey(source: MasterKeySource): Promise<MasterKeys> {
  const { given, stateDir, isProduction, randomBytes } = source;
  const listed = (source.previous ?? '').split(',').filter((text) => text.trim() !== '');
  const previous = listed.map((text) => parseMasterKey(text, 'STRIKEWIRE_MASTER_KEY_PREVIOUS'));
  if (given !== undefined && given !== '') {
    return { current: parseMasterKey(given, 'STRIKEWIRE_MASTER_KEY'), previous };
  }
  if (isProduction) throw missing();
  const current = await readOrMakeKeyFile(keyFilePath(stateDir), randomBytes);
  // There only while a rotation is under way, or after one that was cut short.
  const before = await readKeyFile(previousKeyFilePath(stateDir));
  return { current, previous: before ? [...previous, before] : previous };
}

function missing(): StrikewireError {
  return new StrikewireError({
    kind: 'fatal',
    code: 'master_key_missing',
    message:
      'STRIKEWIRE_MASTER_KEY is not set: in production it must be given, 32 bytes as base64 or ' +
      `hex, and kept apart from the database and its backups. ${howToMakeKey}`,
  });
}
