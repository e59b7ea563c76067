import type { ActedBy } from '@strikewire/platform';
import type { EntityManager } from 'typeorm';
import type { Directory, PersonRecord } from './directory';
import type { Keys } from './keys';
import type { Sessions } from './sessions';

/**
 * Gives somebody a made-up password. Whoever needs one may have lost the old one to somebody else:
 * all that was opened with it ends, sessions and keys, in the same transaction.
 */
export async function resetPassword(
  { directory, sessions, keys }: { directory: Directory; sessions: Sessions; keys: Keys },
  person: PersonRecord,
  password: string,
  by: ActedBy,
): Promise<void> {
  const drops: (() => void)[] = [];
  const endSessions = async (manager: EntityManager): Promise<void> => {
    drops.push(await sessions.endAll(manager, person.id));
    drops.push(await keys.revokeAll(manager, person.id, by));
  };
  await directory.setPassword(person, password, by, { isMadeUp: true, endSessions });
  for (const drop of drops) drop();
}
