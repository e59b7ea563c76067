import { openDatabase } from '@strikewire/platform';
import { silentLog } from '@strikewire/runtime';
import { createNodeSecureRandom } from '@strikewire/runtime/node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the test run's database is a tool
import { createTestDatabase, type TestDatabase } from '../../../../tools/services/database';
import type { RunRecord } from '../engine/run-record';
import { CreateHoursTables1795305750000 } from './create-hours-tables.migration';
import { CreateSessionTables1795305800000 } from './create-session-tables.migration';
import { tradingHoursEntities } from './entities';
import { SessionRunLog } from './session-runs';

const dayMs = 86_400_000;
const nowMs = Date.parse('2026-11-24T15:40:00+05:30');
const ids = createNodeSecureRandom();

let test: TestDatabase;
let database: Awaited<ReturnType<typeof openDatabase>>;
let log: SessionRunLog;

beforeAll(async () => {
  test = await createTestDatabase();
  const migrations = [CreateHoursTables1795305750000, CreateSessionTables1795305800000];
  const entities = tradingHoursEntities as never;
  database = await openDatabase({ url: test.url, entities, migrations, log: silentLog });
});

afterAll(async () => {
  await database?.destroy();
  await test?.drop();
});

beforeEach(async () => {
  await database.query('delete from session_run');
  log = new SessionRunLog(database);
});

const runOf = (changes: Partial<RunRecord> = {}): RunRecord => ({
  id: ids.uuid(),
  exchange: 'NSE',
  segment: 'fno',
  job: 'end_of_day',
  date: '2026-11-24',
  dueMs: nowMs,
  startedMs: nowMs + 250,
  finishedMs: nowMs + 1_250,
  outcome: 'done',
  cause: 'schedule',
  detail: '12 chains stored',
  ...changes,
});

async function saved(...runs: RunRecord[]): Promise<RunRecord[]> {
  for (const run of runs) await log.save(run);
  return runs;
}

/** Ids of the list, read page by page. */
async function read(limit: number, filter: { exchange?: string } = {}): Promise<string[]> {
  const found: string[] = [];
  for (let after: string | undefined; ; after = found.at(-1)) {
    const { runs, more } = await log.list({ limit, ...filter, ...(after && { after }) });
    found.push(...runs.map(({ id }) => id));
    if (!more) return found;
    expect(runs).toHaveLength(limit);
  }
}

describe('SessionRunLog', () => {
  it('keeps one row of a run, as it was saved last', async () => {
    const run = runOf();
    await saved({ ...run, finishedMs: null, outcome: 'running', detail: '' }, run);
    expect(await log.list({ limit: 50 })).toEqual({
      runs: [
        {
          id: run.id,
          exchange: 'NSE',
          segment: 'fno',
          job: 'end_of_day',
          date: '2026-11-24',
          dueAt: '2026-11-24T15:40:00.000+05:30',
          startedAt: '2026-11-24T15:40:00.250+05:30',
          finishedAt: '2026-11-24T15:40:01.250+05:30',
          outcome: 'done',
          cause: 'schedule',
          detail: '12 chains stored',
        },
      ],
      more: false,
    });
  });

  it('marks what is done once a day, done or missed, by segment and since a time', async () => {
    await saved(
      runOf(),
      runOf({ job: 'rollover', outcome: 'failed' }),
      runOf({ job: 'build', exchange: 'MCX', segment: 'commodity', outcome: 'missed' }),
      runOf({ job: 'subscribe' }),
      runOf({ date: '2026-11-20', dueMs: nowMs - 4 * dayMs }),
      runOf({ date: '2026-10-20', dueMs: nowMs - 35 * dayMs }),
    );
    const marks = await log.marks(nowMs - 30 * dayMs);
    for (const done of Object.values(marks)) done.sort((a, b) => a.dueMs - b.dueMs);
    expect(marks).toEqual({
      'NSE fno': [
        { job: 'end_of_day', date: '2026-11-20', dueMs: nowMs - 4 * dayMs },
        { job: 'end_of_day', date: '2026-11-24', dueMs: nowMs },
      ],
      'MCX commodity': [{ job: 'build', date: '2026-11-24', dueMs: nowMs }],
    });
  });

  it('calls what ran when the platform stopped interrupted, and no mark', async () => {
    const [run] = await saved(runOf({ finishedMs: null, outcome: 'running', detail: '' }), runOf());
    const later = new SessionRunLog(database);
    expect(Object.values(await later.marks(nowMs - dayMs)).flat()).toHaveLength(1);
    const { runs } = await later.list({ limit: 50 });
    const found = runs.find(({ id }) => id === run?.id);
    expect(found).toMatchObject({ outcome: 'interrupted', finishedAt: null });
    expect(runs.map(({ outcome }) => outcome).sort()).toEqual(['done', 'interrupted']);
  });

  it('lists newest first, page by page without gaps or repeats, also of one instant', async () => {
    const same = Array.from({ length: 7 }, () => runOf());
    const older = Array.from({ length: 4 }, (_, index) => runOf({ dueMs: nowMs - index - 1 }));
    await saved(...older, ...same);
    const whole = await read(50);
    expect(whole.slice(7)).toEqual(older.map(({ id }) => id));
    expect(new Set(whole.slice(0, 7))).toEqual(new Set(same.map(({ id }) => id)));
    for (const limit of [1, 2, 3, 5, 11]) expect(await read(limit)).toEqual(whole);
  });

  it('a page goes on where the one before ended, whatever came since', async () => {
    await saved(...Array.from({ length: 6 }, (_, index) => runOf({ dueMs: nowMs - index })));
    const { runs: first } = await log.list({ limit: 3 });
    await saved(runOf({ dueMs: nowMs + 1 }), runOf({ dueMs: nowMs + 2 }));
    const after = first[2]?.id ?? '';
    const { runs: second, more } = await log.list({ limit: 3, after });
    const dues = [...first, ...second].map(({ dueAt }) => nowMs - Date.parse(dueAt));
    expect([dues, more]).toEqual([[0, 1, 2, 3, 4, 5], false]);
    const unknown = log.list({ limit: 3, after: ids.uuid() });
    await expect(unknown).rejects.toMatchObject({ kind: 'not_found', code: 'run_unknown' });
  });

  it('is filtered by exchange and job, over pages too', async () => {
    const bse = Array.from({ length: 3 }, (_, index) =>
      runOf({ exchange: 'BSE', dueMs: nowMs - index }));
    await saved(runOf(), ...bse, runOf({ exchange: 'BSE', job: 'build' }), runOf());
    const jobs = await log.list({ limit: 50, exchange: 'BSE', job: 'end_of_day' });
    expect(jobs.runs.map(({ id }) => id)).toEqual(bse.map(({ id }) => id));
    expect((await log.list({ limit: 50, job: 'build' })).runs).toHaveLength(1);
    expect(await log.list({ limit: 50, job: 'connect' })).toEqual({ runs: [], more: false });
    expect(await read(1, { exchange: 'BSE' })).toHaveLength(4);
  });

  it('forgets what is more than 400 days older than the marks', async () => {
    const sinceMs = nowMs - 45 * dayMs;
    const limitMs = sinceMs - 400 * dayMs;
    const [kept, old] = await saved(runOf({ dueMs: limitMs }), runOf({ dueMs: limitMs - 1 }));
    expect(await read(50)).toEqual([kept?.id, old?.id]);
    await log.marks(sinceMs);
    expect(await read(50)).toEqual([kept?.id]);
  });
});
