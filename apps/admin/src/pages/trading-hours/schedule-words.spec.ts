import type { PlannedJob, SessionRun } from '@strikewire/contracts';
import { expect, it } from 'vitest';
import * as words from './schedule-words';

const nowMs = Date.parse('2026-11-24T13:26:00+05:30');
const run = (changes: Partial<SessionRun> = {}): SessionRun => ({
  id: '018f0000-0000-7000-8000-000000000001',
  exchange: 'NSE',
  segment: 'fno',
  job: 'build',
  date: '2026-11-24',
  dueAt: '2026-11-24T09:00:00+05:30',
  startedAt: '2026-11-24T09:00:00+05:30',
  finishedAt: '2026-11-24T09:00:42+05:30',
  outcome: 'done',
  cause: 'schedule',
  detail: '12 of 12 chains are built',
  ...changes,
});

it('of what is to come, a round is told: the next of each job of that segment', () => {
  const planned = (job: PlannedJob['job'], at: string, exchange = 'NSE'): PlannedJob => {
    return { exchange, segment: 'fno', job, date: at.slice(0, 10), at };
  };
  const [end, clean, build, endAgain] = [
    planned('end_of_day', '2026-11-24T15:40:00+05:30'),
    planned('clean_up', '2026-11-24T15:45:00+05:30'),
    planned('build', '2026-11-25T09:00:00+05:30'),
    planned('end_of_day', '2026-11-25T15:40:00+05:30'),
  ];
  const other = planned('end_of_day', '2026-11-24T15:30:00+05:30', 'BSE');
  const next = [other, end, clean, build, endAgain];
  expect(words.roundOf(next, { exchange: 'NSE', segment: 'fno' })).toEqual([end, clean, build]);
  expect(words.roundOf(next, { exchange: 'NSE', segment: 'equity' })).toEqual([]);
});

it('times are told with their day when it is another, and how long is left', () => {
  const labels = (at: string) => [words.dueLabel(at, nowMs), words.countdown(at, nowMs)];
  expect(labels('2026-11-24T15:40:00+05:30')).toEqual(['15:40', 'in 2 h 14 m']);
  expect(labels('2026-11-24T13:26:45+05:30')).toEqual(['13:26:45', 'in 45 s']);
  expect(labels('2026-11-25T09:00:00+05:30')).toEqual(['Wed 25 Nov 09:00', 'in 19 h 34 m']);
  expect(words.countdown('2026-11-24T13:25:58+05:30', nowMs)).toBe('now');
});

it('how late a run began and how long it took', () => {
  const told = (changes: Partial<SessionRun>) => [
    words.latenessLabel(run(changes)),
    words.tookLabel(run(changes), nowMs),
  ];
  expect(told({})).toEqual(['on time', '42 s']);
  const late = { startedAt: '2026-11-24T11:05:00+05:30', finishedAt: '2026-11-24T11:05:00+05:30' };
  expect(told(late)).toEqual(['2 h 5 m late', 'under 1 s']);
  const running = { startedAt: '2026-11-24T13:24:00+05:30', finishedAt: null } as const;
  expect(told({ ...running, outcome: 'running' })[1]).toBe('2 min');
  // When it stopped, nobody knows.
  expect(told({ ...running, outcome: 'interrupted' })[1]).toBe('');
  expect(told({ startedAt: null, finishedAt: null, outcome: 'missed' })).toEqual([
    'not started', '',
  ]);
});

it('a halt lasts until it is over', () => {
  const halt = {
    id: '018f0000-0000-7000-8000-000000000001',
    exchange: 'NSE',
    segment: 'fno',
    from: '2026-11-24T12:00:00+05:30',
    reason: 'Outage',
    by: 'asha',
  };
  expect(words.lastedLabel({ ...halt, to: null }, nowMs)).toBe('1 h 26 m');
  const to = '2026-11-24T12:10:00+05:30';
  expect(words.lastedLabel({ ...halt, to }, nowMs)).toBe('10 min');
});
