import { silentLog } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { afterEach, describe, expect, it } from 'vitest';
import { createCalendar, type TradingHoursCalendar } from '../core/session-calendar';
import { templateFormat, type TradingHoursInput } from '../core/template';
import { createMemoryRuns, type RunStore } from './run-record';
import { SessionRunner, type SessionDuties } from './session-runner';

const at = (text: string): number => Date.parse(`2026-11-${text}:00+05:30`);
const local = (atMs: number): string => new Date(atMs + 19_800_000).toISOString().slice(8, 16);
const hours = (start: string, end: string): TradingHoursCalendar => {
  const day = [{ phase: 'continuous' as const, start, end }];
  const days = { mon: day, tue: day, wed: day, thu: day, fri: day };
  const template: TradingHoursInput = {
    format: templateFormat, name: 'Hours', exchange: 'NSE', segment: 'fno',
    weeks: [{ from: '2026-01-01', days }],
  };
  return createCalendar(template);
};

const runners: SessionRunner[] = [];
afterEach(() => runners.splice(0).forEach((runner) => runner.stop()));

function createBench(start: string, store: RunStore = createMemoryRuns()) {
  const clock = createVirtualClock(at(start));
  const told: string[] = [];
  const say = (what: string): void => void told.push(`${local(clock.wallMs())} ${what}`);
  const calendars = new Map([['NSE', hours('09:15', '15:40')], ['MCX', hours('09:00', '23:30')]]);
  /** How long each duty takes, ms; a negative time fails. */
  const takes: Record<string, number> = {};
  const duty = (name: string) => async (exchange: string, date: string): Promise<string> => {
    say(`${exchange} ${name} ${date.slice(8)}`);
    const tookMs = takes[name] ?? 0;
    if (tookMs !== 0) await new Promise<void>((go) => clock.after(Math.abs(tookMs), go));
    if (tookMs < 0) throw new Error(`no ${name} today`);
    say(`${exchange} ${name} ended`);
    return `${name} is fine`;
  };
  const duties: SessionDuties = {
    activity: (exchange, activity) => {
      say(`${exchange} ${activity}`);
      if (takes[`${exchange} ${activity}`]) throw new Error('no feed');
    },
    build: duty('build'),
    endOfDay: duty('end'),
    rollOver: duty('rollover'),
  };
  let ids = 0;
  const open = (): SessionRunner => {
    const runner = new SessionRunner({
      clock,
      log: silentLog,
      ids: { bytes: (count) => new Uint8Array(count), uuid: () => `run ${++ids}` },
      segments: [
        { exchange: 'NSE', segment: 'fno', calendar: () => calendars.get('NSE') },
        { exchange: 'MCX', segment: 'commodity', calendar: () => calendars.get('MCX') },
      ],
      duties,
      store,
    });
    runners.push(runner);
    return runner;
  };
  const runner = open();
  return { clock, told, takes, calendars, runner, open };
}

