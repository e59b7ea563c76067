import type { UniverseRule } from '@strikewire/contracts';
import { EntitySchema } from 'typeorm';

/** All rules of the universe, as they were saved at once. */
export interface UniverseRulesRow {
  revision: number;
  rules: UniverseRule[];
  at: Date;
  /** Who saved them, as named then. */
  by: string;
}

export const universeRulesEntity = new EntitySchema<UniverseRulesRow>({
  name: 'universe_rules',
  columns: {
    revision: { type: 'integer', primary: true },
    rules: { type: 'jsonb' },
    at: { type: 'timestamptz' },
    by: { name: 'made_by', type: 'text' },
  },
});
