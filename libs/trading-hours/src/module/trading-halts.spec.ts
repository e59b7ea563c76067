import { byPlatform, openDatabase, type ActivityEntry } from '@strikewire/platform';
import { silentLog } from '@strikewire/runtime';
import { createNodeSecureRandom } from '@strikewire/runtime/node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the test run's database is a tool
import { createTestDatabase, type TestDatabase } from '../../../../tools/services/database';
import { templateFormat, type TradingHoursInput } from '../core/template';
import { CreateHoursTables1795305750000 } from './create-hours-tables.migration';
import { CreateSessionTables1795305800000 } from './create-session-tables.migration';
import { haltEntity, tradingHoursEntities } from './entities';
import { openTradingHours } from './open-trading-hours';
import type { HaltDesk } from './trading-halts';
import type { TradingHours } from './trading-hours';

const minuteMs = 60_000;
const tuesdayNoon = Date.parse('2026-11-24T12:00:00+05:30');
const hours = [{ phase: 'continuous', start: '09:15', end: '15:40' }] as const;
const presetOf = (name: string, segment = 'fno'): TradingHoursInput => ({
  format: templateFormat,
  name,
  exchange: 'NSE',
  segment,
  weeks: [{ from: '2024-01-01', days: { mon: hours, tue: hours, wed: hours } as never }],
  verifiedYears: [2026],
});
const fno = { exchange: 'NSE', segment: 'fno' };
const outage = { ...fno, reason: 'Outage at the exchange' };

let test: TestDatabase;
let database: Awaited<ReturnType<typeof openDatabase>>;
let nowMs: number;
let entries: ActivityEntry[];
let changed: string[];

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
  await database.query('delete from trading_halt');
  await database.query('delete from trading_hours_template');
  nowMs = tuesdayNoon;
});

/** As a start does it; another one finds what the one before has left. */
async function open(): Promise<{ hours: TradingHours; halts: HaltDesk }> {
  entries = [];
  changed = [];
  const opened = await openTradingHours({
    clock: { wallMs: () => nowMs },
    ids: createNodeSecureRandom(),
    database,
    activity: {
      record: async (_manager: unknown, _by: unknown, entry: ActivityEntry) => {
        entries.push(entry);
      },
    },
    presets: [presetOf('NSE F&O'), presetOf('Another'), presetOf('NSE currency', 'currency')],
    changed: (exchange, segment) => changed.push(`${exchange} ${segment}`),
  });
  entries.length = 0;
  return opened;
}

/** How the segment stands: its phase and whether it is open. */
function standing({ hours: told }: { hours: TradingHours }, segment = 'fno'): unknown[] {
  const found = told.status().segments.find((one) => one.segment === segment);
  return [found?.phase, found?.isOpen];
}

async function codeOf(act: Promise<unknown>): Promise<unknown> {
  return act.then(() => 'nothing was refused', (error: { code?: unknown }) => error.code);
}

