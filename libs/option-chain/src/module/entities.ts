import type { LiveChain } from '@strikewire/contracts';
import { EntitySchema } from 'typeorm';
import type { Skeleton } from '../core/skeleton';
import type { StoredBuild, StoredUnderlyings } from '../engine/chain-registry';
import { closeEntity } from './close-entity';
import { universeRulesEntity } from './universe-entity';

/** One listed expiry as the broker's list had it on a day. */
export interface ExpiryRow {
  tradingDay: string;
  exchange: string;
  symbol: string;
  expiry: string;
  class: string;
  isSelected: boolean;
  source: string;
  fetchedAt: Date;
}

export const expiryEntity = new EntitySchema<ExpiryRow>({
  name: 'expiry_registry',
  columns: {
    tradingDay: { name: 'trading_day', type: 'date', primary: true },
    exchange: { type: 'text', primary: true },
    symbol: { type: 'text', primary: true },
    expiry: { type: 'date', primary: true },
    class: { type: 'text' },
    isSelected: { name: 'is_selected', type: 'boolean' },
    source: { type: 'text' },
    fetchedAt: { name: 'fetched_at', type: 'timestamptz' },
  },
});

/** The ATM of a chain as it last stood. */
export interface AtmRow {
  exchange: string;
  symbol: string;
  expiry: string;
  ltpPaise: number;
  ltpAt: Date;
  atmPaise: number;
  anchorPaise: number;
}

export const atmEntity = new EntitySchema<AtmRow>({
  name: 'atm_registry',
  columns: {
    exchange: { type: 'text', primary: true },
    symbol: { type: 'text', primary: true },
    expiry: { type: 'date', primary: true },
    ltpPaise: { name: 'ltp_paise', type: 'integer' },
    ltpAt: { name: 'ltp_at', type: 'timestamptz' },
    atmPaise: { name: 'atm_paise', type: 'integer' },
    anchorPaise: { name: 'anchor_paise', type: 'integer' },
  },
});

/** A chain's fixed structure for one trading day. */
export interface SkeletonRow {
  tradingDay: string;
  exchange: string;
  symbol: string;
  expiry: string;
  body: Skeleton;
}

export const skeletonEntity = new EntitySchema<SkeletonRow>({
  name: 'chain_skeleton',
  columns: {
    tradingDay: { name: 'trading_day', type: 'date', primary: true },
    exchange: { type: 'text', primary: true },
    symbol: { type: 'text', primary: true },
    expiry: { type: 'date', primary: true },
    body: { type: 'jsonb' },
  },
});

/** A chain as it stood at the end of a trading day. */
export interface DayEndRow {
  tradingDay: string;
  exchange: string;
  symbol: string;
  expiry: string;
  takenAt: Date;
  body: LiveChain;
}

export const dayEndEntity = new EntitySchema<DayEndRow>({
  name: 'chain_day_end',
  columns: {
    tradingDay: { name: 'trading_day', type: 'date', primary: true },
    exchange: { type: 'text', primary: true },
    symbol: { type: 'text', primary: true },
    expiry: { type: 'date', primary: true },
    takenAt: { name: 'taken_at', type: 'timestamptz' },
    body: { type: 'jsonb' },
  },
});

/** What a chain's last daily build has found. */
export interface BuildRow {
  exchange: string;
  symbol: string;
  expiry: string;
  tradingDay: string;
  builtAt: Date;
  tickPaise: number | null;
  freezeQuantity: number | null;
  openInterest: StoredBuild['openInterest'];
}

export const buildEntity = new EntitySchema<BuildRow>({
  name: 'chain_build',
  columns: {
    exchange: { type: 'text', primary: true },
    symbol: { type: 'text', primary: true },
    expiry: { type: 'date', primary: true },
    tradingDay: { name: 'trading_day', type: 'date' },
    builtAt: { name: 'built_at', type: 'timestamptz' },
    tickPaise: { name: 'tick_paise', type: 'integer', nullable: true },
    freezeQuantity: { name: 'freeze_quantity', type: 'integer', nullable: true },
    openInterest: { name: 'open_interest', type: 'jsonb' },
  },
});

/** What a broker lists options on. */
export interface UnderlyingsRow {
  broker: string;
  day: string;
  underlyings: StoredUnderlyings['underlyings'];
}

export const underlyingsEntity = new EntitySchema<UnderlyingsRow>({
  name: 'broker_underlyings',
  columns: {
    broker: { type: 'text', primary: true },
    day: { type: 'date' },
    underlyings: { type: 'jsonb' },
  },
});

/** All tables of this library. */
export const optionChainEntities = [
  expiryEntity,
  atmEntity,
  skeletonEntity,
  dayEndEntity,
  closeEntity,
  buildEntity,
  underlyingsEntity,
  universeRulesEntity,
];