describe('SessionRunner', () => {
  it('runs the jobs of a segment one after another, and feeds at once', async () => {
    const { clock, told, takes, runner } = createBench('23T08:00');
    takes['build'] = 30 * 60_000;
    takes['end'] = 120_000;
    await runner.start();
    told.length = 0;
    await clock.advance(8 * 3_600_000);
    expect(told.filter((line) => line.includes('NSE'))).toEqual([
      '23T08:30 NSE build ended',
      '23T09:00 NSE build 23', '23T09:10 NSE connected', '23T09:15 NSE subscribed',
      '23T09:30 NSE build ended',
      '23T15:40 NSE end 23', '23T15:42 NSE end ended',
      '23T15:42 NSE rollover 23', '23T15:42 NSE rollover ended',
      '23T15:45 NSE off',
    ]);
    // The other segment waits for nobody.
    expect(told).toContain('23T09:00 MCX subscribed');
  });

  it('records what each job came to', async () => {
    const store = createMemoryRuns();
    const { clock, takes, runner } = createBench('23T08:00', store);
    await runner.start();
    takes['end'] = -60_000;
    await clock.advance(8 * 3_600_000);
    const records = store.all()
      .filter((run) => run.exchange === 'NSE' && run.date === '2026-11-23')
      .map(({ job, outcome, detail, startedMs, finishedMs }) =>
        [job, outcome, detail, local(startedMs!), local(finishedMs!)].join('|'),
      );
    expect(records).toEqual([
      'build|done|build is fine|23T09:00|23T09:00',
      'connect|done||23T09:10|23T09:10',
      'subscribe|done||23T09:15|23T09:15',
      'end_of_day|failed|no end today|23T15:40|23T15:41',
      'rollover|done|rollover is fine|23T15:41|23T15:41',
      'clean_up|done||23T15:45|23T15:45',
    ]);
  });

  it('does again, after a restart, only what has failed or was never ended', async () => {
    const store = createMemoryRuns();
    const { clock, told, takes, runner, open } = createBench('23T08:00', store);
    takes['end'] = -1;
    await runner.start();
    await clock.advance(8 * 3_600_000);
    runner.stop();
    takes['end'] = 0;
    told.length = 0;
    await open().start();
    await clock.advance(1_000);
    expect(told.filter((line) => line.includes('NSE'))).toEqual([
      '23T16:00 NSE off', '23T16:00 NSE end 23', '23T16:00 NSE end ended',
    ]);
  });

  it('delays nothing when the database is away, and writes it down later', async () => {
    const memory = createMemoryRuns();
    let isAway = false;
    const store: RunStore = {
      marks: (sinceMs) => memory.marks(sinceMs),
      save: (run) => (isAway ? Promise.reject(new Error('away')) : memory.save(run)),
    };
    const { clock, told, runner } = createBench('23T08:00', store);
    await runner.start();
    isAway = true;
    told.length = 0;
    await clock.advance(75.5 * 60_000);
    expect(told.at(-1)).toBe('23T09:15 NSE subscribed');
    const before = memory.all().length;
    isAway = false;
    await clock.advance(10 * 60_000);
    const written = memory.all().slice(before).filter(({ exchange }) => exchange === 'NSE');
    expect(written.map(({ job, outcome }) => `${job} ${outcome}`).sort()).toEqual([
      'build done', 'connect done', 'subscribe done',
    ]);
  });

  it('notices a clock that was set back, within a minute', async () => {
    const { clock, told, runner } = createBench('23T15:50');
    await runner.start();
    told.length = 0;
    clock.jumpWall(-20 * 60_000);
    await clock.advance(60_000);
    expect(told).toContain('23T15:31 NSE subscribed');
    expect(runner.activities()[0]).toMatchObject({ exchange: 'NSE', activity: 'subscribed' });
  });

  it('follows other hours at once, and says what is to come', async () => {
    const { clock, told, calendars, runner } = createBench('23T16:00');
    await runner.start();
    await clock.advance(1_000);
    told.length = 0;
    calendars.set('NSE', hours('16:00', '17:00'));
    runner.calendarChanged();
    expect(told).toEqual(['23T16:00 NSE subscribed']);
    const coming = runner.coming().filter(({ exchange }) => exchange === 'NSE').slice(0, 4);
    expect(coming.map(({ atMs, job }) => `${local(atMs)} ${job}`)).toEqual([
      '23T17:00 end_of_day', '23T17:00 rollover', '23T17:05 clean_up', '24T09:00 build',
    ]);
  });

  it('goes on after a duty that throws, or never answers', async () => {
    const { clock, told, takes, runner } = createBench('23T08:00');
    await runner.start();
    takes['build'] = 1e9;
    takes['NSE connected'] = -1;
    told.length = 0;
    await clock.advance(8 * 3_600_000);
    expect(told.filter((line) => line.includes('NSE'))).toEqual([
      '23T09:00 NSE build 23', '23T09:10 NSE connected', '23T09:15 NSE subscribed',
      '23T15:40 NSE end 23', '23T15:40 NSE end ended',
      '23T15:40 NSE rollover 23', '23T15:40 NSE rollover ended', '23T15:45 NSE off',
    ]);
  });

  it('does not begin when it is stopped meanwhile, whatever the database says', async () => {
    let isAway = false;
    const store: RunStore = {
      marks: () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve({})),
      save: () => Promise.resolve(),
    };
    const { clock, told, runner, open } = createBench('23T08:00', store);
    const starting = runner.start();
    runner.stop();
    await starting;
    isAway = true;
    const another = open();
    const failing = another.start();
    another.stop();
    await failing;
    await expect(open().start()).rejects.toThrow('away');
    await clock.advance(8 * 3_600_000);
    expect(told).toEqual([]);
  });

  it('begins nothing after a stop', async () => {
    const { clock, told, takes, runner } = createBench('23T15:39');
    takes['end'] = 60_000;
    await runner.start();
    await clock.advance(90_000);
    runner.stop();
    told.length = 0;
    await clock.advance(24 * 3_600_000);
    expect(told).toEqual(['23T15:41 NSE end ended']);
  });
});
