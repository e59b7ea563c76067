import type { SessionActivity } from '@strikewire/contracts';
import {
  errorMessageOf,
  Keeper,
  type Clock,
  type Log,
  type SecureRandom,
  type Timer,
} from '@strikewire/runtime';
import { comingJobs, type ComingJob, type ScheduledSegment } from '../core/schedule/segment-day';
import {
  initialState,
  nextWakeMs,
  segmentKey,
  stepScheduler,
  type DueJob,
  type SchedulerEffect,
  type SchedulerEvent,
  type SchedulerState,
} from '../core/schedule/session-scheduler';
import type { RunRecord, RunStore } from './run-record';

/** Who is told what the hours ask for. A promise resolves with what came of it, in plain words. */
export interface SessionDuties {
  /** Feeds of an exchange come up or go; at once, and as often as said. */
  activity(exchange: string, activity: SessionActivity): void;
  /** Builds the chains of a trading day. */
  build(exchange: string, date: string): Promise<string>;
  /** Keeps the day's last figures. */
  endOfDay(exchange: string, date: string): Promise<string>;
  /** Lets go of what expired on the day, and takes up what follows. */
  rollOver(exchange: string, date: string): Promise<string>;
}

/** Calls when an instant has come, also when the clock jumps past it; one call is armed at most. */
export interface WakeUp {
  at(wallMs: number, fn: () => void): Timer;
}

export interface SessionRunnerDeps {
  clock: Clock;
  log: Log;
  ids: SecureRandom;
  /** What wakes the runner in time; default: the clock. */
  wakeUp?: WakeUp;
  segments: readonly ScheduledSegment[];
  duties: SessionDuties;
  store: RunStore;
}

/** How far a segment's feeds are up, and since when (epoch ms; null before the first look). */
export interface SegmentActivity {
  exchange: string;
  segment: string;
  activity: SessionActivity;
  sinceMs: number | null;
}

/** A look at least this often, so that a clock that was set back is noticed. */
const lookMs = 60_000;
/** Marks older than this are of no use. */
const marksMs = 45 * 86_400_000;
/** What is to come is told for so many days. */
const aheadDays = 7;
const comingMax = 100;
const detailCharsMax = 500;
/** A job of a day may take so long, then the next one begins. */
const dutyMsMax = 60 * 60_000;

/**
 * Does what the trading hours ask for, when they ask for it. Feeds follow at once and wait for
 * nothing; the jobs of a day run one after another in each segment, each once, and leave a record.
 */
export class SessionRunner {
  private readonly deps: SessionRunnerDeps;
  private readonly keeper: Keeper;
  private readonly since = new Map<string, number>();
  /** Work under way of each segment. */
  private readonly queues = new Map<string, Promise<void>>();
  private state: SchedulerState = initialState({});
  private wakeTimer: Timer | undefined;
  private lookTimer: Timer | undefined;
  private hasStarted = false;
  private isStopped = false;

  constructor(deps: SessionRunnerDeps) {
    this.deps = deps;
    this.keeper = new Keeper(deps);
  }

  /** Reads what was done before, and takes up the present moment. */
  async start(): Promise<void> {
    const { clock, store } = this.deps;
    const read = clock.track(store.marks(clock.wallMs() - marksMs));
    // A stop that comes meanwhile may take the database away: then nothing is to be begun.
    const marks = await read.catch((error: unknown) => {
      if (this.isStopped) return undefined;
      throw error;
    });
    if (this.isStopped || !marks) return;
    this.state = initialState(marks);
    this.hasStarted = true;
    this.step('start');
    this.armLook();
  }

  /** Time may have passed, or jumped. */
  look(): void {
    if (this.hasStarted) this.step('look');
  }

  /** The hours of a segment have changed: whatever follows from them does so at once. */
  calendarChanged(): void {
    if (this.hasStarted) this.step('calendar');
  }

  stop(): void {
    this.isStopped = true;
    this.hasStarted = false;
    this.wakeTimer?.cancel();
    this.lookTimer?.cancel();
    this.keeper.stop();
  }

  activities(): SegmentActivity[] {
    return this.deps.segments.map(({ exchange, segment }) => {
      const key = segmentKey({ exchange, segment });
      const activity = this.state.segments[key]?.activity ?? 'off';
      return { exchange, segment, activity, sinceMs: this.since.get(key) ?? null };
    });
  }