describe('HaltDesk', () => {
  it('halts a segment from now on, and no other', async () => {
    const desk = await open();
    const halt = await desk.halts.add(outage, byPlatform);
    expect(halt).toMatchObject({
      ...outage, from: '2026-11-24T12:00:00.000+05:30', to: null, by: 'platform',
    });
    expect(desk.halts.list().halts).toEqual([halt]);
    expect(standing(desk)).toEqual(['halt', false]);
    expect(standing(desk, 'currency')).toEqual(['continuous', true]);
    expect(changed).toEqual(['NSE fno']);
    const calendar = desk.hours.calendarOf('NSE', 'fno');
    expect(calendar?.isOpen(nowMs - 1)).toBe(true);
    // No close: the session, and what is due at its end, stay as planned.
    expect(calendar?.minutesToClose(nowMs)).toBe(220);
  });

  it('lets trading go on, and remembers that it had stopped', async () => {
    const desk = await open();
    const { id } = await desk.halts.add(outage, byPlatform);
    nowMs += 20 * minuteMs;
    const ended = await desk.halts.end(id, byPlatform);
    expect(ended.to).toBe('2026-11-24T12:20:00.000+05:30');
    expect(standing(desk)).toEqual(['continuous', true]);
    expect(changed).toEqual(['NSE fno', 'NSE fno']);
    const calendar = desk.hours.calendarOf('NSE', 'fno');
    expect(calendar?.phaseAt(nowMs - 1).phase).toBe('halt');
    expect(await codeOf(desk.halts.end(id, byPlatform))).toBe('halt_over');
    expect(await codeOf(desk.halts.end(createNodeSecureRandom().uuid(), byPlatform))).toBe(
      'halt_unknown',
    );
    // Ended in the moment of its beginning, it lasts as long as an instant does.
    const next = await desk.halts.add(outage, byPlatform);
    expect((await desk.halts.end(next.id, byPlatform)).to).toBe('2026-11-24T12:20:00.001+05:30');
  });

  it('writes each into the activity log, in the same breath', async () => {
    const desk = await open();
    const { id } = await desk.halts.add(outage, byPlatform);
    nowMs += minuteMs;
    await desk.halts.end(id, byPlatform);
    const from = '2026-11-24T12:00:00.000+05:30';
    const subject = { kind: 'trading_hours', id, name: 'NSE fno' };
    const told = { reason: outage.reason, from };
    expect(entries).toEqual([
      { action: 'trading_hours.halted', subject, before: null, after: told },
      {
        action: 'trading_hours.resumed',
        subject,
        before: null,
        after: { ...told, to: '2026-11-24T12:01:00.000+05:30' },
      },
    ]);
  });

  it('refuses a second halt of a segment while one goes on', async () => {
    const desk = await open();
    await desk.halts.add(outage, byPlatform);
    const again = { ...outage, reason: 'again' };
    expect(await codeOf(desk.halts.add(again, byPlatform))).toBe('halt_open');
    await desk.halts.add({ ...outage, segment: 'currency' }, byPlatform);
    expect(desk.halts.list().halts).toHaveLength(2);
    expect(entries).toHaveLength(2);
  });

  it('of two at once takes one: the start, and the end', async () => {
    const desk = await open();
    const adds = [desk.halts.add(outage, byPlatform), desk.halts.add(outage, byPlatform)];
    const codes = await Promise.all(adds.map(codeOf));
    expect(codes.sort()).toEqual(['halt_open', 'nothing was refused']);
    const [halt] = desk.halts.list().halts;
    const id = halt?.id ?? '';
    const ends = [desk.halts.end(id, byPlatform), desk.halts.end(id, byPlatform)];
    expect((await Promise.all(ends.map(codeOf))).sort()).toEqual([
      'halt_over', 'nothing was refused',
    ]);
    expect(entries.map(({ action }) => action)).toEqual([
      'trading_hours.halted', 'trading_hours.resumed',
    ]);
  });

  it('may have begun up to a day ago, never later than now', async () => {
    const desk = await open();
    const at = (offsetMs: number) => {
      const from = new Date(nowMs + offsetMs).toISOString();
      return codeOf(desk.halts.add({ ...outage, from }, byPlatform));
    };
    expect(await at(1)).toBe('halt_invalid');
    expect(await at(-86_400_001)).toBe('halt_invalid');
    expect(desk.halts.list().halts).toEqual([]);
    expect(await at(-30 * minuteMs)).toBe('nothing was refused');
    const calendar = desk.hours.calendarOf('NSE', 'fno');
    const halted = [-31, -30, 0].map((min) => calendar?.phaseAt(nowMs + min * minuteMs).phase);
    expect(halted).toEqual(['continuous', 'halt', 'halt']);
    const untraded = { ...outage, segment: 'equity' };
    expect(await codeOf(desk.halts.add(untraded, byPlatform))).toBe('halt_invalid');
  });

  it('outlasts a restart, and can be ended after it', async () => {
    const first = await open();
    const halt = await first.halts.add(outage, byPlatform);
    nowMs += minuteMs;
    const second = await open();
    expect(second.halts.list().halts).toEqual([halt]);
    expect(standing(second)).toEqual(['halt', false]);
    await second.halts.end(halt.id, byPlatform);
    const third = await open();
    expect(third.halts.list().halts).toMatchObject([{ id: halt.id, reason: outage.reason }]);
    expect(standing(third)).toEqual(['continuous', true]);
  });

  it('holds whichever template is applied meanwhile, and is over for each at once', async () => {
    const desk = await open();
    const idOf = (name: string): string =>
      desk.hours.list().find((one) => one.name === name)?.id ?? '';
    const { id } = await desk.halts.add(outage, byPlatform);
    await desk.hours.apply(idOf('Another'), byPlatform);
    expect(standing(desk)).toEqual(['halt', false]);
    await desk.halts.end(id, byPlatform);
    nowMs += minuteMs;
    expect(standing(desk)).toEqual(['continuous', true]);
    await desk.hours.apply(idOf('NSE F&O'), byPlatform);
    expect(standing(desk)).toEqual(['continuous', true]);
  });

  it('is told newest first; one that goes on is not forgotten over many later ones', async () => {
    const first = await open();
    const { id } = await first.halts.add(outage, byPlatform);
    const many = Array.from({ length: 501 }, (_, index) => ({
      ...outage,
      id: createNodeSecureRandom().uuid(),
      segment: 'currency',
      fromAt: new Date(nowMs + (2 * index + 1) * minuteMs),
      toAt: new Date(nowMs + (2 * index + 2) * minuteMs),
      by: 'platform',
    }));
    await database.getRepository(haltEntity).insert(many);
    const second = await open();
    const { halts } = second.halts.list();
    expect([halts.length, halts.at(-1)?.id]).toEqual([500, id]);
    expect(halts.map(({ from }) => from)).toEqual(halts.map(({ from }) => from).sort().reverse());
    expect(standing(second)).toEqual(['halt', false]);
    nowMs += 2_000 * minuteMs;
    await second.halts.add({ ...outage, segment: 'currency' }, byPlatform);
    expect(second.halts.list().halts).toHaveLength(500);
    expect((await second.halts.end(id, byPlatform)).to).not.toBeNull();
  });
});
