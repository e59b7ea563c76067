import { EntitySchema } from 'typeorm';
import type { TradingHoursTemplate } from '../core/template';

/** A template as it is now. */
export interface TemplateRow {
  id: string;
  exchange: string;
  segment: string;
  name: string;
  isActive: boolean;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

export const templateEntity = new EntitySchema<TemplateRow>({
  name: 'trading_hours_template',
  columns: {
    id: { type: 'uuid', primary: true },
    exchange: { type: 'text' },
    segment: { type: 'text' },
    name: { type: 'text' },
    isActive: { name: 'is_active', type: 'boolean' },
    version: { type: 'integer' },
    createdAt: { name: 'created_at', type: 'timestamptz' },
    updatedAt: { name: 'updated_at', type: 'timestamptz' },
  },
});

/** A template as it was from a change to the next. */
export interface TemplateVersionRow {
  templateId: string;
  version: number;
  body: TradingHoursTemplate;
  at: Date;
  /** Who made it, as named then. */
  by: string;
  note: string;
}

export const templateVersionEntity = new EntitySchema<TemplateVersionRow>({
  name: 'trading_hours_version',
  columns: {
    templateId: { name: 'template_id', type: 'uuid', primary: true },
    version: { type: 'integer', primary: true },
    body: { type: 'jsonb' },
    at: { type: 'timestamptz' },
    by: { name: 'made_by', type: 'text' },
    note: { type: 'text' },
  },
});

/** Everything that TypeORM has to know of this library. */
export const tradingHoursEntities = [templateEntity, templateVersionEntity];
