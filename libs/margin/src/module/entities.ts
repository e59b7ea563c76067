import type { Exchange } from '@strikewire/contracts';
import { EntitySchema } from 'typeorm';
import type { MarginShape } from '../core/position-shape';

/** Ratios of one account and shape. */
export interface MarginRatioRow {
  account: string;
  shape: MarginShape;
  ratios: number[];
  isOutside: boolean;
  updatedAt: Date;
}

export const marginRatioEntity = new EntitySchema<MarginRatioRow>({
  name: 'margin_ratio',
  columns: {
    account: { type: 'text', primary: true },
    shape: { type: 'text', primary: true },
    ratios: { type: 'float8', array: true },
    isOutside: { name: 'is_outside', type: 'boolean' },
    updatedAt: { name: 'updated_at', type: 'timestamptz' },
  },
});

/** The exchange's risk file that is in use. */
export interface RiskFileRow {
  exchange: Exchange;
  businessDate: string;
  created: string;
  importedAt: Date;
  importedBy: string;
  underlyings: number;
  contracts: number;
  /** What was wanted of it: JSON in gzip. */
  body: Buffer;
}

export const riskFileEntity = new EntitySchema<RiskFileRow>({
  name: 'risk_file',
  columns: {
    exchange: { type: 'text', primary: true },
    businessDate: { name: 'business_date', type: 'date' },
    created: { type: 'text' },
    importedAt: { name: 'imported_at', type: 'timestamptz' },
    importedBy: { name: 'imported_by', type: 'text' },
    underlyings: { type: 'integer' },
    contracts: { type: 'integer' },
    body: { type: 'bytea' },
  },
});

/** All tables of this library. */
export const marginEntities = [marginRatioEntity, riskFileEntity];
