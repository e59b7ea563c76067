import { byPlatform, openDatabase, type ActivityEntry } from '@strikewire/platform';
import type { News } from '@strikewire/platform/notifications';
import { silentLog } from '@strikewire/runtime';
import { createVirtualClock, type VirtualClock } from '@strikewire/runtime/virtual';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the test run's database is a tool
import { createTestDatabase, type TestDatabase } from '../../../../tools/services/database';
import type { FailoverEvent } from '../engine/switch-watch';
import { CreateAccountTables1795305650000 } from './create-account-tables.migration';
import { CreateFailoverTables1795306000001 } from './create-failover-tables.migration';
import { brokerEntities } from './entities';
import { FailoverRecord } from './failover-record';
import { FailoverStore } from './failover-store';

const dayMs = 86_400_000;
const startMs = Date.parse('2026-11-24T12:00:00+05:30');
const lost: FailoverEvent = {
  atMs: startMs,
  level: 2,
  cause: 'feed_lost',
  reason: 'no live socket for 5 s',
  from: ['One', 'Two'],
  to: ['Two'],
  durationMs: 5_100,
  contracts: 300,
  withoutFeed: 20,
};

let test: TestDatabase;
let database: Awaited<ReturnType<typeof openDatabase>>;
let store: FailoverStore;
let record: FailoverRecord;
let clock: VirtualClock;
let entries: ActivityEntry[];
let news: News[];
let isLogBroken: boolean;

beforeAll(async () => {
  test = await createTestDatabase();
  const person = class CreatePerson1795305500000 {
    readonly name = 'CreatePerson1795305500000';
    async up(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
      await runner.query('create table person (id uuid primary key)');
    }
    async down(): Promise<void> {}
  };
  database = await openDatabase({
    url: test.url,
    entities: brokerEntities as Parameters<typeof openDatabase>[0]['entities'],
    migrations: [
      person, CreateAccountTables1795305650000, CreateFailoverTables1795306000001,
    ] as Parameters<typeof openDatabase>[0]['migrations'],
    log: silentLog,
  });
});

beforeEach(async () => {
  entries = [];
  news = [];
  isLogBroken = false;
  await database.query('delete from failover_events');
  await database.query('delete from failover_settings');
  const activity = {
    record: async (_manager: unknown, _by: unknown, entry: ActivityEntry) => {
      if (isLogBroken) throw new Error('the log is broken');
      entries.push(entry);
    },
  };
  const notifier = {
    raise: (one: News) => {
      news.push(one);
      return Promise.resolve();
    },
  };
  clock = createVirtualClock(startMs);
  store = new FailoverStore(database, activity);
  record = new FailoverRecord({ clock, log: silentLog, store, notifier });
});

afterAll(async () => {
  await database?.destroy();
  await test?.drop();
});

const patience = { timeout: 30_000, interval: 20 };
const kept = async (): Promise<unknown[]> => (await record.list(10)).events;

describe('the record of failover', () => {
  it('keeps an event whole, logs it and tells people', async () => {
    record.add(lost);
    await vi.waitFor(async () => expect(await kept()).toHaveLength(1), patience);
    const id = expect.stringMatching(/^\d+$/) as string;
    expect(await kept()).toEqual([
      { ...lost, atMs: undefined, id, at: '2026-11-24T12:00:00.000+05:30' },
    ]);
    expect(entries).toMatchObject([{
      action: 'failover.switched',
      before: { carriers: ['One', 'Two'] },
      after: { carriers: ['Two'], level: 2, cause: 'feed_lost', durationMs: 5_100 },
    }]);
    expect(news).toMatchObject([{
      kind: 'failover.switched',
      severity: 'warning',
      title: 'Failover: Two instead of One, Two',
      text:
        'no live socket for 5 s. The next tick came after 5100 ms. 300 contracts have a feed, ' +
        'and 20 are served by REST alone.',
    }]);
    expect([...record.counted()]).toEqual([[2, 1]]);
  });

  it('keeps what was no fault, and another socket, without a word; a return is told', async () => {
    record.add({ ...lost, level: 1, cause: 'socket_lost' });
    record.add({ ...lost, level: 0, cause: 'by_hand' });
    record.add({ ...lost, level: 0, cause: 'recovered', from: ['Two'], to: ['One', 'Two'] });
    await vi.waitFor(async () => expect(await kept()).toHaveLength(3), patience);
    expect(entries).toEqual([]);
    expect(news).toMatchObject([
      { kind: 'failover.recovered', severity: 'info', title: 'Failover is over: One, Two again' },
    ]);
  });

  it('stores later what the database does not take now, in one piece', async () => {
    isLogBroken = true;
    record.add(lost);
    await clock.advance(1_000);
    expect(await kept()).toEqual([]);
    isLogBroken = false;
    // The try before may not have failed yet: the next one is due some time after that.
    await vi.waitFor(async () => {
      await clock.advance(10_000);
      expect(await kept()).toHaveLength(1);
    }, patience);
    expect(news).toHaveLength(1);
  });

  it('lets go what is older than ninety days, or one too many', async () => {
    await store.add({ ...lost, at: new Date(startMs - 91 * dayMs), from: [], to: [] });
    await store.add({ ...lost, at: new Date(startMs - 89 * dayMs), from: [], to: [] });
    expect(await kept()).toHaveLength(2);
    await store.add({ ...lost, at: new Date(startMs), from: [], to: [] });
    expect(await kept()).toHaveLength(2);
    await database.query(`insert into failover_events
      (at, level, cause, reason, from_accounts, to_accounts, contracts, without_feed)
      select $1, 1, 'socket_lost', '', '[]', '[]', 0, 0 from generate_series(1, 5010)`, [
      new Date(startMs),
    ]);
    await store.add({ ...lost, at: new Date(startMs), from: [], to: [] });
    const [{ n }] = await database.query('select count(*)::int as n from failover_events') as
      [{ n: number }];
    expect(n).toBe(5_000);
    expect((await record.list(1)).events).toMatchObject([{ level: 2 }]);
  });

  it('tells once that nobody carries, and that somebody does again', () => {
    for (const isDegraded of [false, true, true, false, false]) record.degraded(isDegraded);
    expect(news.map(({ kind, severity }) => [kind, severity])).toEqual([
      ['failover.degraded', 'critical'], ['failover.degraded.over', 'info'],
    ]);
  });
});

describe('wishes', () => {
  it('are one row, and none is kept without its entry in the log', async () => {
    const wish = {
      id: 1 as const, order: ['a'], forced: null, drained: ['b'], revision: 1,
    };
    const change = { action: 'failover.ordered', before: {}, after: {} };
    expect(await store.load()).toBeUndefined();
    await store.save(byPlatform, wish, change);
    await store.save(byPlatform, { ...wish, order: [], revision: 2 }, change);
    isLogBroken = true;
    const broken = store.save(byPlatform, { ...wish, revision: 3 }, change);
    await expect(broken).rejects.toThrow('the log is broken');
    expect(await store.load()).toEqual({ ...wish, order: [], revision: 2 });
  });
});
