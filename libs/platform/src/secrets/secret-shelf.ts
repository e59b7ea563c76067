import type { Clock } from '@strikewire/runtime';
import type { DataSource } from 'typeorm';
import { platformSecretEntity } from './entities';
import type { Vault } from './vault';

/** Secrets of the platform itself, stored sealed under a name. */
export interface SecretShelf {
  get(name: string): Promise<string | undefined>;
  /** Stores what `make` gives when there is none yet; when two do so at once, the first counts. */
  getOrMake(name: string, make: () => string): Promise<string>;
}

/** The shelf over a database. */
export function createSecretShelf(source: DataSource, vault: Vault, clock: Clock): SecretShelf {
  const rows = source.getRepository(platformSecretEntity);
  const get = async (name: string): Promise<string | undefined> => {
    const row = await rows.findOneBy({ name });
    return row === null ? undefined : vault.open(row.sealed, contextOf(name));
  };
  return {
    get,
    async getOrMake(name, make) {
      const found = await get(name);
      if (found !== undefined) return found;
      const now = new Date(clock.wallMs());
      const sealed = vault.seal(make(), contextOf(name));
      const row = { name, sealed, createdAt: now, updatedAt: now };
      await rows.createQueryBuilder().insert().values(row).orIgnore().execute();
      const stored = await get(name);
      if (stored === undefined) throw new Error(`the secret ${name} was removed while it was made`);
      return stored;
    },
  };
}

function contextOf(name: string): string {
  return `platform-secret:${name}`;
}
