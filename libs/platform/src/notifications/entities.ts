import type { ChannelSettings, Severity } from '@strikewire/contracts';
import { EntitySchema } from 'typeorm';
import type { SealedColumn } from '../secrets/rewrap-columns';

/** One thing that people were told, however often it happened within ten minutes. */
export interface NotificationRow {
  /** A bigint, which the driver gives as text. */
  id: string;
  ref: string;
  at: Date;
  lastAt: Date;
  severity: Severity;
  kind: string;
  key: string | null;
  title: string;
  text: string;
  count: number;
  details: Record<string, unknown>;
}

export const notificationEntity = new EntitySchema<NotificationRow>({
  name: 'notification',
  columns: {
    id: { type: 'bigint', primary: true, generated: 'increment' },
    ref: { type: 'uuid' },
    at: { type: 'timestamptz' },
    lastAt: { name: 'last_at', type: 'timestamptz' },
    severity: { type: 'text' },
    kind: { type: 'text' },
    key: { type: 'text', nullable: true },
    title: { type: 'text' },
    text: { type: 'text' },
    count: { type: 'integer' },
    details: { type: 'jsonb' },
  },
});

/** A way by which notifications leave the platform; its settings are sealed. */
export interface ChannelRow {
  id: string;
  name: string;
  kind: ChannelSettings['kind'];
  settings: string;
  minSeverity: Severity;
  enabled: boolean;
  lastOk: boolean | null;
  lastAt: Date | null;
  lastMessage: string | null;
  createdAt: Date;
  updatedAt: Date;
}

export const channelEntity = new EntitySchema<ChannelRow>({
  name: 'notification_channel',
  columns: {
    id: { type: 'uuid', primary: true },
    name: { type: 'text' },
    kind: { type: 'text' },
    settings: { type: 'text' },
    minSeverity: { name: 'min_severity', type: 'text' },
    enabled: { type: 'boolean' },
    lastOk: { name: 'last_ok', type: 'boolean', nullable: true },
    lastAt: { name: 'last_at', type: 'timestamptz', nullable: true },
    lastMessage: { name: 'last_message', type: 'text', nullable: true },
    createdAt: { name: 'created_at', type: 'timestamptz' },
    updatedAt: { name: 'updated_at', type: 'timestamptz' },
  },
});

/** Up to which notification a person has seen all. */
export interface ReadMarkRow {
  userId: string;
  readUpTo: string;
}

export const readMarkEntity = new EntitySchema<ReadMarkRow>({
  name: 'notification_read',
  columns: {
    userId: { name: 'user_id', type: 'uuid', primary: true },
    readUpTo: { name: 'read_up_to', type: 'bigint' },
  },
});

/** All tables of this part. */
export const notificationEntities = [notificationEntity, channelEntity, readMarkEntity];

/** Where this part keeps sealed text. */
export const notificationSealedColumns: readonly SealedColumn[] = [
  { table: 'notification_channel', column: 'settings', id: 'id' },
];
