import { indiaDateOf, type SessionActivity, type SessionJob } from '@strikewire/contracts';
import { activityAt, plannedSessions, type PlannedSession } from './planned-sessions';
import {
  comingJobs,
  tradingDaysUpTo,
  type ScheduledSegment,
  type TradingDayTimes,
} from './segment-day';

/** Why a job is done: at its time, after it, at a start, or because the hours have changed. */
export type JobCause = 'schedule' | 'late' | 'start' | 'calendar';

/** A job that is to be done now; `dueMs`: when it was to be done, epoch ms. */
export interface DueJob {
  exchange: string;
  segment: string;
  job: SessionJob;
  date: string;
  dueMs: number;
  cause: JobCause;
}

/** What was done once for a trading day; `dueMs`: as of which close, or of which build. */
export interface DoneMark {
  job: 'build' | 'end_of_day' | 'rollover';
  date: string;
  dueMs: number;
}

/** How far a segment is. */
export interface SegmentProgress {
  readonly activity: SessionActivity;
  readonly marks: readonly DoneMark[];
}

/** What the scheduler knows: how far each segment is (by its key), and when it last looked. */
export interface SchedulerState {
  readonly segments: Readonly<Record<string, SegmentProgress>>;
  readonly lookedMs: number;
}

/** `look`: time may have passed. `calendar`: the hours of a segment have changed. */
export type SchedulerEvent = 'start' | 'look' | 'calendar';

/** `missed`: too late to be made up for; it is recorded, and not done. */
export type SchedulerEffect =
  | { kind: 'activity'; exchange: string; activity: SessionActivity }
  | { kind: 'run' | 'missed'; job: DueJob };

/** A job that begins later than this after its time is late. */
const lateMs = 90_000;
/**
 * A clock that is set back by more than this was wrong before: what it had done ahead of time is
 * done again in its time. After a smaller jump nothing is done twice.
 */
const wrongClockMs = 12 * 3_600_000;
/** Marks that are kept of each segment; a month of days has 66. */
const marksMax = 120;
const dayMs = 86_400_000;

/** Key of a segment in the scheduler's state. */
export function segmentKey({ exchange, segment }: Pick<DueJob, 'exchange' | 'segment'>): string {
  return `${exchange} ${segment}`;
}

/** Before the first look; `marks`: what was done before, by segment key. */
export function initialState(
  marks: Readonly<Record<string, readonly DoneMark[]>>,
): SchedulerState {
  const segments = Object.entries(marks).map(
    ([key, done]): [string, SegmentProgress] => [key, { activity: 'off', marks: newest(done) }],
  );
  return { segments: Object.fromEntries(segments), lookedMs: -Infinity };
}

/**
 * What is to be done at `nowMs`. Feeds follow the sessions of the present moment, whatever was
 * before: so a start in the middle, a jump of the clock, sleep and changed hours need no rule of
 * their own. What is done once a day is done when its time has come and no mark says that it was;
 * of several days that were slept through only the last is made up for.
 */
export function stepScheduler(
  state: SchedulerState,
  event: SchedulerEvent,
  { nowMs, segments }: { nowMs: number; segments: readonly ScheduledSegment[] },
): { state: SchedulerState; effects: SchedulerEffect[] } {
  const effects: SchedulerEffect[] = [];
  const next: Record<string, SegmentProgress> = { ...state.segments };
  for (const segment of segments) {
    const key = segmentKey(segment);
    const before = next[key] ?? { activity: 'off', marks: [] };
    const { lookedMs } = state;
    // At a start the marks tell how late it was before.
    const latestMs = Math.max(lookedMs, before.marks.at(-1)?.dueMs ?? -Infinity);
    const isPast = ({ dueMs }: DoneMark): boolean => dueMs <= nowMs;
    const wasWrong = latestMs - nowMs > wrongClockMs;
    const marks = wasWrong ? before.marks.filter(isPast) : before.marks;
    const step = { segment, nowMs, lookedMs, event, progress: { ...before, marks } };
    const feed = feedJobs(step);
    const day = dayJobs(step);
    effects.push(...day.effects, ...feed.effects);
    next[key] = { activity: feed.activity, marks: newest([...marks, ...day.marks]) };
  }
  return { state: { segments: next, lookedMs: nowMs }, effects };
}

/** The next instant at which there is something to do, epoch ms; undefined when there is none. */
export function nextWakeMs(
  segments: readonly ScheduledSegment[],
  nowMs: number,
): number | undefined {
  const times = segments.flatMap((segment) => comingJobs(segment, nowMs, 7)[0]?.atMs ?? []);
  return times.length === 0 ? undefined : Math.min(...times);
}

interface Step {
  segment: ScheduledSegment;
  progress: SegmentProgress;
  event: SchedulerEvent;
  nowMs: number;
  /** When was looked before. */
  lookedMs: number;
}

/** The last ones by their time. */
function newest(marks: readonly DoneMark[]): DoneMark[] {
  return [...marks].sort((a, b) => a.dueMs - b.dueMs).slice(-marksMax);
}

function feedJobs({ segment, progress, event, nowMs }: Step): {
  activity: SessionActivity;
  effects: SchedulerEffect[];
} {
  const { exchange } = segment;
  const calendar = segment.calendar();
  const sessions = calendar ? plannedSessions(calendar, nowMs - dayMs, nowMs + dayMs) : [];
  const activity = activityAt(sessions, nowMs);
  const told: SchedulerEffect = { kind: 'activity', exchange, activity };
  if (activity === progress.activity) {
    return { activity, effects: event === 'start' ? [told] : [] };
  }
  const job = changeOf(progress.activity, activity);
  const hasMoved = event === 'calendar';
  const { dueMs, date } = changeTime(job, hasMoved ? [] : sessions, nowMs);
  const run = { ...about(segment), job, date, dueMs, cause: causeOf(event, dueMs, nowMs) };
  return { activity, effects: [told, { kind: 'run', job: run }] };
}

