import { indiaIsoOf, type Notification } from '@strikewire/contracts';
import {
  errorMessageOf,
  type Clock,
  type Log,
  type SecureRandom,
  type Timer,
} from '@strikewire/runtime';
import type { DataSource } from 'typeorm';
import { fromDatabase } from '../database/database-error';
import { trimNews, type Dispatch, type News, type Notifier, type TrimmedNews } from './news';

/** What the desk needs. */
export interface NewsDeskDeps {
  clock: Clock;
  log: Log;
  random: SecureRandom;
  database: DataSource;
  /** Hands news to the channels; never rejects. */
  dispatch(dispatch: Dispatch): Promise<void>;
  /** What is in the inbox now; again when it has happened once more. */
  stored(notification: Notification): void;
}

/** News that are counted as one, and how far they have come. */
interface Item {
  ref: string;
  readonly news: TrimmedNews;
  readonly atMs: number;
  lastMs: number;
  /** How often it happened since it was last stored. */
  unsaved: number;
  /** Handed to the channels, or found to have been told before. */
  isTold: boolean;
}

const sameWithinMs = 600_000;
const keysMax = 1_000;
const pendingMax = 500;
const retryMs = 5_000;
const rowsMax = 10_000;
/** How many may be over that before they are removed. */
const rowsSlack = 100;

/**
 * Takes news in, stores them and hands them on, one after the other. While the database is away
 * they go out all the same and are stored later; of more than 500 that wait, the oldest is dropped
 * and told to the log.
 */
export class NewsDesk implements Notifier {
  private readonly deps: NewsDeskDeps;
  private readonly pending = new Set<Item>();
  /** Of the last ten minutes, oldest first. */
  private readonly recent = new Map<string, Item>();
  private working: Promise<void> | undefined;
  private retry: Timer | undefined;
  private isStopped = false;

  constructor(deps: NewsDeskDeps) {
    this.deps = deps;
  }

  /** How many wait for the database. */
  get waiting(): number {
    return this.pending.size;
  }

  raise(news: News): Promise<void> {
    const item = this.itemOf(trimNews(news));
    item.unsaved++;
    item.lastMs = this.deps.clock.wallMs();
    this.keep(item);
    return this.work();
  }

  /** Stores what it can; the rest is told to the log, and lost. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await this.work();
    const count = this.pending.size;
    if (count > 0) this.deps.log.error('notifications are lost: the database is away', { count });
  }

  private itemOf(news: TrimmedNews): Item {
    const { clock, random } = this.deps;
    const atMs = clock.wallMs();
    const known = news.key === null ? undefined : this.recent.get(news.key);
    // A wall clock that was set back must not keep news from people.
    if (known && Math.abs(atMs - known.atMs) < sameWithinMs) return known;
    const item = { ref: random.uuid(), news, atMs, lastMs: atMs, unsaved: 0, isTold: false };
    if (news.key === null) return item;
    this.recent.delete(news.key);
    this.recent.set(news.key, item);
    const [oldest] = this.recent.keys();
    if (this.recent.size > keysMax && oldest !== undefined) this.recent.delete(oldest);
    return item;
  }

  private keep(item: Item): void {
    this.pending.add(item);
    const [oldest] = this.pending;
    if (this.pending.size <= pendingMax || oldest === undefined) return;
    this.pending.delete(oldest);
    const { kind, title } = oldest.news;
    this.deps.log.error('a notification is lost: the database is away', { kind, title });
  }

  /** One run at a time; what comes in meanwhile is done by the same run. */
  private work(): Promise<void> {
    return (this.working ??= this.workOff());
  }

  private async workOff(): Promise<void> {
    let isAway = false;
    for (const item of this.pending) {
      if (!isAway) isAway = !(await this.store(item));
      if (!item.isTold) {
        item.isTold = true;
        await this.deps.dispatch(dispatchOf(item));
      }
    }
    // In one go with the end of the loop: what comes in from now on needs another run.
    this.working = undefined;
    this.retry?.cancel();
    if (!isAway || this.isStopped) return;
    this.retry = this.deps.clock.after(retryMs, () => void this.work());
  }

  /** False when the database is away. What it refuses for another reason is given up. */
  private async store(item: Item): Promise<boolean> {
    const { log } = this.deps;
    const count = item.unsaved;
    item.unsaved = 0;
    try {
      await this.write(item, count);
    } catch (error) {
      const reason = errorMessageOf(error);
      if (!isRefusal(error)) {
        item.unsaved += count;
        log.warn('notifications wait for the database', { count: this.pending.size, reason });
        return false;
      }
      log.error('a notification was not stored', { kind: item.news.kind, reason });
    }
    this.pending.delete(item);
    // It happened once more meanwhile: that comes last.
    if (item.unsaved > 0) this.pending.add(item);
    return true;
  }

  private async write(item: Item, count: number): Promise<void> {
    const { database } = this.deps;
    const { ref, news, atMs, lastMs } = item;
    if (!item.isTold && news.key !== null) await this.adoptEarlier(item, news.key);
    const rows: Array<{ id: string; at: Date; count: number }> = await database.query(
      `insert into notification
         (ref, at, last_at, severity, kind, key, title, text, count, details)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       on conflict (ref) do update
       set count = notification.count + excluded.count, last_at = excluded.last_at
       returning id, at, count`,
      [
        item.ref,
        new Date(atMs),
        new Date(lastMs),
        news.severity,
        news.kind,
        news.key,
        news.title,
        news.text,
        count,
        JSON.stringify(news.details),
      ],
    );
    const row = rows[0];
    const id = Number(row?.id);
    if (row) this.tellStored(news, { id, at: row.at, count: row.count });
    if (ref === item.ref && id % rowsSlack === 0) {
      await database.query('delete from notification where id <= $1', [id - rowsMax]);
    }
  }

  private tellStored(
    { severity, kind, title, text }: TrimmedNews,
    { id, at, count }: { id: number; at: Date; count: number },
  ): void {
    this.deps.stored({ id, at: indiaIsoOf(at.getTime()), severity, kind, title, text, count });
  }

  /** The same may have been told by another process, or by this one before it was restarted. */
  private async adoptEarlier(item: Item, key: string): Promise<void> {
    const rows: Array<{ ref: string }> = await this.deps.database.query(
      `select ref from notification
       where key = $1 and at > $2 and at <= $3 order by id desc limit 1`,
      [key, new Date(item.atMs - sameWithinMs), new Date(item.atMs)],
    );
    const earlier = rows[0]?.ref;
    if (earlier === undefined) return;
    item.ref = earlier;
    item.isTold = true;
  }
}

/** The database answered, and said no: another try would end the same. */
function isRefusal(error: unknown): boolean {
  return (error as Error).name === 'QueryFailedError' && fromDatabase(error) === undefined;
}

function dispatchOf({ ref, news, atMs }: Item): Dispatch {
  const { severity, kind, title, text, details } = news;
  return { id: ref, at: indiaIsoOf(atMs), severity, kind, title, text, details };
}
