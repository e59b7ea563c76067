import { errorCodeOf, errorMessageOf, StrikewireError, type Clock } from '@strikewire/runtime';
import type { DataSource } from 'typeorm';
import { createSecretShelf } from './secret-shelf';
import type { Vault } from './vault';

const name = 'master-key-check';
const text = 'strikewire';

/**
 * Call at start, before anything is sealed: refuses a master key that is not the one of this
 * database. The first start stores what the later ones are checked against.
 * @throws StrikewireError `fatal`, code `master_key_wrong`
 */
export async function checkMasterKey(
  source: DataSource,
  vault: Vault,
  clock: Clock,
): Promise<void> {
  try {
    await createSecretShelf(source, vault, clock).getOrMake(name, () => text);
  } catch (error) {
    if (errorCodeOf(error) !== 'secret_unreadable') throw error;
    throw new StrikewireError({
      kind: 'fatal',
      code: 'master_key_wrong',
      message:
        `the master key ${vault.keyId} is not the one that sealed the secrets in this database: ` +
        `${errorMessageOf(error)}`,
      cause: error,
    });
  }
}
