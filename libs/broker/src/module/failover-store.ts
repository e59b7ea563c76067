import { byPlatform, type ActedBy, type ActivityRecorder } from '@strikewire/platform';
import { LessThan, LessThanOrEqual, type DataSource } from 'typeorm';
import {
  failoverEventEntity,
  failoverSettingsEntity,
  type FailoverEventEntry,
  type FailoverSettingsRow,
} from './failover-entities';

/** What people wish of the accounts. */
export type FailoverSettings = Omit<FailoverSettingsRow, 'id' | 'revision'>;

/** An event before the database has given it an id. */
export type NewFailoverEvent = Omit<FailoverEventEntry, 'id'>;

/** What an entry of the activity log says of a change. */
export interface FailoverChange {
  action: string;
  before: Readonly<Record<string, unknown>>;
  after: Readonly<Record<string, unknown>>;
}

/** Events that are kept, and for how long. */
const eventsMax = 5_000;
const eventsKeptMs = 90 * 86_400_000;
const reasonCharsMax = 500;
const subject = { kind: 'failover', id: 'failover', name: 'Failover' };

/** Wishes and events of failover in the database. */
export class FailoverStore {
  private readonly database: DataSource;
  private readonly activity: ActivityRecorder;

  constructor(database: DataSource, activity: ActivityRecorder) {
    this.database = database;
    this.activity = activity;
  }

  /** What was saved last; undefined when nobody has wished anything yet. */
  async load(): Promise<FailoverSettingsRow | undefined> {
    const found = await this.database.getRepository(failoverSettingsEntity).findOneBy({ id: 1 });
    return found ?? undefined;
  }

  /** Writes the wishes whole, with the entry of whoever changed them. */
  async save(by: ActedBy, row: FailoverSettingsRow, change: FailoverChange): Promise<void> {
    await this.database.transaction(async (manager) => {
      await manager.upsert(failoverSettingsEntity, row as never, ['id']);
      await this.activity.record(manager, by, { ...change, subject });
    });
  }

  /** Adds an event; those that are too old or too many go. */
  async add(event: NewFailoverEvent): Promise<void> {
    await this.database.transaction(async (manager) => {
      const row = { ...event, reason: event.reason.slice(0, reasonCharsMax) };
      const { identifiers } = await manager.insert(failoverEventEntity, row as never);
      const id = Number(identifiers[0]?.['id']);
      const oldestAt = new Date(event.at.getTime() - eventsKeptMs);
      await manager.delete(failoverEventEntity, { id: LessThanOrEqual(String(id - eventsMax)) });
      await manager.delete(failoverEventEntity, { at: LessThan(oldestAt) });
      // Another socket of the same account changes nothing that people would look for there.
      if (event.level < 2) return;
      await this.activity.record(manager, byPlatform, {
        action: 'failover.switched',
        subject,
        before: { carriers: event.from },
        after: {
          carriers: event.to,
          level: event.level,
          cause: event.cause,
          reason: row.reason,
          durationMs: event.durationMs,
        },
      });
    });
  }

  /** Newest first. */
  async list(limit: number): Promise<FailoverEventEntry[]> {
    const order = { id: 'desc' } as const;
    return this.database.getRepository(failoverEventEntity).find({ order, take: limit });
  }
}
