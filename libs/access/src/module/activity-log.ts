import {
  indiaIsoOf,
  type Activity,
  type ActivityExportQuery,
  type ActivityPage,
  type ActivityQuery,
  type ActivityReport,
} from '@strikewire/contracts';
import {
  scrubFacts,
  type ActedBy,
  type ActivityEntry,
  type ActivityRecorder,
} from '@strikewire/platform';
import { StrikewireError, type Clock } from '@strikewire/runtime';
import type { DataSource, EntityManager, QueryRunner, SelectQueryBuilder } from 'typeorm';
import {
  canonicalJson,
  chainStart,
  ChainWalk,
  entryHash,
  headOf,
  linkAfter,
  type ChainEntry,
  type ChainHead,
  type ChainLink,
  type Mac,
} from '../core/activity-chain';
import { activityEntity, type ActivityRow } from './entities';
import type { NewestEntry } from './newest-entry';

/** Entries read from the database at once by an export or a check. */
const batch = 500;

/** What narrows the log down. */
type ActivityFilters = Omit<ActivityExportQuery, 'format'>;

interface HeadRow {
  sequence: string;
  hash: string;
  seal: string;
}

/** What everybody did, in a chain that shows when it is altered. */
export class ActivityLog implements ActivityRecorder {
  private readonly database: DataSource;
  private readonly clock: Pick<Clock, 'wallMs'>;
  private readonly mac: Mac;
  private readonly newest: NewestEntry;
  /** By the transaction that writes it: kept once that is. */
  private readonly unkept = new WeakMap<QueryRunner, ChainHead>();

  constructor(
    database: DataSource,
    clock: Pick<Clock, 'wallMs'>,
    { mac, newest }: { mac: Mac; newest: NewestEntry },
  ) {
    this.database = database;
    this.clock = clock;
    this.mac = mac;
    this.newest = newest;
    database.subscribers.push({
      afterTransactionCommit: ({ queryRunner }) => this.kept(queryRunner),
      afterTransactionRollback: ({ queryRunner }) => void this.unkept.delete(queryRunner),
    });
  }

  /**
   * Seals the start of the log, where there has not been anybody yet: from then on a log without a
   * record of its last entry was cut. Elsewhere, what is there is remembered.
   */
  async begin(): Promise<void> {
    const { hash, sequence, seal } = headOf(this.mac, chainStart);
    await this.database.query(
      `insert into activity_head (is_only, sequence, hash, seal)
       select true, $1, $2, $3
       where not exists (select 1 from person) and not exists (select 1 from activity)
       on conflict do nothing`,
      [sequence, hash, seal],
    );
    const head = await readHead(this.database.manager);
    if (linkAfter(this.mac, head, this.newest.link) !== 'cut' && head) this.newest.note(head);
  }

  /** Whether there is anything outside of the database that the log is compared with. */
  get isCompared(): boolean {
    return this.newest.isKnown;
  }

  async record(manager: EntityManager, by: ActedBy, entry: ActivityEntry): Promise<void> {
    refuseEnded(by);
    // Whoever writes next waits here until this transaction is over: the chain has one end.
    await manager.query('lock table activity_head in exclusive mode');
    const last = await this.lastLink(manager);
    const entryNow: ChainEntry = {
      sequence: last.sequence + 1,
      at: indiaIsoOf(this.clock.wallMs()),
      actor: storable(actorOf(by)),
      action: entry.action,
      subject: storable(entry.subject),
      before: textOf(entry.before),
      after: textOf(entry.after),
      address: by.address,
      requestId: by.requestId,
    };
    const hash = entryHash(this.mac, entryNow, last.hash);
    await manager.insert(activityEntity, rowOf(entryNow, hash));
    const head = headOf(this.mac, { sequence: entryNow.sequence, hash });
    await manager.query(
      `insert into activity_head (is_only, sequence, hash, seal) values (true, $1, $2, $3)
       on conflict (is_only) do update set sequence = $1, hash = $2, seal = $3`,
      [head.sequence, head.hash, head.seal],
    );
    if (manager.queryRunner) this.unkept.set(manager.queryRunner, head);
  }

  private async lastLink(manager: EntityManager): Promise<ChainLink> {
    const newest = this.newest.link;
    const last = linkAfter(this.mac, await readHead(manager), newest);
    if (last !== 'cut') return last;
    const sql = 'select max(sequence) as last from activity';
    const [found] = (await manager.query(sql)) as { last: string | null }[];
    return { ...newest, sequence: Math.max(newest.sequence, Number(found?.last ?? 0)) + 1 };
  }

  private kept(runner: QueryRunner): void {
    const head = this.unkept.get(runner);
    // Within another transaction nothing is kept before that one is.
    if (head === undefined || runner.isTransactionActive) return;
    this.unkept.delete(runner);
    this.newest.note(head);
  }

  /** Something that changes nothing in the database but is worth an entry. */
  async note(by: ActedBy, action: string, facts: Record<string, unknown>): Promise<void> {
    const subject = { kind: 'platform', id: '', name: 'platform' };
    await this.database.transaction((manager) =>
      this.record(manager, by, { action, subject, before: null, after: facts }),
    );
  }

  async page(query: ActivityQuery): Promise<ActivityPage> {
    const { before, limit } = query;
    const found = this.find(query);
    if (before !== undefined) found.andWhere('a.sequence < :before', { before });
    const rows = await found.orderBy('a.sequence', 'DESC').take(limit + 1).getMany();
    const entries = rows.slice(0, limit).map(activityOf);
    const isMore = rows.length > limit;
    return { entries, nextBefore: isMore ? (entries.at(-1)?.sequence ?? null) : null };
  }

