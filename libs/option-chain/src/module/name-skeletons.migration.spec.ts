import { openDatabase } from '@strikewire/platform';
import { silentLog } from '@strikewire/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the test run's database is a tool
import { createTestDatabase, type TestDatabase } from '../../../../tools/services/database';
import { benchSkeleton } from '../engine/testing/chain-bench';
import { CreateChainTables1795219200000 } from './create-chain-tables.migration';
import { optionChainEntities } from './entities';
import { NameSkeletons1795306000010 } from './name-skeletons.migration';
import { createPostgresRegistry } from './postgres-registry';

const day = '2026-11-24';
let test: TestDatabase;
let database: Awaited<ReturnType<typeof openDatabase>>;

const open = (isNamed: boolean) => openDatabase({
  url: test.url,
  entities: optionChainEntities,
  migrations: [CreateChainTables1795219200000, ...(isNamed ? [NameSkeletons1795306000010] : [])],
  log: silentLog,
});

beforeAll(async () => {
  test = await createTestDatabase();
});

afterAll(async () => {
  await database.destroy();
  await test.drop();
});

describe('stored skeletons that do not tell whose tokens they have', () => {
  it('are those of the broker that the day\'s list came from, or are not read', async () => {
    database = await open(false);
    const registry = createPostgresRegistry(database);
    const unnamed = { ...benchSkeleton(day, 2), broker: undefined };
    await registry.saveSkeleton(day, unnamed as never);
    await registry.saveSkeleton(day, { ...unnamed, symbol: 'OTHER' } as never);
    await registry.saveSkeleton(day, { ...benchSkeleton(day, 2), symbol: 'KNOWN' });
    for (const symbol of ['NIFTY', 'KNOWN']) {
      await registry.saveExpiries({
        tradingDay: day, exchange: 'NSE', symbol, source: 'first', fetchedMs: 0,
        listed: [{ expiry: day, class: 'weekly' }], selected: [day],
      });
    }
    const told = async () => (await createPostgresRegistry(database).loadSkeletons(day))
      .map(({ symbol, broker }) => `${symbol} ${broker}`).sort();
    expect(await told()).toEqual(['KNOWN test']);
    await database.destroy();
    database = await open(true);
    expect(await told()).toEqual(['KNOWN test', 'NIFTY first']);
    const [nifty] = (await createPostgresRegistry(database).loadSkeletons(day))
      .filter(({ symbol }) => symbol === 'NIFTY');
    expect(nifty).toEqual({ ...unnamed, broker: 'first' });
  });
});
