import { EntitySchema } from 'typeorm';

/** What people wish of the accounts, by their ids. */
export interface FailoverSettingsRow {
  id: 1;
  order: string[];
  forced: string | null;
  drained: string[];
  revision: number;
}

export const failoverSettingsEntity = new EntitySchema<FailoverSettingsRow>({
  name: 'failover_settings',
  columns: {
    id: { type: 'smallint', primary: true },
    order: { name: 'account_order', type: 'jsonb' },
    forced: { type: 'uuid', nullable: true },
    drained: { type: 'jsonb' },
    revision: { type: 'integer' },
  },
});

/** A change of who carries the data; accounts as they were named then. */
export interface FailoverEventEntry {
  /** Given by the database; a bigint, as text. */
  id: string;
  at: Date;
  level: number;
  cause: string;
  reason: string;
  from: string[];
  to: string[];
  durationMs: number | null;
  contracts: number;
  withoutFeed: number;
}

export const failoverEventEntity = new EntitySchema<FailoverEventEntry>({
  name: 'failover_events',
  columns: {
    id: { type: 'bigint', primary: true, generated: 'increment' },
    at: { type: 'timestamptz' },
    level: { type: 'smallint' },
    cause: { type: 'text' },
    reason: { type: 'text' },
    from: { name: 'from_accounts', type: 'jsonb' },
    to: { name: 'to_accounts', type: 'jsonb' },
    durationMs: { name: 'duration_ms', type: 'integer', nullable: true },
    contracts: { type: 'integer' },
    withoutFeed: { name: 'without_feed', type: 'integer' },
  },
});
