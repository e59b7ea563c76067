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
    const hashed = await this.confirmedHash(person, tried.password);
    const signedIn =
      person?.enabled && hashed !== undefined && (await this.open(person, hashed, by, place));
    if (!signedIn) {
      await this.recordRefusal(person, by);
      const message = 'the username or the password is wrong';
      throw new StrikewireError({ kind: 'unauthenticated', code: 'sign_in_refused', message });
    }
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
    const over = await this.confirm(person, currentPassword, by);
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
    const isSet = await directory.setPassword(record, newPassword, by, {
      isMadeUp: false,
      over,
      endSessions: async (manager) => {
        dropOld = await sessions.endAll(manager, record.id);
        opened = await sessions.open(manager, record, place);
      },
    });
    if (!isSet) throw passwordWrong();
    dropOld();
    if (!opened) throw new Error('[access] a session was not opened');
    return { token: opened.token, me: opened.admit() };
  }

  /** Undefined when the person was switched off or got another password meanwhile. */
  private async open(
    person: PersonRecord,
    passwordHash: string,
    by: ActedBy,
    place: SignInPlace,
  ): Promise<SignedIn | undefined> {
    const { clock, database, sessions, activity } = this.deps;
    const lastSignInAt = new Date(clock.wallMs());
    const opened = await database.transaction(async (manager) => {
      const asConfirmed = { id: person.id, enabled: true, passwordHash };
      const { affected } = await manager.update(personEntity, asConfirmed, { lastSignInAt });
      if (affected !== 1) return undefined;
      const before = by.caller.kind === 'person' ? by.caller : undefined;
      const dropOld = before && (await sessions.endOne(manager, before.sessionId));
      const { token, admit } = await sessions.open(manager, person, place);
      const after = { address: place.address, agent: place.agent };
      const subject = { kind: 'user', id: person.id, name: person.username };
      const entry = { action: 'sign_in.accepted', subject, before: null, after };
      await activity.record(manager, asPerson(person, by), entry);
      return { token, admit, dropOld };
    });
    if (!opened) return undefined;
    person.lastSignInAt = lastSignInAt;
    opened.dropOld?.();
    return { token: opened.token, me: opened.admit() };
  }

  /** The hash that the password is of. */
  private async confirm(person: Person, password: string, by: ActedBy): Promise<string> {
    const { throttle, directory } = this.deps;
    const address = by.address ?? 'none';
    await throttle.take(person.username, address);
    const record = directory.byId(person.userId);
    const hashed = await this.confirmedHash(record, password);
    if (hashed === undefined) {
      await this.recordRefusal(record, by);
      throw passwordWrong();
    }
    await throttle.forgive(person.username, address);
    return hashed;
  }

  private async confirmedHash(
    person: PersonRecord | undefined,
    password: string,
  ): Promise<string | undefined> {
    const { directory, passwords } = this.deps;
    const hashed = person && (await directory.passwordHashOf(person));
    // Asked in any case, so that a name that does not exist takes as long.
    return (await passwords.matches(password, hashed)) ? hashed : undefined;
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

function passwordWrong(): StrikewireError {
  const needed = 'needs to be your present password';
  return new StrikewireError({
    kind: 'invalid',
    code: 'password_wrong',
    message: `password: ${needed}`,
    details: { fields: [{ field: 'password', needed }] },
  });
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
