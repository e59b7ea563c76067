import { createSeededRandom } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { alwaysHours } from '../../presets';
import { nseDerivatives } from '../../presets/derivatives';
import { createCalendar, type TradingHoursCalendar } from '../session-calendar';
import { activityAt, plannedSessions } from './planned-sessions';
import { comingJobs, type ScheduledSegment } from './segment-day';
import {
  initialState,
  nextWakeMs,
  stepScheduler,
  type DoneMark,
  type DueJob,
  type SchedulerEvent,
} from './session-scheduler';

const minute = 60_000;
const at = (text: string): number => Date.parse(`${text}+05:30`);
const nse = createCalendar(nseDerivatives);

/** A scheduler that is woken as it asks to be; what it does is noted. */
class Bench {
  nowMs: number;
  calendar: TradingHoursCalendar | undefined = nse;
  readonly ran: (DueJob & { atMs: number })[] = [];
  readonly missed: DueJob[] = [];
  readonly segment: ScheduledSegment = {
    exchange: 'NSE', segment: 'fno', calendar: () => this.calendar,
  };
  private state = initialState({});

  constructor(start: string, marks: readonly DoneMark[] = []) {
    this.nowMs = at(start);
    this.restart(marks);
  }

  get activity(): string {
    return this.state.segments['NSE fno']?.activity ?? 'off';
  }

  /** Marks as a database would give them back. */
  marks(): DoneMark[] {
    return [...this.ran, ...this.missed].flatMap(({ job, date, dueMs }) =>
      job === 'build' || job === 'end_of_day' || job === 'rollover' ? [{ job, date, dueMs }] : [],
    );
  }

  restart(marks: readonly DoneMark[] = this.marks()): void {
    this.state = initialState(marks.length > 0 ? { 'NSE fno': marks } : {});
    this.step('start');
  }

  step(event: SchedulerEvent): void {
    const segments = [this.segment];
    const { state, effects } = stepScheduler(this.state, event, { nowMs: this.nowMs, segments });
    this.state = state;
    for (const effect of effects) {
      if (effect.kind === 'run') this.ran.push({ ...effect.job, atMs: this.nowMs });
      if (effect.kind === 'missed') this.missed.push(effect.job);
    }
  }

  /** Time passes as it should. */
  advanceTo(untilMs: number): void {
    for (;;) {
      const wakeMs = nextWakeMs([this.segment], this.nowMs);
      if (wakeMs === undefined || wakeMs > untilMs) break;
      this.nowMs = wakeMs;
      this.step('look');
    }
    this.nowMs = untilMs;
  }

  /** Nobody looks until then: sleep, or a jump of the clock. */
  jumpTo(untilMs: number): void {
    this.nowMs = untilMs;
    this.step('look');
  }

  told(from = 0): string[] {
    const local = (ms: number): string => new Date(ms + 19_800_000).toISOString().slice(5, 16);
    return this.ran.slice(from).map((run) => `${local(run.atMs)} ${run.job} ${run.cause}`);
  }
}

const fridayDone: DoneMark[] = [
  { job: 'build', date: '2026-11-20', dueMs: at('2026-11-20T09:00:00') },
  { job: 'end_of_day', date: '2026-11-20', dueMs: at('2026-11-20T15:40:00') },
  { job: 'rollover', date: '2026-11-20', dueMs: at('2026-11-20T15:40:00') },
];

