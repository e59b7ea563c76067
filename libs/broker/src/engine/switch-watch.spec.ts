import { createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import { SwitchWatch, type FailoverEvent } from './switch-watch';

const event: FailoverEvent = {
  atMs: 0, level: 2, cause: 'feed_lost', reason: 'lost', from: ['a'], to: ['b'], durationMs: null,
  contracts: 0, withoutFeed: 0,
};

function createBench() {
  const clock = createVirtualClock(0);
  const told: FailoverEvent[] = [];
  const feed: { tickMono?: number } = {};
  const watch = new SwitchWatch({ clock, settled: (one) => void told.push(one) });
  const begin = (one: FailoverEvent, faultMono: number): void =>
    watch.begin(one, faultMono, () => feed.tickMono);
  return { clock, told, feed, watch, begin };
}

describe('SwitchWatch', () => {
  it('measures from the fault to the next tick', async () => {
    const { clock, told, feed, begin } = createBench();
    await clock.advance(5_000);
    begin(event, 1_000);
    await clock.advance(250);
    expect(told).toEqual([]);
    // However late it is looked at.
    feed.tickMono = clock.monoMs();
    await clock.advance(50);
    expect(told.map(({ durationMs }) => durationMs)).toEqual([4_250]);
  });

  it('gives up after a minute, and does not wait where nothing failed', async () => {
    const { clock, told, begin } = createBench();
    begin({ ...event, level: 0, cause: 'by_hand' }, 0);
    expect(told).toHaveLength(1);
    begin(event, 0);
    await clock.advance(60_000);
    expect(told.map(({ durationMs }) => durationMs)).toEqual([null, null]);
    expect(clock.pendingCount).toBe(0);
  });

  it('tells what is open when it is stopped', () => {
    const { told, watch, begin } = createBench();
    begin(event, 0);
    watch.stop();
    expect(told).toEqual([event]);
  });
});
