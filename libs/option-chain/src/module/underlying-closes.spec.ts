import type { LiveChain } from '@strikewire/contracts';
import { openDatabase } from '@strikewire/platform';
import { silentLog } from '@strikewire/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the test run's database is a tool
import { createTestDatabase, type TestDatabase } from '../../../../tools/services/database';
import type { StoredDayEnd } from '../engine/chain-registry';
import { CreateCloseTable1795306000050 } from './create-close-table.migration';
import { CreateDayEndTable1795305850000 } from './create-day-end-table.migration';
import { optionChainEntities } from './entities';
import { createPostgresRegistry } from './postgres-registry';
import { UnderlyingCloses } from './underlying-closes';

let test: TestDatabase;
let database: Awaited<ReturnType<typeof openDatabase>>;

const open = (hasCloses: boolean) => openDatabase({
  url: test.url,
  entities: optionChainEntities,
  migrations: [
    CreateDayEndTable1795305850000, ...(hasCloses ? [CreateCloseTable1795306000050] : []),
  ],
  log: silentLog,
});

beforeAll(async () => {
  test = await createTestDatabase();
  database = await open(false);
});

afterAll(async () => {
  await database.destroy();
  await test.drop();
});

function end(tradingDay: string, ltp: number | null, close: number | null): StoredDayEnd {
  const updatedAt = `${tradingDay}T15:29:59.000+05:30`;
  const chain = { spot: { ltp, bid: null, ask: null, close, updatedAt } } as LiveChain;
  return {
    tradingDay, exchange: 'NSE', symbol: 'NIFTY', expiry: '2026-11-24', takenMs: 0, chain,
  };
}

const closesOn = async (since: string) => {
  const closes = new UnderlyingCloses(database);
  await closes.load(since);
  return closes.of('NSE:NIFTY');
};

describe('closes of underlyings in Postgres', () => {
  it('begin with those of the days whose chains were stored before there were any', async () => {
    const days = [end('2026-11-18', 25_900.05, 0), end('2026-11-19', null, null)];
    const later = { ...end('2026-11-18', 1, 1), expiry: '2026-12-01' };
    const early = end('2026-11-17', 25_700, 25_650.5);
    // Not heard on its day.
    const wrong = { ...early, tradingDay: '2026-11-20' };
    await createPostgresRegistry(database).saveDayEnds([...days, later, early, wrong]);
    await database.destroy();
    database = await open(true);
    expect(await closesOn('2026-01-01')).toEqual([
      { tradingDay: '2026-11-17', closePaise: 2_570_000, previousClosePaise: 2_565_050 },
      { tradingDay: '2026-11-18', closePaise: 2_590_005, previousClosePaise: null },
    ]);
  });

  it('are kept with each end of a day, and a day that is told again replaces itself', async () => {
    const closes = new UnderlyingCloses(database);
    await closes.load('2026-11-18');
    const registry = createPostgresRegistry(database, closes);
    await registry.saveDayEnds([end('2026-11-20', 26_000, 25_950)]);
    await registry.saveDayEnds([end('2026-11-20', 26_010, 25_950)]);
    const known = [
      { tradingDay: '2026-11-20', closePaise: 2_601_000, previousClosePaise: 2_595_000 },
    ];
    expect(closes.of('NSE:NIFTY')).toEqual(known);
    expect(await closesOn('2026-11-18')).toEqual(known);
    expect(closes.of('NSE:BANKNIFTY')).toEqual([]);
  });
});
