import type { SealedColumn } from '@strikewire/platform/secrets';
import { EntitySchema } from 'typeorm';
import { failoverEventEntity, failoverSettingsEntity } from './failover-entities';

/** A credential as it is stored: secrets are sealed texts. */
export type StoredCredentials = Record<string, string | number | boolean>;

/** An account of a broker, as it is set up. */
export interface AccountRow {
  id: string;
  broker: string;
  label: string;
  enabled: boolean;
  isPrimary: boolean;
  /** `environment`: follows the settings of the process; `console`: made by people. */
  origin: 'console' | 'environment';
  /** Tells the settings that it was last taken over from; null: it never was. */
  adopted: string | null;
  credentials: StoredCredentials;
  createdAt: Date;
  updatedAt: Date;
}

export const accountEntity = new EntitySchema<AccountRow>({
  name: 'broker_account',
  columns: {
    id: { type: 'uuid', primary: true },
    broker: { type: 'text' },
    label: { type: 'text' },
    enabled: { type: 'boolean' },
    isPrimary: { name: 'is_primary', type: 'boolean' },
    origin: { type: 'text' },
    adopted: { type: 'text', nullable: true },
    credentials: { type: 'jsonb' },
    createdAt: { name: 'created_at', type: 'timestamptz' },
    updatedAt: { name: 'updated_at', type: 'timestamptz' },
  },
});

/** Who may trade an account. */
export interface TraderRow {
  accountId: string;
  personId: string;
}

export const traderEntity = new EntitySchema<TraderRow>({
  name: 'broker_account_trader',
  columns: {
    accountId: { name: 'account_id', type: 'uuid', primary: true },
    personId: { name: 'person_id', type: 'uuid', primary: true },
  },
});

/** Everything that TypeORM has to know of this library. */
export const brokerEntities = [
  accountEntity,
  traderEntity,
  failoverSettingsEntity,
  failoverEventEntity,
];

/** Where this library keeps sealed secrets. */
export const brokerSealedColumns: readonly SealedColumn[] = [
  { table: 'broker_account', column: 'credentials', id: 'id', json: true },
];
