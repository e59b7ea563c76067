import { openAccess, type Access } from '@strikewire/access/module';
import {
  checkMasterKey,
  createSecretShelf,
  createVault,
  loadMasterKey,
  type Vault,
} from '@strikewire/platform/secrets';
import { withMemoryFallback } from '@strikewire/platform/jobs';
import {
  createMemoryStateStore,
  type Clock,
  type Log,
  type SecureRandom,
  type StateStore,
} from '@strikewire/runtime';
import type { DataSource } from 'typeorm';
import type { Environment } from './environment';

/** Counters of tries to sign in that are held while they cannot be shared. */
const entriesMax = 50_000;

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
  const isProduction = environment.NODE_ENV === 'production';
  const randomBytes = (count: number): Uint8Array => random.bytes(count);
  const keys = await loadMasterKey({
    given: environment.STRIKEWIRE_MASTER_KEY,
    previous: environment.STRIKEWIRE_MASTER_KEY_PREVIOUS,
    stateDir: environment.STRIKEWIRE_STATE_DIR,
    isProduction,
    randomBytes,
  });
  const vault = createVault(keys, randomBytes);
  await checkMasterKey(database, vault, clock);
  const shelf = createSecretShelf(database, vault, clock);
  const activityKey = await shelf.getOrMake('activity-log', () =>
    Buffer.from(random.bytes(32)).toString('base64'),
  );
  const access = await openAccess({
    ...deps,
    state: withMemoryFallback(deps.state, createMemoryStateStore(clock, { entriesMax }), log),
    activityKey: Buffer.from(activityKey, 'base64'),
    firstPassword: environment.STRIKEWIRE_ADMIN_PASSWORD,
    mayMakeUpPassword: !isProduction,
    isSecure: environment.STRIKEWIRE_PUBLIC_URL?.startsWith('https:') ?? false,
  });
  return { access, vault };
}
