import { EntitySchema } from 'typeorm';
import type { SealedColumn } from './rewrap-columns';

/** A secret of the platform itself, by its name. */
export interface PlatformSecretRow {
  name: string;
  sealed: string;
  createdAt: Date;
  updatedAt: Date;
}

/** Secrets of the platform itself: signing keys, the check of the master key. */
export const platformSecretEntity = new EntitySchema<PlatformSecretRow>({
  name: 'platform_secret',
  columns: {
    name: { type: 'text', primary: true },
    sealed: { type: 'text' },
    createdAt: { name: 'created_at', type: 'timestamptz' },
    updatedAt: { name: 'updated_at', type: 'timestamptz' },
  },
});

/** All tables of this part. */
export const secretEntities = [platformSecretEntity];

/** Where this part keeps sealed text. */
export const secretSealedColumns: readonly SealedColumn[] = [
  { table: 'platform_secret', column: 'sealed', id: 'name' },
];
