import type { SessionRun, SessionRuns } from '@strikewire/contracts';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { flushPromises } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { effectScope, shallowRef } from 'vue';
import type { RunsAsk } from '../../api/hours-api';
import { servicesOf } from '../../testing';
import { runFilters, runsMax, useRunHistory, withNewest, withOlder } from './schedule-runs';

const pageOf = (ids: readonly number[], more = true): SessionRuns => ({
  runs: ids.map((id) => ({ id: String(id) }) as SessionRun),
  more,
});
const idsOf = (held: { runs: readonly SessionRun[] } | null): number[] =>
  (held?.runs ?? []).map(({ id }) => Number(id));

describe('runs that are held', () => {
  it('stay while newer ones come, without gaps or repeats', () => {
    const held = withOlder(withNewest(null, pageOf([5, 4])), pageOf([3, 2]));
    expect(idsOf(held)).toEqual([5, 4, 3, 2]);
    const newer = withNewest(held, pageOf([6, 5]));
    expect([idsOf(newer), newer.more]).toEqual([[6, 5, 4, 3, 2], true]);
    expect(idsOf(withOlder(newer, pageOf([2, 1], false)))).toEqual([6, 5, 4, 3, 2, 1]);
  });

  it('are dropped when the newest page does not reach down to them', () => {
    const held = withOlder(withNewest(null, pageOf([5, 4])), pageOf([3, 2], false));
    expect(withNewest(held, pageOf([9, 8]))).toEqual(pageOf([9, 8]));
    expect(withNewest(held, pageOf([], false))).toEqual(pageOf([], false));
  });

  it('are at most so many', () => {
    const many = Array.from({ length: runsMax }, (_, index) => runsMax - index);
    expect(withOlder(pageOf(many), pageOf([0])).runs).toHaveLength(runsMax);
  });
});

it('filters of an address are taken when they can be meant', () => {
  expect(runFilters({ exchange: 'NSE', job: 'build' })).toEqual({ exchange: 'NSE', job: 'build' });
  expect(runFilters({ exchange: 'nse"', job: 'dance', more: '1' })).toEqual({});
});

it('reads anew by itself, older ones on demand, and other filters from the start', async () => {
  const asked: RunsAsk[] = [];
  const runs = async (ask: RunsAsk): Promise<SessionRuns> => {
    asked.push(ask);
    if (ask.job) return pageOf([3], false);
    return ask.after ? pageOf([2, 1], false) : pageOf(asked.length === 1 ? [4, 3] : [5, 4]);
  };
  const clock = createVirtualClock(0);
  const services = { ...servicesOf({}, { api: { hours: { runs } } }), clock };
  const filters = shallowRef<RunsAsk>({});
  const scope = effectScope();
  const history = scope.run(() => useRunHistory(services, () => filters.value));
  await flushPromises();
  expect(idsOf(history?.held.value ?? null)).toEqual([4, 3]);
  history?.more();
  await flushPromises();
  expect(asked.at(-1)).toEqual({ after: '3' });
  expect(idsOf(history?.held.value ?? null)).toEqual([4, 3, 2, 1]);
  await clock.advance(5_000);
  await flushPromises();
  expect(idsOf(history?.held.value ?? null)).toEqual([5, 4, 3, 2, 1]);
  filters.value = { job: 'build' };
  await flushPromises();
  expect(idsOf(history?.held.value ?? null)).toEqual([3]);
  scope.stop();
});