function changeOf(before: SessionActivity, after: SessionActivity): SessionJob {
  if (after === 'off') return 'clean_up';
  if (after === 'connected') return 'connect';
  return before === 'off' ? 'resume' : 'subscribe';
}

/** When the change was to be made; now, when no session says so. */
function changeTime(
  job: SessionJob,
  sessions: readonly PlannedSession[],
  nowMs: number,
): { dueMs: number; date: string } {
  const time = ({ connectMs, openMs, cleanUpMs }: PlannedSession): number => {
    if (job === 'connect') return connectMs;
    return job === 'clean_up' ? cleanUpMs : openMs;
  };
  const session = sessions.findLast((one) => time(one) <= nowMs);
  if (!session) return { dueMs: nowMs, date: indiaDateOf(nowMs) };
  return { dueMs: time(session), date: session.date };
}

function dayJobs(step: Step): { effects: SchedulerEffect[]; marks: DoneMark[] } {
  const { segment, progress, nowMs } = step;
  const days = tradingDaysUpTo(segment, nowMs);
  const builds = pending(step, days, 'build');
  const ends = pending(step, days, 'end_of_day');
  const rollovers = pending(step, days, 'rollover');
  // Whoever has never ended a day has no day to make up for.
  const isFirst = progress.marks.length === 0 && step.event === 'start';
  // At its time a day ends also where the next one begins in that moment.
  const isOver = ({ endMs, nextConnectMs = Infinity }: TradingDayTimes): boolean =>
    nowMs >= nextConnectMs && nowMs - endMs > lateMs;
  // A day that has ended, and by new hours would have ended later but before now, was not missed.
  const hasEnded = ({ date }: TradingDayTimes): boolean =>
    progress.marks.some((mark) => mark.job === 'end_of_day' && mark.date === date);
  const isSince = ({ endMs }: TradingDayTimes): boolean =>
    step.event === 'calendar' && endMs <= step.lookedMs;
  const isDone = (day: TradingDayTimes): boolean =>
    isFirst || (hasEnded(day) && (isOver(day) || isSince(day)));
  const effects = [
    ...toDo(step, ends, (day) => (isDone(day) ? 'never' : isOver(day) ? 'missed' : 'run')),
    ...toDo(step, rollovers, (day) => (isDone(day) || isOver(day) ? 'never' : 'run')),
    ...toDo(step, builds, () => 'run'),
  ];
  const closed = closedToday(step, days);
  if (closed) {
    const job = { ...about(segment), ...closed, cause: 'calendar' as const };
    effects.push({ kind: 'run', job });
  }
  const marks = [...ends, ...rollovers, ...builds].map(({ mark }) => mark);
  return { effects, marks: closed ? [...marks, closed] : marks };
}

/** The end of a day that was built and, by hours that have just changed, is none any more. */
function closedToday(
  { progress: { marks }, event, nowMs }: Step,
  days: readonly TradingDayTimes[],
): DoneMark | undefined {
  const date = indiaDateOf(nowMs);
  const has = (job: DoneMark['job']): boolean =>
    marks.some((mark) => mark.job === job && mark.date === date);
  const isClosed = event === 'calendar' && !days.some((day) => day.date === date);
  if (!isClosed || !has('build') || has('end_of_day')) return undefined;
  return { job: 'end_of_day', date, dueMs: nowMs };
}

interface Pending {
  mark: DoneMark;
  day: TradingDayTimes;
}

/**
 * Days whose time has come since the last mark, in order; without a mark only the last. A day that
 * ended later than it would now has ended; one that closes later than when it ended, ends again.
 */
function pending(
  { progress, nowMs }: Step,
  days: readonly TradingDayTimes[],
  job: DoneMark['job'],
): Pending[] {
  const done = progress.marks.filter((mark) => mark.job === job);
  const lastDate = done.map(({ date }) => date).sort().at(-1);
  const due = days
    .map((day): Pending => {
      const dueMs = job === 'build' ? day.buildMs : day.endMs;
      return { day, mark: { job, date: day.date, dueMs } };
    })
    .filter(({ mark }) => mark.dueMs <= nowMs);
  if (lastDate === undefined) return due.slice(-1);
  return due
    .filter(({ mark }) => mark.date >= lastDate)
    .filter(({ mark }) => !done.some((one) => one.date === mark.date && one.dueMs >= mark.dueMs));
}

/** The last one as `how` says, those before it as missed. */
function toDo(
  { segment, event, nowMs }: Step,
  all: readonly Pending[],
  how: (day: TradingDayTimes) => 'run' | 'missed' | 'never',
): SchedulerEffect[] {
  return all.flatMap(({ day, mark }, index): SchedulerEffect[] => {
    const isLast = index === all.length - 1;
    const verdict = how(day);
    if (verdict === 'never' || (!isLast && mark.job === 'rollover')) return [];
    const { job, date, dueMs } = mark;
    const cause = causeOf(event, dueMs, nowMs);
    const kind = isLast ? verdict : 'missed';
    // By the hours of then there was nothing to miss.
    if (kind === 'missed' && event === 'calendar') return [];
    return [{ kind, job: { ...about(segment), job, date, dueMs, cause } }];
  });
}

function causeOf(event: SchedulerEvent, dueMs: number, nowMs: number): JobCause {
  if (event !== 'look') return event;
  return nowMs - dueMs > lateMs ? 'late' : 'schedule';
}

function about({ exchange, segment }: ScheduledSegment): Pick<DueJob, 'exchange' | 'segment'> {
  return { exchange, segment };
}
