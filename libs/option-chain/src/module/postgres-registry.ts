import { underlyingKey, type Exchange } from '@strikewire/contracts';
import type { DataSource } from 'typeorm';
import type { ExpiryClass } from '../core/expiry-rules';
import type { ChainRegistry, StoredExpiries } from '../engine/chain-registry';
import {
  atmEntity,
  buildEntity,
  dayEndEntity,
  expiryEntity,
  skeletonEntity,
  underlyingsEntity,
  type ExpiryRow,
} from './entities';
import type { UnderlyingCloses } from './underlying-closes';

/** The registry in Postgres; what ends of days say of underlyings is kept by itself. */
export function createPostgresRegistry(
  source: DataSource,
  closes?: Pick<UnderlyingCloses, 'keep'>,
): ChainRegistry {
  const skeletons = source.getRepository(skeletonEntity);
  const expiries = source.getRepository(expiryEntity);
  const atms = source.getRepository(atmEntity);
  const dayEnds = source.getRepository(dayEndEntity);
  const builds = source.getRepository(buildEntity);
  const listed = source.getRepository(underlyingsEntity);
  return {
    async loadSkeletons(tradingDay) {
      const rows = await skeletons.findBy({ tradingDay });
      // Whose tokens an old one has is not always known: it is built anew.
      return rows.flatMap(({ body }) => (body.broker ? [body] : []));
    },
    async saveSkeleton(tradingDay, body) {
      const { exchange, symbol, expiry } = body;
      await skeletons.save({ tradingDay, exchange, symbol, expiry, body });
    },
    async loadExpiries(tradingDay) {
      const rows = await expiries.find({ where: { tradingDay }, order: { expiry: 'asc' } });
      return groupExpiries(rows);
    },
    async saveExpiries(stored) {
      const { tradingDay, exchange, symbol } = stored;
      await source.transaction(async (manager) => {
        const repository = manager.getRepository(expiryEntity);
        await repository.delete({ tradingDay, exchange, symbol });
        await repository.insert(expiryRows(stored));
      });
    },
    async saveAtm(stored) {
      const rows = stored.map(({ ltpMs, ...atm }) => ({ ...atm, ltpAt: new Date(ltpMs) }));
      if (rows.length > 0) await atms.upsert(rows, ['exchange', 'symbol', 'expiry']);
    },
    async saveDayEnds(ends) {
      // One at a time: together they are tens of megabytes.
      for (const { takenMs, chain, ...key } of ends) {
        await dayEnds.upsert(
          { ...key, takenAt: new Date(takenMs), body: chain as never },
          ['tradingDay', 'exchange', 'symbol', 'expiry'],
        );
      }
      await closes?.keep(ends);
    },
    async loadBuilds(countMax) {
      const rows = await builds.find({ order: { expiry: 'desc' }, take: countMax });
      return rows.map(({ builtAt, exchange, ...build }) => ({
        ...build, exchange: exchange as Exchange, builtMs: builtAt.getTime(),
      }));
    },
    async saveBuild({ builtMs, openInterest, ...build }) {
      await builds.upsert(
        { ...build, builtAt: new Date(builtMs), openInterest: openInterest as never },
        ['exchange', 'symbol', 'expiry'],
      );
    },
    loadUnderlyings: async (broker) => (await listed.findOneBy({ broker })) ?? undefined,
    async saveUnderlyings({ underlyings, ...row }) {
      await listed.upsert({ ...row, underlyings: underlyings as never }, ['broker']);
    },
  };
}

function expiryRows(stored: StoredExpiries): ExpiryRow[] {
  const { tradingDay, exchange, symbol, source, listed } = stored;
  const fetchedAt = new Date(stored.fetchedMs);
  return listed.map(({ expiry, class: expiryClass }) => ({
    tradingDay,
    exchange,
    symbol,
    expiry,
    class: expiryClass,
    isSelected: stored.selected.includes(expiry),
    source,
    fetchedAt,
  }));
}

function groupExpiries(rows: readonly ExpiryRow[]): StoredExpiries[] {
  const groups = new Map<string, ExpiryRow[]>();
  for (const row of rows) {
    const key = underlyingKey({ exchange: row.exchange as Exchange, symbol: row.symbol });
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].map((group): StoredExpiries => {
    const first = group[0] as ExpiryRow;
    return {
      tradingDay: first.tradingDay,
      exchange: first.exchange as Exchange,
      symbol: first.symbol,
      listed: group.map((row) => ({ expiry: row.expiry, class: row.class as ExpiryClass })),
      selected: group.filter((row) => row.isSelected).map((row) => row.expiry),
      source: first.source,
      fetchedMs: first.fetchedAt.getTime(),
    };
  });
}
