import { activityHeadFile, openAccess, type Access } from '@strikewire/access/module';
import {
  checkMasterKey,
  createSecretShelf,
  createVault,
  loadMasterKey,
  type SecretShelf,
  type Vault,
} from '@strikewire/platform/secrets';
import { withMemoryFallback } from '@strikewire/platform/jobs';
import {
  createMemoryStateStore,
  StrikewireError,
  type Clock,
  type Log,
  type SecureRandom,
  type StateStore,
} from '@strikewire/runtime';
import type { DataSource } from 'typeorm';
import type { Environment } from './environment';

/** Counters of tries to sign in that are held while they cannot be shared. */
const entriesMax = 50_000;
/** Where the shelf has the key of the activity log's chain. */
const activityKeyName = 'activity-log';

/** Who may do what, and where secrets lie. */
export interface Security {
  access: Access;
  vault: Vault;
}

/**
 * Opens the vault with the master key and reads who may do what. Rejects (`fatal`) with what to do
 * when the key is missing or another one than before.
 */
export async function openSecurity(deps: {
  environment: Environment;
  clock: Clock;
  log: Log;
  random: SecureRandom;
  database: DataSource;
  state: StateStore;
}): Promise<Security> {
  const { environment, clock, log, random, database } = deps;
  const vault = await openVault(environment, random);
  await checkMasterKey(database, vault, clock);
  const shelf = createSecretShelf(database, vault, clock);
  await shelf.getOrMake(activityKeyName, () => Buffer.from(random.bytes(32)).toString('base64'));
  const access = await openAccess({
    ...deps,
    state: withMemoryFallback(deps.state, createMemoryStateStore(clock, { entriesMax }), log),
    activityKey: await readActivityKey(shelf),
    activityHeadFile: activityHeadFile(environment.STRIKEWIRE_STATE_DIR),
    firstPassword: environment.STRIKEWIRE_ADMIN_PASSWORD,
    mayMakeUpPassword: environment.NODE_ENV !== 'production',
    isSecure: environment.STRIKEWIRE_PUBLIC_URL?.startsWith('https:') ?? false,
  });
  return { access, vault };
}

/** The vault, with the master key that the settings give. */
export async function openVault(environment: Environment, random: SecureRandom): Promise<Vault> {
  const randomBytes = (count: number): Uint8Array => random.bytes(count);
  const keys = await loadMasterKey({
    given: environment.STRIKEWIRE_MASTER_KEY,
    previous: environment.STRIKEWIRE_MASTER_KEY_PREVIOUS,
    stateDir: environment.STRIKEWIRE_STATE_DIR,
    isProduction: environment.NODE_ENV === 'production',
    randomBytes,
  });
  return createVault(keys, randomBytes);
}

/** The key of the activity log's chain. @throws StrikewireError `fatal` when it is not there */
export async function readActivityKey(shelf: SecretShelf): Promise<Buffer> {
  const key = await shelf.get(activityKeyName);
  if (key !== undefined) return Buffer.from(key, 'base64');
  throw new StrikewireError({
    kind: 'fatal',
    code: 'activity_key_missing',
    message: 'the key of the activity log is not in the database: without it nothing is proved',
  });
}
