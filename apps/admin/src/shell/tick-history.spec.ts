import type { PlatformStatus } from '@strikewire/contracts';
import { describe, expect, it } from 'vitest';
import { effectScope, nextTick, shallowRef } from 'vue';
import { feedSocketOf, statusOf } from '../testing';
import {
  historyMs,
  samplesMax,
  socketKeys,
  tickRateOf,
  useTickHistory,
  withTicks,
  type TickHistory,
} from './tick-history';

const none: TickHistory = new Map();

/** Every `everyMs` an answer in which one socket ticks as often as there were answers. */
function answered(times: number, everyMs: number): TickHistory {
  let history = none;
  for (let at = 1; at <= times; at++) {
    history = withTicks(history, [feedSocketOf(1, { ticksPerSecond: at })], at * everyMs);
  }
  return history;
}

describe('what sockets have ticked', () => {
  it('is kept by the order in time', () => {
    expect(answered(2, 2_000).get('main 1')).toEqual([
      { atMs: 2_000, value: 1 }, { atMs: 4_000, value: 2 },
    ]);
  });

  it('goes back five minutes, and has so many samples at most', () => {
    const old = answered(1_000, 2_000).get('main 1')!;
    expect(old).toHaveLength(historyMs / 2_000);
    expect(old[0]!.value).toBe(1_000 - historyMs / 2_000 + 1);
    const dense = answered(1_000, 100).get('main 1')!;
    expect([dense.length, dense.at(-1)!.value]).toEqual([samplesMax, 1_000]);
  });

  it('forgets a socket that is gone', () => {
    const two = withTicks(none, [feedSocketOf(1), feedSocketOf(2)], 1_000);
    expect([...withTicks(two, [feedSocketOf(1)], 2_000).keys()]).toEqual(['main 1']);
  });

  it('stays with its socket when another account gets one more before it', () => {
    const north = (socket: number) => feedSocketOf(socket, { account: 'North' });
    const south = feedSocketOf(2, { account: 'South', ticksPerSecond: 7 });
    const before = withTicks(none, [north(1), south], 1_000);
    const after = withTicks(before, [north(1), north(2), { ...south, socket: 3 }], 2_000);
    expect(after.get('South 1')!.map(({ value }) => value)).toEqual([7, 7]);
    expect(after.get('North 2')).toHaveLength(1);
    expect(socketKeys([north(1), south, north(3)])).toEqual(['North 1', 'South 1', 'North 2']);
  });

  it.each([
    ['what it ticks while it is live', feedSocketOf(1), 1_200],
    ['nothing ticked once it is lost', feedSocketOf(1, { state: 'waiting', ticksPerSecond: 0 }), 0],
    ['unknown while it rests', feedSocketOf(1, { state: 'resting', ticksPerSecond: 0 }), null],
    ['unknown while it stands by', feedSocketOf(1, { instruments: 0, ticksPerSecond: 0 }), null],
  ])('is %s', (_what, socket, rate) => {
    expect(tickRateOf(socket)).toBe(rate);
  });

  it('grows with each answer of the status, also with one that tells the same', async () => {
    const status = statusOf();
    const feed = { ...status.feed, sockets: [feedSocketOf(1)] };
    const data = shallowRef<PlatformStatus | null>(null);
    const atMonoMs = shallowRef<number | null>(null);
    const scope = effectScope();
    const history = scope.run(() => useTickHistory({ data, atMonoMs }))!;
    expect(history.value.size).toBe(0);
    data.value = { ...status, feed };
    for (const atMs of [1_000, 3_000]) {
      atMonoMs.value = atMs;
      await nextTick();
    }
    expect(history.value.get('main 1')).toHaveLength(2);
    scope.stop();
  });
});
