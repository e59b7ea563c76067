import {
  indiaIsoOf,
  severities,
  type ChannelChange,
  type ChannelSettings,
  type NewChannel,
  type NotificationChannel,
  type Severity,
} from '@strikewire/contracts';
import { StrikewireError, type Clock, type SecureRandom } from '@strikewire/runtime';
import type { DataSource, EntityManager } from 'typeorm';
import type { ActedBy, ActivityRecorder } from '../activity/activity-recorder';
import type { Vault } from '../secrets/vault';
import { maskSettings, mergeSettings, settingsForLog } from './channel-settings';
import { channelEntity, type ChannelRow } from './entities';

/** What the channels need. */
export interface ChannelsDeps {
  clock: Clock;
  random: SecureRandom;
  database: DataSource;
  vault: Vault;
  activity: ActivityRecorder;
}

/** How a delivery went. */
export interface DeliveryOutcome {
  ok: boolean;
  message: string;
}

const channelsMax = 20;
const messageCharsMax = 500;
/** A unique index was hit. */
const uniqueViolation = '23505';

/** The ways by which notifications leave the platform. Kept in memory too: see `reachedBy`. */
export class Channels {
  private readonly deps: ChannelsDeps;
  private rows: ChannelRow[] = [];

  constructor(deps: ChannelsDeps) {
    this.deps = deps;
  }

  /** Reads them all; another process may have changed them. */
  async load(): Promise<void> {
    this.rows = await this.deps.database
      .getRepository(channelEntity)
      .find({ order: { name: 'asc' }, take: channelsMax });
  }

  /** Ids of those that news of this severity go to; from memory, so also without the database. */
  reachedBy(severity: Severity): string[] {
    const rank = severities.indexOf(severity);
    return this.rows
      .filter((row) => row.enabled && severities.indexOf(row.minSeverity) <= rank)
      .map(({ id }) => id);
  }

  /** Where an enabled channel goes, secrets included; undefined when there is none any more. */
  settingsOf(id: string): ChannelSettings | undefined {
    const row = this.rows.find((one) => one.id === id && one.enabled);
    return row && this.open(row);
  }

  async list(): Promise<NotificationChannel[]> {
    await this.load();
    return this.rows.map((row) => this.shown(row));
  }

  /** One, whether enabled or not, with its secrets. Rejects with `not_found`. */
  async read(id: string): Promise<ChannelSettings> {
    return this.open(await this.find(this.deps.database.manager, id));
  }

  async create(wanted: NewChannel, by: ActedBy): Promise<NotificationChannel> {
    const settings = mergeSettings(wanted.settings, undefined);
    const now = new Date(this.deps.clock.wallMs());
    const id = this.deps.random.uuid();
    const row: ChannelRow = {
      id,
      name: wanted.name,
      kind: settings.kind,
      settings: this.seal(id, settings),
      minSeverity: wanted.minSeverity,
      enabled: wanted.enabled,
      lastOk: null,
      lastAt: null,
      lastMessage: null,
      createdAt: now,
      updatedAt: now,
    };
    await this.change(async (manager) => {
      if ((await manager.count(channelEntity)) >= channelsMax) throw tooMany();
      await manager.insert(channelEntity, row);
      const entry = { action: 'notification_channel.created', subject: subjectOf(row) };
      await this.deps.activity.record(manager, by, {
        ...entry,
        before: null,
        after: this.forLog(row),
      });
    });
    return this.shown(row);
  }

  async update(id: string, wanted: ChannelChange, by: ActedBy): Promise<NotificationChannel> {
    let row: ChannelRow | undefined;
    await this.change(async (manager) => {
      const before = await this.find(manager, id, true);
      const { settings, ...rest } = wanted;
      row = { ...before, ...definedOf(rest), updatedAt: new Date(this.deps.clock.wallMs()) };
      if (settings !== undefined) {
        const merged = mergeSettings(settings, this.open(before));
        row.kind = merged.kind;
        row.settings = this.seal(id, merged);
      }
      await manager.save(channelEntity, row);
      await this.deps.activity.record(manager, by, {
        action: 'notification_channel.changed',
        subject: subjectOf(row),
        before: this.forLog(before),
        after: this.forLog(row),
      });
    });
    return this.shown(row as ChannelRow);
  }

  async remove(id: string, by: ActedBy): Promise<void> {
    await this.change(async (manager) => {
      const row = await this.find(manager, id, true);
      await manager.delete(channelEntity, { id });
      await this.deps.activity.record(manager, by, {
        action: 'notification_channel.removed',
        subject: subjectOf(row),
        before: this.forLog(row),
        after: null,
      });
    });
  }

  /** Notes how the latest delivery went. */
  async note(id: string, { ok, message }: DeliveryOutcome): Promise<void> {
    const lastMessage = message.slice(0, messageCharsMax).replaceAll('\0', ' ');
    const lastAt = new Date(this.deps.clock.wallMs());
    const changes = { lastOk: ok, lastAt, lastMessage };
    await this.deps.database.getRepository(channelEntity).update({ id }, changes);
  }

  private async change(work: (manager: EntityManager) => Promise<void>): Promise<void> {
    try {
      await this.deps.database.transaction(work);
    } catch (error) {
      if ((error as { code?: unknown }).code === uniqueViolation) throw nameTaken();
      throw error;
    }
    await this.load();
  }

  private async find(manager: EntityManager, id: string, isLocked = false): Promise<ChannelRow> {
    const lock = isLocked ? { lock: { mode: 'pessimistic_write' } as const } : {};
    const row = await manager.findOne(channelEntity, { where: { id }, ...lock });
    if (row !== null) return row;
    const message = 'there is no such channel';
    throw new StrikewireError({ kind: 'not_found', code: 'channel_unknown', message });
  }

  private seal(id: string, settings: ChannelSettings): string {
    return this.deps.vault.seal(JSON.stringify(settings), contextOf(id));
  }

  private open({ id, settings }: ChannelRow): ChannelSettings {
    return JSON.parse(this.deps.vault.open(settings, contextOf(id))) as ChannelSettings;
  }

  private shown(row: ChannelRow): NotificationChannel {
    const { id, name, minSeverity, enabled, lastOk, lastAt, lastMessage } = row;
    const settings = maskSettings(this.open(row));
    const lastDelivery =
      lastOk === null || lastAt === null
        ? null
        : { ok: lastOk, at: indiaIsoOf(lastAt.getTime()), message: lastMessage ?? '' };
    return { id, name, settings, minSeverity, enabled, lastDelivery };
  }

  private forLog(row: ChannelRow): Record<string, unknown> {
    const { name, minSeverity, enabled } = row;
    return { name, minSeverity, enabled, settings: settingsForLog(this.open(row)) };
  }
}

function contextOf(id: string): string {
  return `notification-channel:${id}`;
}

function subjectOf({ id, name }: ChannelRow): { kind: string; id: string; name: string } {
  return { kind: 'notification_channel', id, name };
}

/** Fields that are there; a field that is undefined would clear a column. */
function definedOf<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const there = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as { [K in keyof T]?: NonNullable<T[K]> };
}

function tooMany(): StrikewireError {
  const message = `there are ${channelsMax} channels, the most there may be: remove one first`;
  return new StrikewireError({ kind: 'denied', code: 'channels_full', message });
}

function nameTaken(): StrikewireError {
  const needed = 'needs to be one that no other channel has';
  return new StrikewireError({
    kind: 'invalid',
    code: 'channel_name_taken',
    message: `name: ${needed}`,
    details: { fields: [{ field: 'name', needed }] },
  });
}
