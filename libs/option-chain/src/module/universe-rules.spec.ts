import type { UniverseRule } from '@strikewire/contracts';
import { byPlatform, openDatabase, type ActivityEntry } from '@strikewire/platform';
import { errorMessageOf, silentLog } from '@strikewire/runtime';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the test run's database is a tool
import { createTestDatabase, type TestDatabase } from '../../../../tools/services/database';
import { defaultUniverse, defaultUniverseRules } from '../core/universe';
import { CreateUniverseTable1795306000000 } from './create-universe-table.migration';
import { optionChainEntities } from './entities';
import { openUniverse, type UniverseRules } from './universe-rules';

const noonMs = Date.parse('2026-11-24T12:00:00+05:30');
const [nifty, bank] = defaultUniverse as [UniverseRule, UniverseRule];

let test: TestDatabase;
let database: Awaited<ReturnType<typeof openDatabase>>;
let entries: ActivityEntry[];
let isLogBroken: boolean;

beforeAll(async () => {
  test = await createTestDatabase();
  database = await openDatabase({
    url: test.url,
    entities: optionChainEntities,
    migrations: [CreateUniverseTable1795306000000],
    log: silentLog,
  });
});

afterAll(async () => {
  await database?.destroy();
  await test?.drop();
});

beforeEach(async () => {
  entries = [];
  isLogBroken = false;
  await database.query('delete from universe_rules');
});

function open(): Promise<UniverseRules> {
  const activity = {
    record: async (_manager: unknown, _by: unknown, entry: ActivityEntry) => {
      if (isLogBroken) throw new Error('the log is broken');
      entries.push(entry);
    },
  };
  const clock = { wallMs: () => noonMs };
  return openUniverse({ clock, database, activity, defaults: defaultUniverseRules });
}
const revisions = async (): Promise<number[]> => {
  const rows = await database.query('select revision from universe_rules order by revision');
  return (rows as { revision: number }[]).map(({ revision }) => revision);
};
const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(() => 'kept', (error: unknown) => errorMessageOf(error));

describe('the rules of the universe', () => {
  it('are the defaults until somebody saves some, and then those after a restart too', async () => {
    const first = await open();
    expect(first.rules()).toBe(defaultUniverseRules);
    expect(first.revision()).toEqual({ revision: 0, changedBy: null, changedAt: null });
    await first.change({ rules: [nifty], revision: 0 }, byPlatform);
    for (const rules of [first, await open()]) {
      expect(rules.rules()).toEqual([nifty]);
      expect(rules.revision()).toEqual({
        revision: 1, changedBy: 'platform', changedAt: '2026-11-24T12:00:00.000+05:30',
      });
    }
  });

  it('may be none at all: that is no default', async () => {
    await (await open()).change({ rules: [] }, byPlatform);
    expect((await open()).rules()).toEqual([]);
  });

  it('log what differs, within the same transaction', async () => {
    const rules = await open();
    await rules.change({ rules: [nifty, bank] }, byPlatform);
    entries.length = 0;
    await rules.change({ rules: [nifty, { ...bank, served: false }], revision: 1 }, byPlatform);
    const text = 'index, 50 below and 49 above the ATM; nearest 0, monthlies 2, quarterlies 3';
    expect(entries).toEqual([
      {
        action: 'universe.changed',
        subject: { kind: 'universe', id: 'universe', name: 'Universe' },
        before: { revision: 1, 'NSE:BANKNIFTY': text },
        after: { revision: 2, 'NSE:BANKNIFTY': `not served; ${text}` },
      },
    ]);
    isLogBroken = true;
    expect(await refusal(rules.change({ rules: [] }, byPlatform))).toBe('the log is broken');
    expect([await revisions(), rules.rules().length]).toEqual([[1, 2], 2]);
  });

  it('refuse a change of another revision than the one that counts, and say which', async () => {
    const rules = await open();
    await rules.change({ rules: [nifty], revision: 0 }, byPlatform);
    const refused = rules.change({ rules: [bank], revision: 0 }, byPlatform);
    await expect(refused).rejects.toMatchObject({
      kind: 'rejected', code: 'universe_changed', details: { revision: 1 },
    });
    expect(await refusal(rules.change({ rules: [bank], revision: 0 }, byPlatform))).toBe(
      'revision 1 of the universe was saved meanwhile, this change is of 0: load it again',
    );
    expect(rules.rules()).toEqual([nifty]);
  });

  it('let one of two changes of the same revision win, from two processes as well', async () => {
    const [one, other] = await Promise.all([open(), open()]);
    const told = await Promise.all([
      refusal(one.change({ rules: [nifty], revision: 0 }, byPlatform)),
      refusal(other.change({ rules: [bank], revision: 0 }, byPlatform)),
      refusal(one.change({ rules: [bank], revision: 0 }, byPlatform)),
    ]);
    expect(told.filter((text) => text === 'kept')).toHaveLength(1);
    expect(await revisions()).toEqual([1]);
    expect(entries).toHaveLength(1);
  });

  it('keep the last twenty revisions', async () => {
    const rules = await open();
    for (let count = 0; count < 23; count++) {
      await rules.change({ rules: count % 2 ? [nifty] : [bank] }, byPlatform);
    }
    expect(await revisions()).toEqual(Array.from({ length: 20 }, (_, index) => index + 4));
    expect((await open()).revision().revision).toBe(23);
  });
});
