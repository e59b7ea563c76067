import {
  indiaDateOf,
  indiaIsoOf,
  type PlannedJob,
  type SessionActivity,
  type SessionJob,
  type SessionRun,
  type TradingHalt,
} from '@strikewire/contracts';
import { spanLabel } from '../../format/instants';
import { datedLabel } from './hours-words';

/** What each job does, as a person would say it. */
export const jobWords: Readonly<Record<SessionJob, string>> = {
  build: 'Builds chains',
  connect: 'Connects feeds',
  subscribe: 'Subscribes',
  resume: 'Brings feeds back',
  end_of_day: 'Stores the day',
  rollover: 'Rolls expiries over',
  clean_up: 'Closes feeds',
};

/** How far feeds are up. */
export const activityWords: Readonly<Record<SessionActivity, string>> = {
  off: 'Feeds off',
  connected: 'Feeds connected',
  subscribed: 'Feeds subscribed',
};

export interface OutcomeWords {
  text: string;
  tone: 'good' | 'late' | 'bad' | 'own';
  title: string;
}

/** An outcome in a word, its tone, and what it means where the word alone leaves that open. */
export const outcomeWords: Readonly<Record<SessionRun['outcome'], OutcomeWords>> = {
  running: { text: 'under way', tone: 'own', title: '' },
  done: { text: 'done', tone: 'good', title: '' },
  failed: { text: 'failed', tone: 'bad', title: '' },
  missed: { text: 'missed', tone: 'bad', title: 'Too late to be made up for: it was not done' },
  interrupted: { text: 'interrupted', tone: 'late', title: 'The platform stopped while it ran' },
};

/** Why it ran when it did. */
export const causeWords: Readonly<Record<SessionRun['cause'], string>> = {
  schedule: 'its time had come',
  late: 'made up for',
  start: 'the platform started',
  calendar: 'the hours were changed',
};

/** The first of each kind, in order of time: one round of a segment's jobs. */
export function roundOf(
  next: readonly PlannedJob[],
  { exchange, segment }: Pick<PlannedJob, 'exchange' | 'segment'>,
): PlannedJob[] {
  const own = next.filter((one) => one.exchange === exchange && one.segment === segment);
  return own.filter(({ job }, place) => own.findIndex((one) => one.job === job) === place);
}

/** `15:40`, on another day `Tue 24 Nov 09:00`; to the second where it is not a full minute. */
export function dueLabel(at: string, nowMs: number): string {
  const then = indiaIsoOf(Date.parse(at));
  const date = then.slice(0, 10);
  const time = then.slice(11, then.slice(17, 19) === '00' ? 16 : 19);
  return date === indiaDateOf(nowMs) ? time : `${datedLabel(date, nowMs)} ${time}`;
}

/** `in 2 h 14 m`; a job whose time has come is `now` until the platform tells of it. */
export function countdown(at: string, nowMs: number): string {
  const leftMs = Date.parse(at) - nowMs;
  return leftMs < 1_000 ? 'now' : `in ${spanLabel(leftMs)}`;
}

/** Lateness below this is none. */
const onTimeMs = 1_000;

/** How long after its time it began: `on time`, `3 s late`; a job that never began has none. */
export function latenessLabel({ dueAt, startedAt }: SessionRun): string {
  if (startedAt === null) return 'not started';
  const lateMs = Date.parse(startedAt) - Date.parse(dueAt);
  return lateMs < onTimeMs ? 'on time' : `${spanLabel(lateMs)} late`;
}

/** How long it took, up to now while it runs; empty when it never began or never ended. */
export function tookLabel({ startedAt, finishedAt, outcome }: SessionRun, nowMs: number): string {
  if (startedAt === null) return '';
  if (finishedAt === null && outcome !== 'running') return '';
  const endMs = finishedAt === null ? nowMs : Date.parse(finishedAt);
  return spanBetween(Date.parse(startedAt), endMs);
}

/** How long a halt lasted, or has lasted so far. */
export function lastedLabel({ from, to }: TradingHalt, nowMs: number): string {
  return spanBetween(Date.parse(from), to === null ? nowMs : Date.parse(to));
}

function spanBetween(fromMs: number, toMs: number): string {
  return toMs - fromMs < 1_000 ? 'under 1 s' : spanLabel(toMs - fromMs);
}
