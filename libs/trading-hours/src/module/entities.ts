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

/** A job that ran because of the hours, or should have. */
export interface RunRow {
  id: string;
  exchange: string;
  segment: string;
  job: string;
  date: string;
  dueAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  outcome: string;
  cause: string;
  detail: string;
}

export const runEntity = new EntitySchema<RunRow>({
  name: 'session_run',
  columns: {
    id: { type: 'uuid', primary: true },
    exchange: { type: 'text' },
    segment: { type: 'text' },
    job: { type: 'text' },
    date: { name: 'trading_date', type: 'date' },
    dueAt: { name: 'due_at', type: 'timestamptz' },
    startedAt: { name: 'started_at', type: 'timestamptz', nullable: true },
    finishedAt: { name: 'finished_at', type: 'timestamptz', nullable: true },
    outcome: { type: 'text' },
    cause: { type: 'text' },
    detail: { type: 'text' },
  },
});

/** Trading that stopped in the middle, as somebody said. */
export interface HaltRow {
  id: string;
  exchange: string;
  segment: string;
  fromAt: Date;
  /** Null: it goes on. */
  toAt: Date | null;
  reason: string;
  by: string;
}

export const haltEntity = new EntitySchema<HaltRow>({
  name: 'trading_halt',
  columns: {
    id: { type: 'uuid', primary: true },
    exchange: { type: 'text' },
    segment: { type: 'text' },
    fromAt: { name: 'from_at', type: 'timestamptz' },
    toAt: { name: 'to_at', type: 'timestamptz', nullable: true },
    reason: { type: 'text' },
    by: { name: 'made_by', type: 'text' },
  },
});

/** Everything that TypeORM has to know of this library. */
export const tradingHoursEntities = [templateEntity, templateVersionEntity, runEntity, haltEntity];
