import type { ChangePassword, Me, SignIn } from '@strikewire/contracts';
import type { ActedBy, ActivityRecorder, Person } from '@strikewire/platform';
import { StrikewireError, type Clock } from '@strikewire/runtime';
import type { DataSource } from 'typeorm';
import type { SignInThrottle } from '../core/sign-in-throttle';
import type { Directory, PersonRecord } from './directory';
import { personEntity } from './entities';
import type { Passwords } from './passwords';
import type { Sessions, SignInPlace } from './sessions';

export interface SignInDeskDeps {
  clock: Pick<Clock, 'wallMs'>;
  database: DataSource;
  directory: Directory;
  sessions: Sessions;
  passwords: Passwords;
  throttle: SignInThrottle;
  activity: ActivityRecorder;
}

/** What a browser gets after it has signed in. */
export interface SignedIn {
  /** For the cookie; known to nobody else. */
  token: string;
  me: Me;
}

/** Where passwords are tried: to sign in, to confirm, to change. */
export class SignInDesk {
  private readonly deps: SignInDeskDeps;

  constructor(deps: SignInDeskDeps) {
    this.deps = deps;
  }

  /**
   * A new session for the right password; one that the browser had before is over then. Kind
   * `unauthenticated` for a wrong name, a wrong password and a disabled user alike.
   */
  async signIn(tried: SignIn, by: ActedBy, place: SignInPlace): Promise<SignedIn> {
    const { throttle, directory } = this.deps;
    await throttle.take(tried.username, place.address);
    const person = directory.byUsername(tried.username);
    const isRight = await this.isPassword(person, tried.password);
    if (!person || !isRight || !person.enabled) {
      await this.recordRefusal(person, by);
      const message = 'the username or the password is wrong';
      throw new StrikewireError({ kind: 'unauthenticated', code: 'sign_in_refused', message });
    }
    const signedIn = await this.open(person, by, place);
    await throttle.forgive(tried.username, place.address);
    return signedIn;
  }

  /** The password once more, before a dangerous act. */
  async stepUp(person: Person, password: string, by: ActedBy): Promise<Me> {
    await this.confirm(person, password, by);
    return this.deps.sessions.stepUp(person.sessionId);
  }

  /** Replaces one's own password; all sessions but a new one of this browser are over then. */
  async changePassword(
    person: Person,
    { currentPassword, newPassword }: ChangePassword,
    by: ActedBy,
    place: SignInPlace,
  ): Promise<SignedIn> {
    const { directory, sessions } = this.deps;
    await this.confirm(person, currentPassword, by);
    if (newPassword === currentPassword) {
      const needed = 'needs to be another one than before';
      throw new StrikewireError({
        kind: 'invalid',
        code: 'password_same',
        message: `newPassword: ${needed}`,
        details: { fields: [{ field: 'newPassword', needed }] },
      });
    }
    const record = directory.byId(person.userId);
    let dropOld = (): void => undefined;
    let opened: Awaited<ReturnType<Sessions['open']>> | undefined;
    await directory.setPassword(record, newPassword, by, {
      isMadeUp: false,
      endSessions: async (manager) => {
        dropOld = await sessions.endAll(manager, record.id);
        opened = await sessions.open(manager, record, place);
      },
    });
    dropOld();
    if (!opened) throw new Error('[access] a session was not opened');
    return { token: opened.token, me: opened.admit() };
  }

  private async open(person: PersonRecord, by: ActedBy, place: SignInPlace): Promise<SignedIn> {
    const { clock, database, sessions, activity } = this.deps;
    const lastSignInAt = new Date(clock.wallMs());
    const opened = await database.transaction(async (manager) => {
      await manager.update(personEntity, { id: person.id }, { lastSignInAt });
      const before = by.caller.kind === 'person' ? by.caller : undefined;
      const dropOld = before && (await sessions.endOne(manager, before.sessionId));
      const { token, admit } = await sessions.open(manager, person, place);
      const after = { address: place.address, agent: place.agent };
      const subject = { kind: 'user', id: person.id, name: person.username };
      const entry = { action: 'sign_in.accepted', subject, before: null, after };
      await activity.record(manager, asPerson(person, by), entry);
      return { token, admit, dropOld };
    });
    person.lastSignInAt = lastSignInAt;
    opened.dropOld?.();
    return { token: opened.token, me: opened.admit() };
  }

  private async confirm(person: Person, password: string, by: ActedBy): Promise<void> {
    const { throttle, directory } = this.deps;
    const address = by.address ?? 'none';
    await throttle.take(person.username, address);
    const record = directory.byId(person.userId);
    if (await this.isPassword(record, password)) return throttle.forgive(person.username, address);
    await this.recordRefusal(record, by);
    const needed = 'needs to be your present password';
    throw new StrikewireError({
      kind: 'invalid',
      code: 'password_wrong',
      message: `password: ${needed}`,
      details: { fields: [{ field: 'password', needed }] },
    });
  }

  private async isPassword(person: PersonRecord | undefined, password: string): Promise<boolean> {
    const { directory, passwords } = this.deps;
    // Asked for in any case, so that a name that does not exist takes as long.
    const hashed = person && (await directory.passwordHashOf(person));
    return passwords.matches(password, hashed);
  }

  /** What was typed as a name may be a password: names that do not exist are not written down. */
  private async recordRefusal(person: PersonRecord | undefined, by: ActedBy): Promise<void> {
    const { database, activity } = this.deps;
    const name = person?.username ?? '(an unknown name)';
    const subject = { kind: 'user', id: person?.id ?? '', name };
    const entry = { action: 'sign_in.refused', subject, before: null, after: null };
    await database.transaction((manager) => activity.record(manager, by, entry));
  }
}

function asPerson({ id, username, role }: PersonRecord, by: ActedBy): ActedBy {
  const caller = {
    kind: 'person',
    userId: id,
    username,
    role,
    sessionId: '',
    steppedUpUntilMs: 0,
    mustChangePassword: false,
    ended: new AbortController().signal,
  } as const;
  return { ...by, caller };
}
