import { openDatabase } from '@strikewire/platform';
import { silentLog } from '@strikewire/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the test run's database is a tool
import { createTestDatabase, type TestDatabase } from '../../../../tools/services/database';
import type { StoredBuild } from '../engine/chain-registry';
import { CreateBuildTable1795305900000 } from './create-build-table.migration';
import { buildEntity, optionChainEntities } from './entities';
import { createPostgresRegistry } from './postgres-registry';

let test: TestDatabase;
let database: Awaited<ReturnType<typeof openDatabase>>;

beforeAll(async () => {
  test = await createTestDatabase();
  database = await openDatabase({
    url: test.url,
    entities: optionChainEntities,
    migrations: [CreateBuildTable1795305900000],
    log: silentLog,
  });
});

afterAll(async () => {
  await database.destroy();
  await test.drop();
});

const build = (expiry: string, changes: Partial<StoredBuild> = {}): StoredBuild => ({
  exchange: 'NSE',
  symbol: 'M&M',
  expiry,
  tradingDay: '2026-11-24',
  builtMs: Date.parse('2026-11-24T03:30:00.123Z'),
  tickPaise: 5,
  freezeQuantity: 1_755,
  openInterest: [[101_250, 2_147_483_648, 0], [101_500, 650, 1_300]],
  ...changes,
});

describe('builds in Postgres', () => {
  it('are given back as they were, the latest expiries first, as many as asked for', async () => {
    const registry = createPostgresRegistry(database);
    const all = ['2026-11-24', '2027-01-26', '2026-12-29'].map((expiry) => build(expiry));
    for (const one of all) await registry.saveBuild(one);
    expect(await registry.loadBuilds(10)).toEqual([all[1], all[2], all[0]]);
    expect(await registry.loadBuilds(2)).toEqual([all[1], all[2]]);
  });

  it('are one a chain: the last', async () => {
    const registry = createPostgresRegistry(database);
    const unknown = { symbol: 'TCS', tickPaise: null, freezeQuantity: null };
    await registry.saveBuild(build('2028-01-25', unknown));
    const last = build('2028-01-25', {
      symbol: 'TCS', tradingDay: '2026-11-25', openInterest: [[100, 1, 2]],
    });
    await registry.saveBuild(last);
    expect(await registry.loadBuilds(1)).toEqual([last]);
    expect(await database.getRepository(buildEntity).countBy({ symbol: 'TCS' })).toBe(1);
  });

  it('refuse what cannot be', async () => {
    const registry = createPostgresRegistry(database);
    await expect(registry.saveBuild(build('2028-02-01', { tickPaise: 0 }))).rejects.toThrow();
  });
});
