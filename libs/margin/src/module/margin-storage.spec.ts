import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { indiaInstant } from '@strikewire/contracts';
import { byPlatform, openDatabase, type ActivityEntry } from '@strikewire/platform';
import { createRedisStateStore, openRedis } from '@strikewire/platform/jobs';
import { silentLog } from '@strikewire/runtime';
import { createNodeClock } from '@strikewire/runtime/node';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the test run's database is a tool
import { createTestDatabase, type TestDatabase } from '../../../../tools/services/database';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the test run's Redis is a tool
import { testRedis } from '../../../../tools/services/test-redis';
import { lot, option } from '../core/testing/margin-fixture';
import { openRig } from '../engine/testing/desk-fixture';
import { CreateMarginTables1795306000021 } from './create-margin-tables.migration';
import { marginEntities } from './entities';
import { PostgresMarginStore } from './postgres-margin-store';
import { RiskFileShelf } from './risk-file-shelf';

type Database = Awaited<ReturnType<typeof openDatabase>>;

const xml = readFileSync(new URL('../core/fixtures/risk-parameters.xml', import.meta.url));
const dayMs = 86_400_000;
const settled = { timeout: 30_000, interval: 10 };
let test: TestDatabase;
let database: Database;
let entries: ActivityEntry[];
let nowMs: number;
const clock = { wallMs: () => nowMs };

beforeAll(async () => {
  test = await createTestDatabase();
  const migrations = [CreateMarginTables1795306000021];
  const entities = marginEntities as never;
  database = await openDatabase({ url: test.url, entities, migrations, log: silentLog });
});

afterAll(async () => {
  await database?.destroy();
  await test?.drop();
});

beforeEach(async () => {
  entries = [];
  nowMs = indiaInstant('2026-05-29', 1_200);
  await database.query('delete from risk_file');
  await database.query('delete from margin_ratio');
});

const activity = {
  record: (_manager: unknown, _by: unknown, entry: ActivityEntry) => {
    entries.push(entry);
    return Promise.resolve();
  },
};

async function openShelf(wanted = ['NIFTY']): Promise<RiskFileShelf> {
  const isWanted = (_exchange: string, symbol: string): boolean => wanted.includes(symbol);
  const shelf = new RiskFileShelf({ clock, log: silentLog, database, activity, isWanted });
  await shelf.load();
  return shelf;
}

const streamOf = (bytes: Uint8Array): Readable =>
  Readable.from([bytes.subarray(0, 5_000), bytes.subarray(5_000)]);
const dated = (day: string, at = '1830'): Buffer =>
  Buffer.from(xml.toString().replaceAll('20260529', day).replace(`${day}1830`, `${day}${at}`));

describe('ratios in the database', () => {
  it('come back as they were, the last of each account and shape', async () => {
    const store = new PostgresMarginStore(database, clock);
    const row = { account: 'a', shape: 'naked', ratios: [0.98, 1.0123456789], isOutside: false };
    await store.saveRatios(row as never);
    await store.saveRatios({ ...row, shape: 'condor', ratios: [], isOutside: true } as never);
    nowMs += 1_000;
    const more = { ...row, ratios: [...row.ratios, 1.3], isOutside: true };
    await store.saveRatios(more as never);
    expect(await store.ratios()).toEqual([
      more, { ...row, shape: 'condor', ratios: [], isOutside: true },
    ]);
  });

  it('leave out shapes that are none any more', async () => {
    const store = new PostgresMarginStore(database, clock);
    await store.saveRatios({ account: 'a', shape: 'gone' as never, ratios: [1], isOutside: false });
    expect(await store.ratios()).toEqual([]);
  });
});

describe('a desk over Redis and Postgres', () => {
  it('asks nothing again after a restart, and knows what it had learned', async () => {
    const { url, prefix } = await testRedis();
    const node = createNodeClock();
    const link = openRedis({ url, clock: node, log: silentLog });
    await link.ready(30_000);
    const state = createRedisStateStore(link, prefix);
    const soldCall = option('CE', 23_700, -lot, [437.65]);
    const store = new PostgresMarginStore(database, clock);
    const first = openRig([soldCall], { state, store });
    await first.desk.load(['live']);
    const question = { account: 'live', held: [soldCall], intended: [] };
    const before = await first.desk.assess(question, 'order');
    await vi.waitFor(async () => expect(await store.ratios()).toHaveLength(1), settled);
    await vi.waitFor(async () => {
      expect(JSON.parse((await state.get('margin:live')) ?? '{}')).toMatchObject({
        funds: { availablePaise: 5e7 },
      });
    }, settled);
    const { margin } = first;
    const second = openRig([soldCall], { state, store, margin });
    await second.desk.load(['live']);
    expect(second.desk.look(question).broker).toEqual(before.broker);
    await second.desk.assess(question, 'order');
    expect([margin.asked.length, margin.fundsAsked]).toEqual([1, 1]);
    expect(second.desk.reconciliations()).toMatchObject([{ account: 'live', shape: 'naked' }]);
    await link.close();
  });
});

