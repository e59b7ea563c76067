import type { Skeleton } from '@strikewire/option-chain';
import type { StoredExpiries } from '@strikewire/option-chain/engine';
import {
  CreateChainTables1795219200000,
  createPostgresRegistry,
  optionChainEntities,
} from '@strikewire/option-chain/module';
import { openDatabase } from '@strikewire/platform';
import { silentLog } from '@strikewire/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the test run's database is a tool
import { createTestDatabase, type TestDatabase } from '../../../tools/services/database';

type Database = Awaited<ReturnType<typeof openDatabase>>;

const day = '2026-11-24';
let test: TestDatabase;
let database: Database;

const open = (): Promise<Database> =>
  openDatabase({
    url: test.url,
    entities: optionChainEntities,
    migrations: [CreateChainTables1795219200000],
    log: silentLog,
  });

beforeAll(async () => {
  test = await createTestDatabase();
  database = await open();
});

afterAll(async () => {
  await database.destroy();
  await test.drop();
});

function skeleton(expiry: string, lotSize = 65): Skeleton {
  const leg = (id: string) => ({ token: { segment: 'S', id }, symbol: `M&M-"${id}"` });
  return {
    broker: 'broker',
    exchange: 'NSE',
    symbol: 'M&M',
    expiry,
    expiryClass: 'monthly',
    lotSize,
    intervalPaise: 250,
    ltpPaise: 101_255,
    anchorPaise: 101_250,
    strikes: [{ strikePaise: 101_250, CE: leg('1'), PE: leg('2') }],
    shortfall: 3,
    incompletePaise: [101_500],
  };
}

function expiries(listed: string[], selected: string[], tradingDay = day): StoredExpiries {
  return {
    tradingDay,
    exchange: 'NSE',
    symbol: 'NIFTY',
    listed: listed.map((expiry) => ({ expiry, class: 'weekly' })),
    selected,
    source: 'broker',
    fetchedMs: Date.parse('2026-11-24T03:30:00.123Z'),
  };
}

const sorted = (some: readonly Skeleton[]): Skeleton[] =>
  [...some].sort((a, b) => a.expiry.localeCompare(b.expiry));

describe('the registry in Postgres', () => {
  it('gives a day\'s skeletons back as they were, and no other day\'s', async () => {
    const registry = createPostgresRegistry(database);
    const [near, far] = [skeleton('2026-11-24'), skeleton('2026-12-29')];
    await registry.saveSkeleton(day, near);
    await registry.saveSkeleton(day, far);
    await registry.saveSkeleton('2026-11-25', skeleton('2026-12-29', 1));
    expect(sorted(await registry.loadSkeletons(day))).toEqual([near, far]);
    expect(await registry.loadSkeletons('2026-11-23')).toEqual([]);
  });

  it('replaces a skeleton of the same chain and day', async () => {
    const registry = createPostgresRegistry(database);
    await registry.saveSkeleton('2026-10-01', skeleton('2026-10-27'));
    await registry.saveSkeleton('2026-10-01', skeleton('2026-10-27', 75));
    const loaded = await registry.loadSkeletons('2026-10-01');
    expect(loaded.map(({ lotSize }) => lotSize)).toEqual([75]);
  });

  it('gives expiry lists back, ascending, with what was selected', async () => {
    const registry = createPostgresRegistry(database);
    const listed = ['2026-11-24', '2026-12-01', '2026-12-29', '2028-12-26'];
    const stored = expiries(listed, ['2026-11-24', '2026-12-29']);
    await registry.saveExpiries(stored);
    const other: StoredExpiries = { ...stored, exchange: 'BSE', symbol: 'SENSEX', selected: [] };
    await registry.saveExpiries(other);
    const loaded = await registry.loadExpiries(day);
    expect(loaded.find(({ symbol }) => symbol === 'NIFTY')).toEqual(stored);
    expect(loaded.find(({ symbol }) => symbol === 'SENSEX')).toEqual(other);
  });

  it('forgets what a later list of the same day does not have', async () => {
    const registry = createPostgresRegistry(database);
    const friday = '2026-09-25';
    await registry.saveExpiries(expiries(['2026-09-29', '2026-10-06'], ['2026-09-29'], friday));
    const later = expiries(['2026-09-30', '2026-10-06'], ['2026-09-30'], friday);
    await registry.saveExpiries(later);
    expect(await registry.loadExpiries(friday)).toEqual([later]);
  });

  it('keeps the newest ATM of each chain, and takes none at all', async () => {
    const registry = createPostgresRegistry(database);
    const atm = {
      exchange: 'NSE', symbol: 'NIFTY', expiry: day, ltpPaise: 2_517_500,
      ltpMs: Date.parse('2026-11-24T04:00:00.500Z'), atmPaise: 2_520_000, anchorPaise: 2_520_000,
    } as const;
    await registry.saveAtm([]);
    await registry.saveAtm([atm, { ...atm, expiry: '2026-12-01' }]);
    await registry.saveAtm([{ ...atm, ltpPaise: 2_456_700, atmPaise: 2_455_000 }]);
    const rows = await database.query(
      `select expiry::text, ltp_paise, atm_paise, ltp_at from atm_registry order by expiry`,
    );
    expect(rows).toEqual([
      { expiry: day, ltp_paise: 2_456_700, atm_paise: 2_455_000, ltp_at: new Date(atm.ltpMs) },
      {
        expiry: '2026-12-01', ltp_paise: 2_517_500, atm_paise: 2_520_000,
        ltp_at: new Date(atm.ltpMs),
      },
    ]);
  });

  it('refuses what cannot be: an unknown class, an ATM without a price', async () => {
    const registry = createPostgresRegistry(database);
    const odd = { ...expiries(['2026-01-27'], [], '2026-01-20') };
    const classed = [{ expiry: '2026-01-27', class: 'daily' as never }];
    await expect(registry.saveExpiries({ ...odd, listed: classed })).rejects.toThrow();
    expect(await registry.loadExpiries('2026-01-20')).toEqual([]);
    const atm = {
      exchange: 'NSE', symbol: 'X', expiry: day, ltpPaise: 0, ltpMs: 0, atmPaise: 0, anchorPaise: 0,
    } as const;
    await expect(registry.saveAtm([atm])).rejects.toThrow();
  });
});

describe('migrations', () => {
  it('are run once, and a second start finds everything as it was', async () => {
    const again = await open();
    expect(await again.runMigrations()).toEqual([]);
    await again.destroy();
  });

  it('describe what the entities need, and can be taken back and run again', async () => {
    const tables = async (): Promise<string[]> => {
      const rows: { name: string }[] = await database.query(
        `select table_name as name from information_schema.tables
         where table_schema = 'public' and table_name <> 'migrations' order by 1`,
      );
      return rows.map(({ name }) => name);
    };
    const all = ['atm_registry', 'chain_skeleton', 'expiry_registry'];
    expect(await tables()).toEqual(all);
    const { upQueries } = await database.driver.createSchemaBuilder().log();
    const differing = upQueries.map(({ query }) => query).filter((query) => /COLUMN/i.test(query));
    expect(differing).toEqual([]);
    await database.undoLastMigration();
    expect(await tables()).toEqual([]);
    await database.runMigrations();
    expect(await tables()).toEqual(all);
    await createPostgresRegistry(database).saveSkeleton(day, skeleton(day));
  });
});