  /** What is to come, in order of time. */
  coming(): (ComingJob & Pick<ScheduledSegment, 'exchange' | 'segment'>)[] {
    const nowMs = this.deps.clock.wallMs();
    return this.deps.segments
      .flatMap((one) => {
        const { exchange, segment } = one;
        return comingJobs(one, nowMs, aheadDays).map((job) => ({ exchange, segment, ...job }));
      })
      .sort((a, b) => a.atMs - b.atMs)
      .slice(0, comingMax);
  }

  private armLook(): void {
    this.lookTimer = this.deps.clock.after(lookMs, () => {
      this.look();
      this.armLook();
    });
  }

  private step(event: SchedulerEvent): void {
    const { clock, segments, wakeUp = clock } = this.deps;
    const nowMs = clock.wallMs();
    const { state, effects } = stepScheduler(this.state, event, { nowMs, segments });
    this.noteChanges(state, nowMs);
    this.state = state;
    for (const effect of effects) {
      // What one does wrong must not keep the others, or the next moment, from being done.
      try {
        this.take(effect);
      } catch (error) {
        this.deps.log.error('not done', { ...effect, reason: errorMessageOf(error) });
      }
    }
    this.wakeTimer?.cancel();
    const wakeMs = nextWakeMs(segments, nowMs);
    if (wakeMs !== undefined) this.wakeTimer = wakeUp.at(wakeMs, () => this.look());
  }

  private take(effect: SchedulerEffect): void {
    if (effect.kind === 'activity') {
      this.deps.duties.activity(effect.exchange, effect.activity);
    } else if (effect.kind === 'run') this.run(effect.job);
    else this.missed(effect.job);
  }

  private noteChanges(state: SchedulerState, nowMs: number): void {
    for (const [key, { activity }] of Object.entries(state.segments)) {
      const isSame = this.state.segments[key]?.activity === activity;
      if (!isSame || !this.since.has(key)) this.since.set(key, nowMs);
    }
  }

  private missed(job: DueJob): void {
    const detail = 'the platform was not up in time';
    this.deps.log.warn('a job of the trading day was missed', { ...job });
    const run = this.newRun(job);
    this.save({ ...run, startedMs: null, outcome: 'missed', detail });
  }

  private run(job: DueJob): void {
    const work = this.workOf(job);
    if (!work) {
      const run = this.newRun(job);
      this.deps.log.info('feeds follow the hours', { ...job });
      return this.save({ ...run, finishedMs: run.startedMs, outcome: 'done' });
    }
    const key = segmentKey(job);
    const before = this.queues.get(key) ?? Promise.resolve();
    this.queues.set(key, before.then(() => this.attempt(job, work)));
  }

  private workOf({ job, exchange, date }: DueJob): (() => Promise<string>) | undefined {
    const { duties } = this.deps;
    if (job === 'build') return () => duties.build(exchange, date);
    if (job === 'end_of_day') return () => duties.endOfDay(exchange, date);
    return job === 'rollover' ? () => duties.rollOver(exchange, date) : undefined;
  }

  /** Never rejects. */
  private async attempt(job: DueJob, work: () => Promise<string>): Promise<void> {
    if (!this.hasStarted) return;
    const { clock, log } = this.deps;
    const run = this.newRun(job);
    this.save(run);
    let end: Pick<RunRecord, 'outcome' | 'detail'>;
    try {
      end = { outcome: 'done', detail: await this.inTime(work()) };
    } catch (error) {
      end = { outcome: 'failed', detail: errorMessageOf(error) };
    }
    const detail = end.detail.slice(0, detailCharsMax);
    const facts = { ...job, detail };
    if (end.outcome === 'done') log.info('a job of the trading day is done', facts);
    else log.error('a job of the trading day failed', facts);
    this.save({ ...run, ...end, detail, finishedMs: clock.wallMs() });
  }

  /** Whoever never answers does not hold up the jobs after it. */
  private inTime(work: Promise<string>): Promise<string> {
    return new Promise((resolve, reject) => {
      const late = new Error(`not done within ${dutyMsMax / 60_000} minutes`);
      const timer = this.deps.clock.after(dutyMsMax, () => reject(late));
      work.then(resolve, reject).finally(() => timer.cancel());
    });
  }

  private newRun(job: DueJob): RunRecord {
    const id = this.deps.ids.uuid();
    const startedMs = this.deps.clock.wallMs();
    return { id, ...job, startedMs, finishedMs: null, outcome: 'running', detail: '' };
  }

  /** The record waits for the database, the work does not. */
  private save(run: RunRecord): void {
    void this.keeper.keep(run.id, () => this.deps.store.save(run));
  }
}