describe('RiskFileShelf', () => {
  it('keeps what is wanted of a file, and has it after a restart', async () => {
    const shelf = await openShelf();
    const answer = await shelf.import('NSE', streamOf(xml), byPlatform);
    expect(answer).toEqual({
      files: [
        {
          exchange: 'NSE',
          businessDate: '2026-05-29',
          created: '202605291830',
          importedAt: '2026-05-29T20:00:00.000+05:30',
          underlyings: 1,
          contracts: 10,
          current: true,
        },
      ],
    });
    expect(entries).toMatchObject([
      { action: 'risk_file.imported', subject: { id: 'NSE' }, before: null },
    ]);
    const again = await openShelf();
    expect(again.files()).toEqual(shelf.files());
    expect(again.list()).toEqual(answer);
    const [row] = (await database.query('select length(body) as bytes from risk_file')) as [
      { bytes: number },
    ];
    expect(row.bytes).toBeLessThan(xml.length / 4);
  });

  it('takes a file in gzip, and one file in place of another', async () => {
    const shelf = await openShelf(['NIFTY', 'M&M']);
    await shelf.import('NSE', streamOf(gzipSync(xml)), byPlatform);
    await shelf.import('NSE', streamOf(dated('20260530')), byPlatform);
    expect(shelf.files().map((one) => one.businessDate)).toEqual(['2026-05-30']);
    expect([...(shelf.files()[0]?.underlyings.keys() ?? [])]).toEqual(['NIFTY', 'M&M']);
    expect(shelf.list().files[0]?.current).toBe(false);
    expect(await database.query('select count(*)::int as n from risk_file')).toEqual([{ n: 1 }]);
    expect(entries.at(-1)?.before).toEqual({ businessDate: '2026-05-29', created: '202605291830' });
  });

  it('refuses an older one while its own counts', async () => {
    const shelf = await openShelf();
    await shelf.import('NSE', streamOf(xml), byPlatform);
    const older = () => shelf.import('NSE', streamOf(dated('20260529', '1200')), byPlatform);
    await expect(older()).rejects.toMatchObject({ kind: 'rejected', code: 'risk_file_older' });
    await shelf.import('BSE', streamOf(dated('20260529', '1200')), byPlatform);
    nowMs += 8 * dayMs;
    expect((await older()).files.map(({ created }) => created)).toEqual([
      '202605291200', '202605291200',
    ]);
  });

  it.each<[string, Uint8Array, string]>([
    ['nothing', Buffer.alloc(0), 'risk_file_empty'],
    ['a zip archive', Buffer.from('PK\u0003\u0004....'), 'risk_file_packed'],
    ['half a file', xml.subarray(0, 9_000), 'risk_file_malformed'],
    ['half a gzip file', gzipSync(xml).subarray(0, 1_000), 'risk_file_broken'],
    ['a broken gzip file', Buffer.from('1f8b080001020304050607', 'hex'), 'risk_file_broken'],
    ['another document', Buffer.from('<html></html>'), 'risk_file_invalid'],
    ['text', Buffer.from('hello'), 'risk_file_malformed'],
  ])('refuses %s, and keeps what it has', async (_name, bytes, code) => {
    const shelf = await openShelf();
    await shelf.import('NSE', streamOf(xml), byPlatform);
    const refused = shelf.import('NSE', Readable.from([bytes]), byPlatform);
    await expect(refused).rejects.toMatchObject({ kind: 'invalid', code });
    expect(shelf.files()).toHaveLength(1);
    expect((await shelf.import('NSE', streamOf(xml), byPlatform)).files).toHaveLength(1);
  });

  it('refuses a file of which nothing is served, and two at once', async () => {
    const shelf = await openShelf(['SENSEX']);
    const first = shelf.import('NSE', streamOf(xml), byPlatform);
    const second = shelf.import('NSE', streamOf(xml), byPlatform);
    await expect(second).rejects.toMatchObject({ kind: 'throttled', code: 'risk_file_busy' });
    await expect(first).rejects.toMatchObject({ kind: 'invalid', code: 'risk_file_empty' });
    expect(await database.query('select 1 from risk_file')).toEqual([]);
  });

  it('starts without a stored file that cannot be read', async () => {
    await (await openShelf()).import('NSE', streamOf(xml), byPlatform);
    await database.query(`update risk_file set body = '\\x00'`);
    expect((await openShelf()).files()).toEqual([]);
  });
});
