import {
  indiaIsoOf,
  keysPerOwnerMax,
  roleIncludes,
  roleOfScope,
  type ApiKey,
  type ApiKeyWithSecret,
  type NewApiKey,
} from '@strikewire/contracts';
import {
  createTurns,
  type ActedBy,
  type ActivityRecorder,
  type KeyHolder,
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
import type { DataSource, EntityManager } from 'typeorm';
import { tokenHash } from './digest';
import type { Directory, PersonRecord } from './directory';
import { keyEntity, type KeyRow } from './entities';

export interface KeysDeps {
  clock: Clock;
  log: Log;
  random: SecureRandom;
  database: DataSource;
  directory: Directory;
  activity: ActivityRecorder;
}

interface LiveKey {
  readonly row: KeyRow;
  readonly owner: PersonRecord;
  readonly caller: KeyHolder;
  readonly ending: AbortController;
  isUseUnsaved: boolean;
}

/** What every secret begins with, so that people and scanners know what it is. */
const prefix = 'swk_';
const hintChars = 8;
const sweepMs = 30_000;

/** Keys for programs: answered from memory, revoked at once. */
export class Keys {
  private readonly deps: KeysDeps;
  private readonly byHash = new Map<string, LiveKey>();
  private readonly inTurn = createTurns();
  private isSaving = false;
  private timer: Timer | undefined;

  constructor(deps: KeysDeps) {
    this.deps = deps;
  }

  async load(): Promise<void> {
    for (const row of await this.deps.database.getRepository(keyEntity).find()) {
      const owner = this.deps.directory.find(row.personId);
      if (owner) this.keep(row, owner);
    }
    this.dropOver();
    this.armSweep();
  }

  stop(): void {
    this.timer?.cancel();
  }

  /** Whose key this is; undefined when it is none that works. Counts as a use. */
  identify(secret: string): KeyHolder | undefined {
    const key = this.byHash.get(tokenHash(secret));
    if (!key || this.stateOf(key) !== 'active') return undefined;
    key.row.lastUsedAt = new Date(this.deps.clock.wallMs());
    key.isUseUnsaved = true;
    return key.caller;
  }

  /** Newest first; of one person, or everybody's. */
  list(personId?: string): ApiKey[] {
    return [...this.byHash.values()]
      .filter(({ owner }) => personId === undefined || owner.id === personId)
      .sort((a, b) => b.row.createdAt.getTime() - a.row.createdAt.getTime())
      .map((key) => this.shown(key));
  }

  /** Makes a key; the answer is the only place where its secret ever is. */
  create(wanted: NewApiKey, person: Person, by: ActedBy): Promise<ApiKeyWithSecret> {
    return this.inTurn(() => this.make(wanted, person, by));
  }

  private async make(
    wanted: NewApiKey,
    person: Person,
    by: ActedBy,
  ): Promise<ApiKeyWithSecret> {
    const { clock, random, directory } = this.deps;
    const owner = directory.byId(person.userId);
    this.checkWanted(wanted, owner);
    const secret = `${prefix}${Buffer.from(random.bytes(32)).toString('base64url')}`;
    const row: KeyRow = {
      id: random.uuid(),
      personId: owner.id,
      name: wanted.name,
      tokenHash: tokenHash(secret),
      hint: secret.slice(0, prefix.length + hintChars),
      scopes: [...wanted.scopes],
      createdAt: new Date(clock.wallMs()),
      expiresAt: wanted.expiresAt === null ? null : new Date(wanted.expiresAt),
      revokedAt: null,
      lastUsedAt: null,
    };
    await this.deps.database.transaction(async (manager) => {
      await manager.insert(keyEntity, row);
      const after = { name: row.name, scopes: row.scopes, expiresAt: wanted.expiresAt };
      const entry = { action: 'key.created', subject: subjectOf(row), before: null, after };
      await this.deps.activity.record(manager, by, entry);
    });
    return { key: this.shown(this.keep(row, owner)), secret };
  }

  /** Revokes a key at once, its sockets included; `ownerId`: it has to be that person's. */
  async revoke(id: string, by: ActedBy, ownerId?: string): Promise<void> {
    const key = [...this.byHash.values()].find(
      ({ row }) => row.id === id && (ownerId === undefined || row.personId === ownerId),
    );
    if (!key) {
      const message = 'there is no such key';
      throw new StrikewireError({ kind: 'not_found', code: 'key_unknown', message });
    }
    if (key.row.revokedAt !== null) return;
    const revokedAt = new Date(this.deps.clock.wallMs());
    await this.deps.database.transaction((manager) =>
      this.writeRevoked(manager, key, by, revokedAt),
    );
    drop(key, revokedAt);
  }

  /**
   * Revokes all keys of a person within a transaction, with an entry for each; they stop working
   * when the returned function is called after the commit.
   */
  async revokeAll(manager: EntityManager, personId: string, by: ActedBy): Promise<() => void> {
    const revokedAt = new Date(this.deps.clock.wallMs());
    const theirs = [...this.byHash.values()].filter(
      ({ row }) => row.personId === personId && row.revokedAt === null,
    );
    for (const key of theirs) await this.writeRevoked(manager, key, by, revokedAt);
    return () => theirs.forEach((key) => drop(key, revokedAt));
  }

  private async writeRevoked(
    manager: EntityManager,
    { row }: LiveKey,
    by: ActedBy,
    revokedAt: Date,
  ): Promise<void> {
    await manager.update(keyEntity, { id: row.id }, { revokedAt });
    const before = { name: row.name, scopes: row.scopes };
    const entry = { action: 'key.revoked', subject: subjectOf(row), before, after: null };
    await this.deps.activity.record(manager, by, entry);
  }

  /** Ends the sockets of what has expired, or whose owner may not sign in any more. */
  dropOver(): void {
    for (const key of this.byHash.values()) {
      if (this.stateOf(key) !== 'active') key.ending.abort();
      else if (key.ending.signal.aborted) this.keep(key.row, key.owner);
    }
  }

  private checkWanted({ scopes, expiresAt }: NewApiKey, owner: PersonRecord): void {
    const tooHigh = scopes.find((scope) => !roleIncludes(owner.role, roleOfScope[scope]));
    if (tooHigh !== undefined) {
      throw new StrikewireError({
        kind: 'forbidden',
        code: 'scope_above_role',
        message: `the scope ${tooHigh} needs the role ${roleOfScope[tooHigh]}`,
      });
    }
    if (expiresAt !== null && Date.parse(expiresAt) <= this.deps.clock.wallMs()) {
      const needed = 'needs to be in the future, or null for never';
      throw new StrikewireError({
        kind: 'invalid',
        code: 'expiry_past',
        message: `expiresAt: ${needed}`,
        details: { fields: [{ field: 'expiresAt', needed }] },
      });
    }
    const active = this.list(owner.id).filter(({ state }) => state === 'active');
    if (active.length >= keysPerOwnerMax) {
      const message = `you have ${active.length} active keys, the most there may be: revoke some`;
      throw new StrikewireError({ kind: 'denied', code: 'keys_full', message });
    }
  }

  private stateOf({ row, owner }: LiveKey): ApiKey['state'] {
    if (row.revokedAt !== null) return 'revoked';
    const isExpired = row.expiresAt !== null && row.expiresAt.getTime() <= this.deps.clock.wallMs();
    if (isExpired) return 'expired';
    return owner.enabled ? 'active' : 'owner_disabled';
  }

  private keep(row: KeyRow, owner: PersonRecord): LiveKey {
    const ending = new AbortController();
    const caller: KeyHolder = {
      kind: 'key',
      keyId: row.id,
      name: row.name,
      scopes: row.scopes,
      userId: owner.id,
      username: owner.username,
      get role() {
        return owner.role;
      },
      ended: ending.signal,
    };
    const key = { row, owner, caller, ending, isUseUnsaved: false };
    this.byHash.set(row.tokenHash, key);
    return key;
  }

  private shown(key: LiveKey): ApiKey {
    const { id, name, hint, scopes, createdAt, expiresAt, revokedAt, lastUsedAt } = key.row;
    const { owner } = key;
    return {
      id,
      name,
      hint,
      scopes,
      owner: { id: owner.id, username: owner.username },
      createdAt: indiaIsoOf(createdAt.getTime()),
      expiresAt: expiresAt && indiaIsoOf(expiresAt.getTime()),
      revokedAt: revokedAt && indiaIsoOf(revokedAt.getTime()),
      lastUsedAt: lastUsedAt && indiaIsoOf(lastUsedAt.getTime()),
      state: this.stateOf(key),
    };
  }

  private armSweep(): void {
    const { clock, log } = this.deps;
    this.timer = clock.after(sweepMs, () => {
      this.armSweep();
      this.dropOver();
      clock.track(this.saveUse()).catch((error) =>
        log.debug('key use not saved', { reason: errorMessageOf(error) }),
      );
    });
  }

  /** A database that hangs keeps nobody's socket open: only what is written down waits for it. */
  private async saveUse(): Promise<void> {
    if (this.isSaving) return;
    this.isSaving = true;
    try {
      const repository = this.deps.database.getRepository(keyEntity);
      for (const key of [...this.byHash.values()].filter(({ isUseUnsaved }) => isUseUnsaved)) {
        key.isUseUnsaved = false;
        await repository.update({ id: key.row.id }, { lastUsedAt: key.row.lastUsedAt });
      }
    } finally {
      this.isSaving = false;
    }
  }
}

function drop({ row, ending }: LiveKey, revokedAt: Date): void {
  row.revokedAt = revokedAt;
  ending.abort();
}

function subjectOf({ id, name }: KeyRow): { kind: string; id: string; name: string } {
  return { kind: 'key', id, name };
}