describe('the scheduler', () => {
  it('does a day as the hours have it, and nothing on a holiday', () => {
    const bench = new Bench('2026-11-22T12:00:00', fridayDone);
    bench.advanceTo(at('2026-11-25T09:00:00'));
    expect(bench.told()).toEqual([
      '11-23T08:55 connect schedule',
      '11-23T09:00 build schedule',
      '11-23T09:15 subscribe schedule',
      '11-23T15:40 end_of_day schedule',
      '11-23T15:40 rollover schedule',
      '11-23T15:45 clean_up schedule',
      '11-25T08:55 connect schedule',
      '11-25T09:00 build schedule',
    ]);
    expect(bench.missed).toEqual([]);
  });

  it('takes up a session that is under way', () => {
    const bench = new Bench('2026-11-23T11:00:00', fridayDone);
    expect(bench.told()).toEqual(['11-23T11:00 build start', '11-23T11:00 resume start']);
    bench.restart();
    expect(bench.told(2)).toEqual(['11-23T11:00 resume start']);
  });

  it('has nothing to make up for at the first start of all but the day\'s build', () => {
    const bench = new Bench('2026-11-22T12:00:00', []);
    expect(bench.told()).toEqual(['11-22T12:00 build start']);
    expect(bench.ran[0]).toMatchObject({ date: '2026-11-20' });
    expect(bench.missed).toEqual([]);
    bench.advanceTo(at('2026-11-23T08:00:00'));
    expect(bench.ran).toHaveLength(1);
  });

  it('ends a day late when it was down at the close, and once', () => {
    const bench = new Bench('2026-11-23T10:00:00', fridayDone);
    bench.nowMs = at('2026-11-23T20:00:00');
    bench.restart();
    expect(bench.told(2)).toEqual(['11-23T20:00 end_of_day start', '11-23T20:00 rollover start']);
    bench.restart();
    bench.advanceTo(at('2026-11-25T08:00:00'));
    expect(bench.ran).toHaveLength(4);
  });

  it('records what it is too late for, and does only the last', () => {
    const bench = new Bench('2026-11-16T16:00:00', [
      { job: 'build', date: '2026-11-16', dueMs: at('2026-11-16T09:00:00') },
      { job: 'end_of_day', date: '2026-11-16', dueMs: at('2026-11-16T15:40:00') },
      { job: 'rollover', date: '2026-11-16', dueMs: at('2026-11-16T15:40:00') },
    ]);
    bench.jumpTo(at('2026-11-20T10:00:00'));
    expect(bench.told()).toEqual(['11-20T10:00 build late', '11-20T10:00 resume late']);
    expect(bench.missed.map(({ job, date }) => `${job} ${date}`)).toEqual([
      'end_of_day 2026-11-17', 'end_of_day 2026-11-18', 'end_of_day 2026-11-19',
      'build 2026-11-17', 'build 2026-11-18', 'build 2026-11-19',
    ]);
    bench.step('look');
    expect(bench.missed).toHaveLength(6);
  });

  it('does nothing twice when the clock is set back', () => {
    const bench = new Bench('2026-11-23T08:00:00', fridayDone);
    bench.advanceTo(at('2026-11-23T16:00:00'));
    const count = bench.ran.length;
    bench.jumpTo(at('2026-11-23T15:30:00'));
    expect(bench.told(count)).toEqual(['11-23T15:30 resume late']);
    bench.advanceTo(at('2026-11-23T16:00:00'));
    expect(bench.told(count + 1)).toEqual(['11-23T15:45 clean_up schedule']);
    bench.jumpTo(at('2026-11-23T08:57:00'));
    bench.advanceTo(at('2026-11-23T16:00:00'));
    expect(bench.told(count + 2).map((line) => line.split(' ')[1])).toEqual([
      'connect', 'subscribe', 'clean_up',
    ]);
  });

  it('does a day in its time although a wrong clock has done it before', () => {
    const bench = new Bench('2026-11-23T08:00:00', fridayDone);
    bench.jumpTo(at('2026-11-25T16:00:00'));
    bench.jumpTo(at('2026-11-23T08:00:00'));
    const count = bench.ran.length;
    bench.advanceTo(at('2026-11-25T16:00:00'));
    expect(bench.told(count).filter((line) => /build|end_of|roll/.test(line))).toEqual([
      '11-23T09:00 build schedule',
      '11-23T15:40 end_of_day schedule', '11-23T15:40 rollover schedule',
      '11-25T09:00 build schedule',
      '11-25T15:40 end_of_day schedule', '11-25T15:40 rollover schedule',
    ]);
  });

  it('follows hours that change while the market is open', () => {
    const bench = new Bench('2026-11-23T08:00:00', fridayDone);
    bench.advanceTo(at('2026-11-23T15:42:00'));
    const count = bench.ran.length;
    const longer = { kind: 'extension', date: '2026-11-23', name: 'Longer', minutes: 80 } as const;
    bench.calendar = createCalendar({ ...nseDerivatives, overrides: [longer] });
    bench.step('calendar');
    bench.advanceTo(at('2026-11-23T18:00:00'));
    // The day has another close, so it ends once more.
    expect(bench.told(count)).toEqual([
      '11-23T17:00 end_of_day schedule',
      '11-23T17:00 rollover schedule',
      '11-23T17:05 clean_up schedule',
    ]);
    bench.calendar = nse;
    bench.step('calendar');
    expect(bench.ran).toHaveLength(count + 3);
  });

  it('ends the day at once when it is closed from now on', () => {
    const bench = new Bench('2026-11-23T08:00:00', fridayDone);
    bench.advanceTo(at('2026-11-23T12:00:00'));
    const count = bench.ran.length;
    const about = { date: '2026-11-23', name: 'Short', closes: '11:30' };
    const overrides = [{ kind: 'partial' as const, ...about }];
    bench.calendar = createCalendar({ ...nseDerivatives, overrides });
    bench.step('calendar');
    expect(bench.told(count)).toEqual([
      '11-23T12:00 end_of_day calendar',
      '11-23T12:00 rollover calendar',
      '11-23T12:00 clean_up calendar',
    ]);
    bench.calendar = undefined;
    bench.step('calendar');
    bench.advanceTo(at('2026-11-30T12:00:00'));
    expect(bench.ran).toHaveLength(count + 3);
  });

  it('does not call a day missed that has ended by the hours of then', () => {
    const bench = new Bench('2026-11-20T08:00:00', fridayDone.slice(0, 0));
    bench.advanceTo(at('2026-11-21T20:00:00'));
    const count = bench.ran.length;
    bench.calendar = createCalendar(alwaysHours);
    bench.step('calendar');
    expect(bench.told(count)).toEqual([
      '11-21T20:00 build calendar', '11-21T20:00 resume calendar',
    ]);
    bench.restart();
    bench.advanceTo(at('2026-11-22T08:00:00'));
    expect(bench.told(count + 2)).toEqual([
      '11-21T20:00 resume start',
      '11-22T00:00 end_of_day schedule', '11-22T00:00 rollover schedule',
    ]);
    expect(bench.missed).toEqual([]);
  });

  it('is not stopped by days that a wrong clock had done before the start', () => {
    const ahead = (date: string): DoneMark[] => [
      { job: 'build', date, dueMs: at(`${date}T09:00:00`) },
      { job: 'end_of_day', date, dueMs: at(`${date}T15:40:00`) },
      { job: 'rollover', date, dueMs: at(`${date}T15:40:00`) },
    ];
    const marks = [...ahead('2026-11-26'), ...fridayDone, ...ahead('2026-11-25')];
    const bench = new Bench('2026-11-23T08:00:00', marks);
    bench.advanceTo(at('2026-11-25T10:00:00'));
    expect(bench.told().filter((line) => /build|end_of/.test(line))).toEqual([
      '11-23T09:00 build schedule', '11-23T15:40 end_of_day schedule',
      '11-25T09:00 build schedule',
    ]);
  });

  it('ends a day that closes later even when other hours change in that moment', () => {
    const bench = new Bench('2026-11-23T08:00:00', fridayDone);
    bench.advanceTo(at('2026-11-23T15:42:00'));
    const longer = { kind: 'extension', date: '2026-11-23', name: 'Longer', minutes: 80 } as const;
    bench.calendar = createCalendar({ ...nseDerivatives, overrides: [longer] });
    bench.step('calendar');
    bench.advanceTo(at('2026-11-23T16:59:59'));
    const count = bench.ran.length;
    bench.nowMs += 1_400;
    bench.step('calendar');
    expect(bench.told(count)).toEqual([
      '11-23T17:00 end_of_day calendar', '11-23T17:00 rollover calendar',
    ]);
  });

  it('ends the day also when it is closed altogether', () => {
    const bench = new Bench('2026-11-23T08:00:00', fridayDone);
    bench.advanceTo(at('2026-11-23T12:00:00'));
    const count = bench.ran.length;
    const closed = { kind: 'closed', date: '2026-11-23', name: 'Closed' } as const;
    bench.calendar = createCalendar({ ...nseDerivatives, overrides: [closed] });
    bench.step('calendar');
    expect(bench.told(count)).toEqual([
      '11-23T12:00 end_of_day calendar', '11-23T12:00 clean_up calendar',
    ]);
    bench.step('calendar');
    expect(bench.ran).toHaveLength(count + 2);
    bench.calendar = nse;
    bench.step('calendar');
    bench.advanceTo(at('2026-11-23T16:00:00'));
    expect(bench.told(count + 2).map((line) => line.slice(6))).toEqual([
      '12:00 resume calendar', '15:40 end_of_day schedule', '15:40 rollover schedule',
      '15:45 clean_up schedule',
    ]);
  });

  it('misses nothing by hours that did not hold', () => {
    const bench = new Bench('2026-11-20T16:00:00', fridayDone);
    bench.advanceTo(at('2026-11-23T12:00:00'));
    bench.calendar = createCalendar(alwaysHours);
    bench.step('calendar');
    expect(bench.missed).toEqual([]);
  });

  it('does not announce what feeds that stay up have done already', () => {
    const windows = (start: string, end: string) => ({ phase: 'continuous' as const, start, end });
    const calendar = createCalendar({
      ...nseDerivatives,
      dates: [{
        kind: 'special', date: '2026-11-23', name: 'Two',
        windows: [windows('10:00', '12:00'), windows('12:07', '13:00')],
      }],
    });
    const segment: ScheduledSegment = {
      exchange: 'NSE', segment: 'fno', calendar: () => calendar,
    };
    const coming = comingJobs(segment, at('2026-11-23T12:06:00'), 0.5);
    expect(coming.map(({ job }) => job)).toEqual(['end_of_day', 'rollover', 'clean_up']);
  });

  it('says what is to come', () => {
    const { segment } = new Bench('2026-11-22T12:00:00', fridayDone);
    const coming = comingJobs(segment, at('2026-11-23T09:00:00'), 2.5);
    expect(coming.map(({ job, date }) => `${job} ${date.slice(8)}`)).toEqual([
      'subscribe 23', 'end_of_day 23', 'rollover 23', 'clean_up 23',
      'connect 25', 'build 25', 'subscribe 25', 'end_of_day 25', 'rollover 25', 'clean_up 25',
    ]);
  });
});

