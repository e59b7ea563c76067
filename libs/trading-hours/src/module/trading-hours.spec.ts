import { byPlatform, openDatabase, type ActivityEntry } from '@strikewire/platform';
import { silentLog } from '@strikewire/runtime';
import { createNodeSecureRandom } from '@strikewire/runtime/node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the test run's database is a tool
import { createTestDatabase, type TestDatabase } from '../../../../tools/services/database';
import { templateFormat, type TradingHoursInput } from '../core/template';
import { CreateHoursTables1795305750000 } from './create-hours-tables.migration';
import { tradingHoursEntities } from './entities';
import { TemplateStore } from './template-store';
import { TradingHours } from './trading-hours';

type Database = Awaited<ReturnType<typeof openDatabase>>;

const tuesdayNoon = Date.parse('2026-11-24T12:00:00+05:30');
const week = (end: string): TradingHoursInput['weeks'][number] => {
  const hours = [{ phase: 'continuous', start: '09:15', end }] as const;
  const days = { mon: hours, tue: hours, wed: hours, thu: hours, fri: hours };
  return { from: '2024-01-01', days: days as never };
};
const preset = (name: string, end = '15:40', segment = 'fno'): TradingHoursInput => ({
  format: templateFormat,
  name,
  exchange: 'NSE',
  segment,
  weeks: [week(end)],
  verifiedYears: [2026],
});

let test: TestDatabase;
let database: Database;
let entries: ActivityEntry[];
let applied: string[];

beforeAll(async () => {
  test = await createTestDatabase();
  const migrations = [CreateHoursTables1795305750000];
  const entities = tradingHoursEntities as never;
  database = await openDatabase({ url: test.url, entities, migrations, log: silentLog });
});

afterAll(async () => {
  await database?.destroy();
  await test?.drop();
});

beforeEach(async () => {
  await database.query('delete from trading_hours_template');
});

async function open(presets = [preset('NSE F&O'), preset('Short days', '13:00')]) {
  entries = [];
  applied = [];
  const activity = {
    record: (_manager: unknown, _by: unknown, entry: ActivityEntry) => {
      entries.push(entry);
      return Promise.resolve();
    },
  };
  const hours = new TradingHours({
    clock: { wallMs: () => tuesdayNoon },
    random: createNodeSecureRandom(),
    store: new TemplateStore(database, activity),
    presets,
    haltsOf: () => [],
    applied: (exchange, segment) => applied.push(`${exchange} ${segment}`),
  });
  await hours.load();
  entries.length = 0;
  return hours;
}

const idOf = (hours: TradingHours, name: string): string =>
  hours.list().find((one) => one.name === name)?.id ?? '';

/** What a schema found, with its field, or the message of any other refusal. */
async function refusalOf(write: Promise<unknown>): Promise<string> {
  const error = await write.then(() => new Error('nothing was refused'), (thrown) => thrown);
  const issues = (error as { issues?: { path: string[]; message: string }[] }).issues;
  if (!issues) return (error as Error).message;
  return issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
}