  /** Everything that the filters let through, oldest first, as it is read. */
  async *all(query: ActivityFilters): AsyncGenerator<Activity> {
    for await (const row of this.rows(this.find(query))) yield activityOf(row);
  }

  /** Reads the whole log and follows its chain, in one state of the database. */
  async verify(): Promise<ActivityReport> {
    const walk = new ChainWalk(this.mac, this.newest.link);
    const blurred = await this.database.transaction('REPEATABLE READ', async (manager) => {
      const everything = manager.createQueryBuilder(activityEntity, 'a').where('true');
      for await (const row of this.rows(everything)) {
        if (!walk.follow(chainEntryOf(row), row.hash)) break;
      }
      walk.finish(await readHead(manager));
      return firstBlurred(manager);
    });
    const problem = walk.problem ?? blurred;
    const checkedAt = indiaIsoOf(this.clock.wallMs());
    return { intact: problem === null, entries: walk.entries, problem, checkedAt };
  }

  /** Batch by batch, so that a log of any length fits. */
  private async *rows(query: SelectQueryBuilder<ActivityRow>): AsyncGenerator<ActivityRow> {
    let after = '-9223372036854775808';
    for (;;) {
      const next = query.clone().andWhere('a.sequence > :after', { after });
      const rows = await next.orderBy('a.sequence', 'ASC').take(batch).getMany();
      yield* rows;
      const last = rows.at(-1);
      if (last === undefined || rows.length < batch) return;
      after = last.sequence;
    }
  }

  private find(query: ActivityFilters): SelectQueryBuilder<ActivityRow> {
    const { from, to, actor, action, subject } = query;
    const found = this.database.createQueryBuilder(activityEntity, 'a').where('true');
    if (from !== undefined) found.andWhere('a.at >= :from', { from });
    if (to !== undefined) found.andWhere('a.at < :to', { to });
    if (actor !== undefined) {
      found.andWhere('strpos(lower(a.actorName), lower(:actor)) > 0', { actor });
    }
    if (action !== undefined) {
      found.andWhere(`(a.action = :action or starts_with(a.action, :action || '.'))`, { action });
    }
    if (subject !== undefined) {
      const name = 'strpos(lower(a.subjectName), lower(:subject)) > 0';
      found.andWhere(`(a.subjectId = :subject or ${name})`, { subject });
    }
    return found;
  }
}

async function readHead(manager: EntityManager): Promise<ChainHead | undefined> {
  const sql = 'select sequence, hash, seal from activity_head';
  const [head] = (await manager.query(sql)) as HeadRow[];
  return head && { ...head, sequence: Number(head.sequence) };
}

/** A time finer than the log writes it was not written by the log. */
async function firstBlurred(manager: EntityManager): Promise<string | null> {
  const sql = `select sequence from activity where date_trunc('milliseconds', at) <> at limit 1`;
  const [row] = (await manager.query(sql)) as { sequence: string }[];
  return row ? `entry ${row.sequence} is not as it was written` : null;
}

/**
 * Texts as the database gives them back: half a character would come back as another text than was
 * hashed, and NUL is refused.
 */
function storable<T extends object>(names: T): T {
  const entries = Object.entries(names).map(([field, value]) => [
    field,
    typeof value === 'string' ? value.replace(/[\p{Cs}\0]/gu, '\ufffd') : value,
  ]);
  return Object.fromEntries(entries) as T;
}

/** Whoever was signed out or revoked while a change waited for its turn does not make it. */
function refuseEnded({ caller }: ActedBy): void {
  if (!('ended' in caller) || !caller.ended.aborted) return;
  throw new StrikewireError({
    kind: 'unauthenticated',
    code: 'sign_in_needed',
    message: 'the session or key has ended meanwhile; nothing was changed',
  });
}

function textOf(facts: ActivityEntry['before']): string | null {
  return facts === null ? null : canonicalJson(scrubFacts(facts));
}

function actorOf({ caller }: ActedBy): Activity['actor'] {
  if (caller.kind === 'platform') return { kind: 'platform', userId: null, name: 'platform' };
  if (caller.kind === 'nobody') return { kind: 'nobody', userId: null, name: 'nobody' };
  const { kind, userId, username } = caller;
  const name = caller.kind === 'key' ? `${caller.name} (key of ${username})` : username;
  return { kind, userId, name };
}

function rowOf(entry: ChainEntry, hash: string): ActivityRow {
  const { sequence, at, actor, subject, ...rest } = entry;
  return {
    ...rest,
    sequence: String(sequence),
    at: new Date(at),
    actorKind: actor.kind,
    actorUserId: actor.userId,
    actorName: actor.name,
    subjectKind: subject.kind,
    subjectId: subject.id,
    subjectName: subject.name,
    hash,
  };
}

function chainEntryOf(row: ActivityRow): ChainEntry {
  return {
    sequence: Number(row.sequence),
    at: indiaIsoOf(row.at.getTime()),
    actor: { kind: row.actorKind, userId: row.actorUserId, name: row.actorName },
    action: row.action,
    subject: { kind: row.subjectKind, id: row.subjectId, name: row.subjectName },
    before: row.before,
    after: row.after,
    address: row.address,
    requestId: row.requestId,
  };
}

function activityOf(row: ActivityRow): Activity {
  const { before, after, ...entry } = chainEntryOf(row);
  return { ...entry, before: factsOf(before), after: factsOf(after), hash: row.hash };
}

function factsOf(text: string | null): Activity['before'] {
  return text === null ? null : (JSON.parse(text) as Record<string, unknown>);
}
