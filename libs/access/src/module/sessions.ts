import { indiaIsoOf, type Me, type Session } from '@strikewire/contracts';
import { sessionEnds, isOver, type SessionLimits } from '../core/session-life';
import {
  byPlatform,
  type ActedBy,
  type ActivityRecorder,
  type Person,
} from '@strikewire/platform';
import {
  errorMessageOf,
  StrikewireError,
  type Clock,
  type Log,
  type SecureRandom,
  type Timer,
} from '@strikewire/runtime';
import { In, type DataSource, type EntityManager } from 'typeorm';
import { tokenHash } from './digest';
import { userOf, type Directory, type PersonRecord } from './directory';
import { sessionEntity, type SessionRow } from './entities';

export interface SessionsDeps {
  clock: Clock;
  log: Log;
  random: SecureRandom;
  database: DataSource;
  directory: Directory;
  activity: ActivityRecorder;
  limits: SessionLimits;
}

/** Where somebody signs in from. */
export interface SignInPlace {
  address: string;
  agent: string;
}

interface LiveSession {
  readonly row: SessionRow;
  readonly caller: Person;
  readonly ending: AbortController;
  lastSeenMs: number;
  isSeenUnsaved: boolean;
}

/** Sessions that one person may have; the one that was idle longest makes room. */
const perPersonMax = 20;
/** How often ended sessions are swept out and last use is written down. */
const sweepMs = 30_000;
const agentCharsMax = 200;

/** Everybody's sessions: in memory for every request, in the database for a restart. */
export class Sessions {
  private readonly deps: SessionsDeps;
  private readonly byHash = new Map<string, LiveSession>();
  /** Over, and still in the database. */
  private readonly undeleted = new Set<string>();
  private isSaving = false;
  private timer: Timer | undefined;

  constructor(deps: SessionsDeps) {
    this.deps = deps;
  }

  async load(): Promise<void> {
    for (const row of await this.deps.database.getRepository(sessionEntity).find()) {
      const person = this.deps.directory.find(row.personId);
      if (person) this.keep(row, person);
    }
    await this.sweep();
    this.armSweep();
  }

  stop(): void {
    this.timer?.cancel();
  }

  /** Whose token this is; undefined when nobody's, or no longer. Counts as being seen. */
  identify(token: string): Person | undefined {
    const session = this.byHash.get(tokenHash(token));
    if (!session || !this.isAlive(session)) return undefined;
    session.lastSeenMs = Math.max(session.lastSeenMs, this.deps.clock.wallMs());
    session.isSeenUnsaved = true;
    return session.caller;
  }

  /** A new session within a transaction; it counts once `admit` is called after the commit. */
  async open(
    manager: EntityManager,
    person: PersonRecord,
    place: SignInPlace,
  ): Promise<{ token: string; admit(): Me }> {
    const { clock, random } = this.deps;
    const token = Buffer.from(random.bytes(32)).toString('base64url');
    const at = new Date(clock.wallMs());
    const row: SessionRow = {
      id: random.uuid(),
      personId: person.id,
      tokenHash: tokenHash(token),
      signedInAt: at,
      lastSeenAt: at,
      steppedUpAt: at,
      address: place.address,
      agent: place.agent.slice(0, agentCharsMax),
    };
    const crowded = this.of(person.id).slice(perPersonMax - 1);
    await manager.delete(sessionEntity, { id: In(crowded.map(({ row: { id } }) => id)) });
    for (const session of crowded) {
      await this.recordEnd(manager, byPlatform, session, 'crowded_out');
    }
    await manager.insert(sessionEntity, row);
    const admit = (): Me => {
      for (const session of crowded) this.drop(session);
      this.keep(row, person);
      return this.me(row.id);
    };
    return { token, admit };
  }

  /** Who somebody is, as told to himself. */
  me(sessionId: string): Me {
    const session = this.byId(sessionId);
    const steppedUpUntilMs = session.caller.steppedUpUntilMs;
    const isSteppedUp = steppedUpUntilMs > this.deps.clock.wallMs();
    return {
      user: userOf(this.deps.directory.byId(session.row.personId)),
      session: this.shown(session, sessionId),
      steppedUpUntil: isSteppedUp ? indiaIsoOf(steppedUpUntilMs) : null,
    };
  }

  /** The password was given once more. */
  async stepUp(sessionId: string): Promise<Me> {
    const { row } = this.byId(sessionId);
    const steppedUpAt = new Date(this.deps.clock.wallMs());
    await this.deps.database.getRepository(sessionEntity).update({ id: row.id }, { steppedUpAt });
    row.steppedUpAt = steppedUpAt;
    return this.me(sessionId);
  }

  /** Sessions as shown to whoever asks; of one person, or everybody's, last seen first. */
  list(currentId: string, personId?: string): Session[] {
    return this.of(personId).map((session) => this.shown(session, currentId));
  }

  /** Ends one session; `ownerId`: it has to be one of that person's. */
  async end(sessionId: string, by: ActedBy, ownerId?: string): Promise<void> {
    const session = this.byId(sessionId, ownerId);
    await this.deps.database.transaction(async (manager) => {
      await manager.delete(sessionEntity, { id: session.row.id });
      await this.recordEnd(manager, by, session, 'ended');
    });
    this.drop(session);
  }

  /**
   * Ends a person's sessions within a transaction, but one; they stop counting when the returned
   * function is called after the commit.
   */
  async endAll(
    manager: EntityManager,
    personId: string,
    exceptId?: string,
  ): Promise<() => void> {
    // Those that the database has, one that is just being opened included.
    const [rows] = (await manager.query(
      'delete from person_session where person_id = $1 and id is distinct from $2 returning id',
      [personId, exceptId ?? null],
    )) as [{ id: string }[], number];
    const ended = new Set(rows.map(({ id }) => id));
    return () => {
      for (const session of [...this.byHash.values()]) {
        if (ended.has(session.row.id)) this.drop(session);
      }
    };
  }