describe('whatever happens', () => {
  it.each(Array.from({ length: 30 }, (_, seed) => seed))(
    'feeds are as the hours have them and nothing is done twice (seed %i)',
    (seed) => {
      const random = createSeededRandom(seed);
      const upTo = (max: number): number => Math.floor(random.next() * max);
      const bench = new Bench('2026-10-12T07:00:00', []);
      const endMs = at('2026-11-20T20:00:00');
      while (bench.nowMs < endMs) {
        const kind = upTo(10);
        if (kind < 6) bench.advanceTo(bench.nowMs + upTo(30 * 60) * minute);
        else if (kind === 6) bench.jumpTo(bench.nowMs + upTo(3 * 24 * 60) * minute);
        else if (kind === 7) bench.jumpTo(bench.nowMs - upTo(45) * minute);
        else if (kind === 8) {
          bench.nowMs += upTo(600) * minute;
          bench.restart();
        } else {
          const date = new Date(bench.nowMs).toISOString().slice(0, 10);
          const minutes = 10 * (1 + upTo(9));
          const longer = { kind: 'extension', date, name: 'Longer', minutes } as const;
          const overrides = upTo(2) === 0 ? [] : [longer];
          bench.calendar = createCalendar({ ...nseDerivatives, overrides });
          bench.step('calendar');
        }
        const { calendar, nowMs } = bench;
        expect(bench.activity).toBe(activityAt(plannedSessions(calendar!, nowMs, nowMs), nowMs));
      }
      const once = bench.ran
        .filter(({ job }) => job === 'build' || job === 'end_of_day' || job === 'rollover')
        .map(({ job, date, dueMs }) => `${job} ${date} ${dueMs}`);
      expect(once.length).toBeGreaterThan(10);
      expect(new Set(once).size).toBe(once.length);
      expect(bench.ran.every(({ dueMs, atMs }) => dueMs <= atMs)).toBe(true);
      const builds = bench.ran.filter(({ job }) => job === 'build').map(({ date }) => date);
      const missed = bench.missed.filter(({ job }) => job === 'build').map(({ date }) => date);
      const days = nse.tradingDaysBetween(builds[0]!, '2026-11-21');
      expect([...builds, ...missed].sort()).toEqual(days);
    },
  );
});
