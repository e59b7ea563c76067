import {
  indiaIsoOf,
  type NewUser,
  type User,
  type UserChange,
} from '@strikewire/contracts';
import {
  byPlatform,
  createTurns,
  type ActedBy,
  type ActivityRecorder,
} from '@strikewire/platform';
import { StrikewireError, type Clock, type SecureRandom } from '@strikewire/runtime';
import type { DataSource, EntityManager } from 'typeorm';
import { checkNewPassword } from '../core/password-rules';
import { personEntity, type PersonRow } from './entities';
import type { Passwords } from './passwords';

/** Somebody who may sign in, in memory; changes show to everybody who holds it. */
export type PersonRecord = Omit<PersonRow, 'passwordHash'>;

export interface DirectoryDeps {
  clock: Pick<Clock, 'wallMs'>;
  random: SecureRandom;
  database: DataSource;
  passwords: Passwords;
  activity: ActivityRecorder;
}

/** Ends the sessions of whoever is changed, within the transaction of the change. */
export type EndSessions = (manager: EntityManager) => Promise<void>;

/** People that there may be. */
const peopleMax = 1_000;
const uniqueViolation = '23505';

/** Everybody who may sign in: kept in memory, so that each request knows its caller at once. */
export class Directory {
  private readonly deps: DirectoryDeps;
  private readonly people = new Map<string, PersonRecord>();
  private readonly inTurn = createTurns();

  constructor(deps: DirectoryDeps) {
    this.deps = deps;
  }

  /** Reads everybody; when there is nobody yet, makes the first admin, and tells its password. */
  async load({ firstPassword, mayMakeUpPassword }: {
    firstPassword: string | undefined;
    mayMakeUpPassword: boolean;
  }): Promise<{ username: string; password: string } | undefined> {
    const rows = await this.deps.database.getRepository(personEntity).find();
    for (const row of rows) this.people.set(row.id, row);
    if (rows.length > 0) return undefined;
    if (firstPassword === undefined && !mayMakeUpPassword) throw passwordMissing();
    const first = { username: 'admin', name: 'Administrator', role: 'admin' } as const;
    const { user, password } = await this.add(first, byPlatform, firstPassword);
    return firstPassword === undefined ? { username: user.username, password } : undefined;
  }

  byId(id: string): PersonRecord {
    const person = this.people.get(id);
    if (person) return person;
    throw new StrikewireError({
      kind: 'not_found',
      code: 'user_unknown',
      message: 'there is no such user',
    });
  }

  find(id: string): PersonRecord | undefined {
    return this.people.get(id);
  }

  byUsername(username: string): PersonRecord | undefined {
    return [...this.people.values()].find((person) => person.username === username);
  }

  /** Everybody, by username. */
  list(): User[] {
    const sorted = [...this.people.values()].sort((a, b) => (a.username < b.username ? -1 : 1));
    return sorted.map(userOf);
  }

  /** Adds somebody; without a password one is made up, which has to be replaced. */
  add(user: NewUser, by: ActedBy, chosen?: string): Promise<{ user: User; password: string }> {
    return this.inTurn(() => this.insert(user, by, chosen));
  }

  private async insert(
    { username, name, role }: NewUser,
    by: ActedBy,
    chosen: string | undefined,
  ): Promise<{ user: User; password: string }> {
    if (this.people.size >= peopleMax) {
      const message = `there are ${peopleMax} users, the most there may be`;
      throw new StrikewireError({ kind: 'denied', code: 'users_full', message });
    }
    if (this.byUsername(username)) throw usernameTaken(username);
    const { clock, random, passwords } = this.deps;
    if (chosen !== undefined) checkNewPassword(chosen, { username });
    const password = chosen ?? this.madeUpPassword();
    const person: PersonRecord = {
      id: random.uuid(),
      username,
      name,
      role,
      enabled: true,
      mustChangePassword: chosen === undefined,
      createdAt: new Date(clock.wallMs()),
      lastSignInAt: null,
    };
    const passwordHash = await passwords.hash(password);
    await this.write(by, { action: 'user.created', person, before: null }, async (manager) => {
      await manager.insert(personEntity, { ...person, passwordHash });
    });
    this.people.set(person.id, person);
    return { user: userOf(person), password };
  }

  /**
   * Changes what is given. The last admin that is enabled stays one. `endSessions` is called when
   * it switches the person off, so that nothing of before comes back when it is switched on again.
   */
  change(
    id: string,
    change: UserChange,
    by: ActedBy,
    endSessions: EndSessions,
  ): Promise<User> {
    return this.inTurn(async () => {
      const person = this.byId(id);
      const changed: PersonRecord = { ...person, ...definedOf(change) };
      if (isAdmin(person) && !isAdmin(changed)) this.refuseLastAdmin(person);
      const entry = { action: 'user.changed', person: changed, before: person };
      await this.write(by, entry, async (manager) => {
        const { name, role, enabled } = changed;
        await manager.update(personEntity, { id }, { name, role, enabled });
        if (person.enabled && !enabled) await endSessions(manager);
      });
      return userOf(Object.assign(person, definedOf(change)));
    });
  }