describe('TradingHours', () => {
  it('stores the presets once, and the first of each segment counts', async () => {
    const first = await open([preset('A'), preset('B'), preset('C', '17:00', 'currency')]);
    expect(first.list().map(({ name, active }) => [name, active])).toEqual([
      ['A', true], ['B', false], ['C', true],
    ]);
    const again = await open([preset('another')]);
    expect(again.list().map(({ name }) => name)).toEqual(['A', 'B', 'C']);
    expect(entries).toEqual([]);
  });

  it('tells how a segment stands', async () => {
    const hours = await open();
    expect(hours.status().segments).toMatchObject([
      {
        exchange: 'NSE',
        phase: 'continuous',
        isOpen: true,
        phaseUntil: '2026-11-24T15:40:00+05:30',
        nextOpen: '2026-11-25T09:15:00+05:30',
        minutesToClose: 220,
        today: { date: '2026-11-24', state: 'open', name: null, verified: true },
        warnings: [],
      },
    ]);
  });

  it('applies another template at once, and tells the session that follows', async () => {
    const hours = await open();
    const answer = await hours.apply(idOf(hours, 'Short days'), byPlatform);
    expect(answer).toMatchObject({
      template: { name: 'Short days', active: true },
      nextSession: { date: '2026-11-24', close: '2026-11-24T13:00:00+05:30' },
    });
    expect(applied).toEqual(['NSE fno']);
    expect(hours.calendarOf('NSE', 'fno')?.name).toBe('Short days');
    expect(entries.map(({ action, before, after }) => [action, before, after])).toEqual([
      ['trading_hours.applied', { template: 'NSE F&O' }, { template: 'Short days', version: 1 }],
    ]);
    // Once more changes nothing; a start finds it as it was left.
    await hours.apply(idOf(hours, 'Short days'), byPlatform);
    expect(entries).toHaveLength(1);
    const again = await open([]);
    expect(again.calendarOf('NSE', 'fno')?.name).toBe('Short days');
    expect(again.list().filter(({ active }) => active)).toHaveLength(1);
  });

  it('does not let hours count that know nothing of today', async () => {
    const later = { ...preset('Later'), weeks: [{ ...week('15:40'), from: '2027-01-01' }] };
    const hours = await open([preset('NSE F&O'), later]);
    await expect(hours.apply(idOf(hours, 'Later'), byPlatform)).rejects.toMatchObject({
      kind: 'denied',
      code: 'template_not_today',
      message: 'Later knows its hours from 2027-01-01 to 2040-12-31: today is not among them',
    });
    const change = { body: { ...later, name: 'NSE F&O' }, version: 1 };
    await expect(hours.change(idOf(hours, 'NSE F&O'), change, byPlatform)).rejects.toMatchObject({
      code: 'template_not_today',
    });
    expect(applied).toEqual([]);
  });

  it('stands closed, and says why, when its time has passed', async () => {
    await open([{ ...preset('Later'), weeks: [{ ...week('15:40'), from: '2027-01-01' }] }]);
    const hours = await open([]);
    expect(hours.status().segments).toMatchObject([
      {
        phase: 'closed', isOpen: false, nextOpen: null,
        warnings: ['its hours are known from 2027-01-01 to 2040-12-31 only'],
      },
    ]);
  });

  it('makes changes that come at once one after another', async () => {
    const presets = [preset('A'), preset('B'), preset('C', '13:00')];
    const hours = await open(presets);
    const [a, b, c] = ['A', 'B', 'C'].map((name) => idOf(hours, name)) as [string, string, string];
    const longer = (name: string): { body: TradingHoursInput; version: number } => {
      return { body: preset(name, '15:50'), version: 1 };
    };
    const active = (): string[] =>
      hours.list().filter((one) => one.active).map(({ name }) => name);
    await Promise.all([
      hours.apply(b, byPlatform), hours.change(b, longer('B'), byPlatform),
      hours.change(a, longer('A'), byPlatform),
    ]);
    expect(active()).toEqual(['B']);
    expect(hours.calendarOf('NSE', 'fno')?.nextClose(tuesdayNoon))
      .toBe(Date.parse('2026-11-24T15:50:00+05:30'));
    const tried = await Promise.allSettled([
      hours.apply(c, byPlatform), hours.remove(c, byPlatform), hours.apply(b, byPlatform),
    ]);
    expect(tried.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(active()).toEqual(['B']);
    const again = await open([]);
    expect(again.list().filter((one) => one.active).map(({ name }) => name)).toEqual(['B']);
  });

  it('keeps every version, and refuses a change over another one', async () => {
    const hours = await open();
    const id = idOf(hours, 'NSE F&O');
    const body = { ...preset('NSE F&O', '15:45') };
    const change = { body, version: 1, note: 'five minutes more' };
    expect((await hours.change(id, change, byPlatform)).version).toBe(2);
    await expect(hours.change(id, change, byPlatform)).rejects.toMatchObject({
      kind: 'rejected', code: 'template_changed',
    });
    const { versions, body: held } = await hours.detail(id);
    expect(versions.map(({ version, note }) => [version, note])).toEqual([
      [2, 'five minutes more'], [1, 'preset'],
    ]);
    expect(held['weeks']).toEqual([week('15:45')]);
    expect(hours.status().segments[0]?.minutesToClose).toBe(225);
    expect(applied).toEqual(['NSE fno']);
  });

  it.each([
    ['a window that ends before it starts', { weeks: [week('09:00')] },
      /days\.mon\.0\.end: needs to be after/],
    ['no such time', { weeks: [week('25:99')] }, /body\.weeks\.0\.days\.mon/],
    ['a field that is none', { colour: 'red' }, /colour/],
    ['another segment', { segment: 'currency' }, /needs to stay NSE fno/],
  ])('refuses %s whole', async (_what, change, expected) => {
    const hours = await open();
    const body = { ...preset('NSE F&O'), ...change };
    const write = hours.change(idOf(hours, 'NSE F&O'), { body, version: 1 }, byPlatform);
    expect(await refusalOf(write)).toMatch(expected);
    expect(hours.list()[0]?.version).toBe(1);
  });

  it('shows day by day what a template would change', async () => {
    const hours = await open();
    const dates = [
      { kind: 'closed', date: '2026-11-25', name: 'A holiday' },
      { kind: 'special', date: '2026-11-28', name: 'A Saturday', windows: null },
    ] as const;
    const body = { ...preset('NSE F&O'), dates: [...dates] };
    const { days, warnings } = hours.preview({ body, days: 6 });
    expect(days.map(({ date, changed, state }) => [date, changed, state])).toEqual([
      ['2026-11-24', false, 'open'],
      ['2026-11-25', true, 'closed'],
      ['2026-11-26', false, 'open'],
      ['2026-11-27', false, 'open'],
      ['2026-11-28', true, 'hours_unknown'],
      ['2026-11-29', false, 'closed'],
    ]);
    const before = [{ date: '2026-11-25' }];
    expect(days[1]).toMatchObject({ after: [], name: 'A holiday', before });
    expect(warnings).toEqual(['2026-11-28 A Saturday: hours are not known yet']);
  });

  it('copies, takes away what does not count, and refuses a name twice', async () => {
    const hours = await open();
    const copy = await hours.duplicate(idOf(hours, 'NSE F&O'), 'Copy', byPlatform);
    expect(copy).toMatchObject({ name: 'Copy', active: false, version: 1 });
    await expect(hours.duplicate(copy.id, 'Copy', byPlatform)).rejects.toMatchObject({
      code: 'template_name_taken',
    });
    await hours.remove(copy.id, byPlatform);
    expect(hours.list().map(({ name }) => name)).toEqual(['NSE F&O', 'Short days']);
    await expect(hours.remove(idOf(hours, 'NSE F&O'), byPlatform)).rejects.toMatchObject({
      code: 'template_active',
    });
  });

  it('warns a month before a year that is not verified', async () => {
    const hours = await open([{ ...preset('A'), verifiedYears: [2025] }]);
    expect(hours.status().segments[0]?.warnings).toEqual([
      '2026 is not verified: its holidays are not known',
    ]);
  });

  it('takes dates from a file once they were looked at, and gives them back', async () => {
    const hours = await open();
    const id = idOf(hours, 'NSE F&O');
    const text = 'date,exchange,kind,open,close,description,source\n'
      + '2026-11-25,NSE,full_day,,,A holiday,a circular\n'
      + '2026-11-28,NSE,special_session,09:15,10:00,A Saturday,\n';
    const file = { format: 'csv', text, mode: 'replace', save: false } as const;
    const shown = await hours.importHolidays(id, file, byPlatform);
    expect(shown).toMatchObject({ added: 2, removed: 0, template: null });
    expect(shown.preview.days.filter(({ changed }) => changed).map(({ date }) => date)).toEqual([
      '2026-11-25', '2026-11-28',
    ]);
    expect(hours.list()[0]?.version).toBe(1);
    const saved = await hours.importHolidays(id, { ...file, save: true }, byPlatform);
    expect(saved.template?.version).toBe(2);
    expect(hours.calendarOf('NSE', 'fno')?.sessionOn('2026-11-25').state).toBe('closed');
    const csv = hours.file(id, { what: 'holidays', format: 'csv' });
    expect(csv).toMatchObject({ name: 'nse-fno-holidays.csv', type: 'text/csv; charset=utf-8' });
    const again = await hours.importHolidays(id, { ...file, text: csv.text }, byPlatform);
    expect(again).toMatchObject({ added: 0, removed: 0, unchanged: 2 });
    const bad = { ...file, text: text.replace('09:15', '9:15') };
    await expect(hours.importHolidays(id, bad, byPlatform)).rejects.toMatchObject({
      code: 'file_invalid', details: { problems: [{ line: 3, field: 'open' }] },
    });
    expect(JSON.parse(hours.file(id, { what: 'template', format: 'json' }).text).name)
      .toBe('NSE F&O');
  });
});