  /** One session within a transaction; it stops counting when the returned function is called. */
  async endOne(manager: EntityManager, sessionId: string): Promise<() => void> {
    await manager.delete(sessionEntity, { id: sessionId });
    return () => {
      const session = this.of().find(({ row }) => row.id === sessionId);
      if (session) this.drop(session);
    };
  }

  /** All but the one that asks, with an entry in the activity log. */
  async endOthers(person: Person, by: ActedBy): Promise<void> {
    const drop = await this.deps.database.transaction(async (manager) => {
      const dropped = await this.endAll(manager, person.userId, person.sessionId);
      const subject = { kind: 'user', id: person.userId, name: person.username };
      const entry = { action: 'session.others_ended', subject, before: null, after: null };
      await this.deps.activity.record(manager, by, entry);
      return dropped;
    });
    drop();
  }

  private async recordEnd(
    manager: EntityManager,
    by: ActedBy,
    { row, caller }: LiveSession,
    how: 'ended' | 'crowded_out',
  ): Promise<void> {
    const subject = { kind: 'session', id: row.id, name: caller.username };
    const before = { address: row.address, agent: row.agent };
    const entry = { action: `session.${how}`, subject, before, after: null };
    await this.deps.activity.record(manager, by, entry);
  }

  /** Ends what is over by now in memory, sockets included; answers with it. */
  private dropOver(): string[] {
    const over = [...this.byHash.values()].filter((session) => !this.isAlive(session));
    over.forEach((session) => this.drop(session));
    return over.map(({ row }) => row.id);
  }

  /** Alive ones, last seen first. */
  private of(personId?: string): LiveSession[] {
    const all = [...this.byHash.values()].filter((session) => this.isAlive(session));
    const some = personId === undefined ? all : all.filter(({ row }) => row.personId === personId);
    return some.sort((a, b) => b.lastSeenMs - a.lastSeenMs);
  }

  private byId(sessionId: string, ownerId?: string): LiveSession {
    const session = this.of(ownerId).find(({ row }) => row.id === sessionId);
    if (session) return session;
    const message = 'there is no such session';
    throw new StrikewireError({ kind: 'not_found', code: 'session_unknown', message });
  }

  private isAlive({ row, lastSeenMs, caller }: LiveSession): boolean {
    const { clock, limits, directory } = this.deps;
    const times = { signedInMs: row.signedInAt.getTime(), lastSeenMs };
    return (
      !caller.ended.aborted &&
      !isOver(times, limits, clock.wallMs()) &&
      directory.find(row.personId)?.enabled === true
    );
  }

  private keep(row: SessionRow, person: PersonRecord): void {
    const ending = new AbortController();
    const { stepUpMs } = this.deps.limits;
    const caller: Person = {
      kind: 'person',
      userId: person.id,
      username: person.username,
      get role() {
        return person.role;
      },
      sessionId: row.id,
      get steppedUpUntilMs() {
        return row.steppedUpAt === null ? 0 : row.steppedUpAt.getTime() + stepUpMs;
      },
      get mustChangePassword() {
        return person.mustChangePassword;
      },
      ended: ending.signal,
    };
    const lastSeenMs = row.lastSeenAt.getTime();
    this.byHash.set(row.tokenHash, { row, caller, ending, lastSeenMs, isSeenUnsaved: false });
  }

  private drop({ row, ending }: LiveSession): void {
    this.byHash.delete(row.tokenHash);
    ending.abort();
  }

  private shown({ row, lastSeenMs, caller }: LiveSession, currentId: string): Session {
    const times = { signedInMs: row.signedInAt.getTime(), lastSeenMs };
    const { idleEndsMs, endsMs } = sessionEnds(times, this.deps.limits);
    return {
      id: row.id,
      userId: row.personId,
      username: caller.username,
      signedInAt: indiaIsoOf(row.signedInAt.getTime()),
      lastSeenAt: indiaIsoOf(lastSeenMs),
      idleEndsAt: indiaIsoOf(idleEndsMs),
      endsAt: indiaIsoOf(endsMs),
      address: row.address,
      agent: row.agent,
      isCurrent: row.id === currentId,
    };
  }

  private armSweep(): void {
    const { clock, log } = this.deps;
    this.timer = clock.after(sweepMs, () => {
      this.armSweep();
      clock.track(this.sweep()).catch((error) =>
        log.debug('sessions not swept', { reason: errorMessageOf(error) }),
      );
    });
  }

  /** Ends what is over, sockets included, and writes down who was seen. */
  private async sweep(): Promise<void> {
    for (const id of this.dropOver()) this.undeleted.add(id);
    // A database that hangs keeps nobody's socket open: only what is written down waits for it.
    if (this.isSaving) return;
    this.isSaving = true;
    try {
      await this.save();
    } finally {
      this.isSaving = false;
    }
  }

  private async save(): Promise<void> {
    const repository = this.deps.database.getRepository(sessionEntity);
    const over = [...this.undeleted];
    if (over.length > 0) await repository.delete({ id: In(over) });
    over.forEach((id) => this.undeleted.delete(id));
    for (const session of [...this.byHash.values()].filter((one) => one.isSeenUnsaved)) {
      const lastSeenAt = new Date(session.lastSeenMs);
      session.isSeenUnsaved = false;
      await repository.update({ id: session.row.id }, { lastSeenAt });
    }
  }
}