  /**
   * Sets a password; `isMadeUp` ones have to be replaced by their owner. With `over`, the hash that
   * was confirmed: false, and nothing is changed, when it is another one by now.
   */
  async setPassword(
    person: PersonRecord,
    password: string,
    by: ActedBy,
    also: { isMadeUp: boolean; over?: string; endSessions: EndSessions },
  ): Promise<boolean> {
    if (!also.isMadeUp) checkNewPassword(password, person);
    const passwordHash = await this.deps.passwords.hash(password);
    return this.inTurn(async () => {
      const held = await this.passwordHashOf(person);
      if (also.over !== undefined && held !== also.over) return false;
      const changed = { ...person, mustChangePassword: also.isMadeUp };
      const action = also.isMadeUp ? 'user.password_reset' : 'user.password_changed';
      await this.write(by, { action, person: changed, before: person }, async (manager) => {
        const { mustChangePassword } = changed;
        await manager.update(personEntity, { id: person.id }, { passwordHash, mustChangePassword });
        await also.endSessions(manager);
      });
      person.mustChangePassword = also.isMadeUp;
      return true;
    });
  }

  async passwordHashOf({ id }: PersonRecord): Promise<string | undefined> {
    const query = this.deps.database.createQueryBuilder(personEntity, 'p');
    const row = await query.select('p.passwordHash').where('p.id = :id', { id }).getOne();
    return row?.passwordHash;
  }

  /** About 95 bits, in groups that can be read out. */
  madeUpPassword(): string {
    const letters = 'abcdefghijkmnpqrstuvwxyz23456789';
    const bytes = [...this.deps.random.bytes(20)];
    const text = bytes.map((byte) => letters[byte % letters.length]).join('');
    return (text.match(/.{5}/g) ?? []).join('-');
  }

  private refuseLastAdmin({ username }: PersonRecord): void {
    if ([...this.people.values()].filter(isAdmin).length > 1) return;
    throw new StrikewireError({
      kind: 'denied',
      code: 'last_admin',
      message: `${username} is the last enabled admin: make another one first`,
    });
  }

  private async write(
    by: ActedBy,
    entry: { action: string; person: PersonRecord; before: PersonRecord | null },
    change: (manager: EntityManager) => Promise<void>,
  ): Promise<void> {
    const { action, person, before } = entry;
    const subject = { kind: 'user', id: person.id, name: person.username };
    try {
      await this.deps.database.transaction(async (manager) => {
        await change(manager);
        const facts = { before: before && factsOf(before), after: factsOf(person) };
        await this.deps.activity.record(manager, by, { action, subject, ...facts });
      });
    } catch (thrown) {
      const { code } = thrown as { code?: unknown };
      throw code === uniqueViolation ? usernameTaken(person.username) : thrown;
    }
  }
}

/** A person as admins see it. */
export function userOf(person: PersonRecord): User {
  const { id, username, name, role, enabled, mustChangePassword } = person;
  const { createdAt, lastSignInAt } = person;
  return {
    id,
    username,
    name,
    role,
    enabled,
    mustChangePassword,
    createdAt: indiaIsoOf(createdAt.getTime()),
    lastSignInAt: lastSignInAt && indiaIsoOf(lastSignInAt.getTime()),
  };
}

function isAdmin({ role, enabled }: PersonRecord): boolean {
  return role === 'admin' && enabled;
}

function factsOf({ name, role, enabled, mustChangePassword }: PersonRecord): UserChange & {
  mustChangePassword: boolean;
} {
  return { name, role, enabled, mustChangePassword };
}

function definedOf(change: UserChange): Partial<PersonRecord> {
  const entries = Object.entries(change).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries);
}

function passwordMissing(): StrikewireError {
  const message =
    'STRIKEWIRE_ADMIN_PASSWORD is not set: the first start in production needs the password of ' +
    'the user admin, 12 characters or more';
  return new StrikewireError({ kind: 'fatal', code: 'admin_password_missing', message });
}

function usernameTaken(username: string): StrikewireError {
  const needed = `needs another name: there is already a user ${username}`;
  return new StrikewireError({
    kind: 'invalid',
    code: 'username_taken',
    message: `username: ${needed}`,
    details: { fields: [{ field: 'username', needed }] },
  });
}
