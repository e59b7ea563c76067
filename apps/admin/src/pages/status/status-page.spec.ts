import type { PlatformStatus } from '@strikewire/contracts';
import type { VirtualClock } from '@strikewire/runtime/virtual';
import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { nextTick, shallowRef } from 'vue';
import { servicesKey } from '../../services';
import { statusKey } from '../../shell/status-key';
import { tickHistoryKey, type TickHistory } from '../../shell/tick-history';
import { feedSocketOf, routerOf, servicesOf, statusOf } from '../../testing';
import type { FeedSocket } from './socket-words';
import StatusPage from './status-page.vue';

/** The part about sockets, in an open market; the status was told just now. */
function shown(sockets: FeedSocket[], kept: TickHistory = new Map()) {
  const status = statusOf();
  const services = servicesOf();
  const polled = {
    data: shallowRef<PlatformStatus>({ ...status, feed: { ...status.feed, sockets } }),
    error: shallowRef(null), atMonoMs: shallowRef(services.clock.monoMs()),
    refresh: () => undefined,
  };
  const wrapper = mount(StatusPage, {
    global: {
      plugins: [routerOf()],
      provide: {
        [statusKey as symbol]: polled, [servicesKey as symbol]: services,
        [tickHistoryKey as symbol]: shallowRef(kept),
      },
    },
  });
  const part = wrapper.get('[aria-labelledby="sockets"]');
  return { part, clock: services.clock as VirtualClock };
}

const words = (html: string): string =>
  html.replace(/<title[^>]*>.*?<\/title>/gs, '').replace(/(<[^>]+>|\s)+/g, ' ').trim();

/** What the rows of the sockets say. */
function rowsOf({ part }: ReturnType<typeof shown>): string[] {
  return part.findAll('tbody tr').map((row) =>
    row.findAll('th, td').map((cell) => words(cell.html())).join(' | '),
  );
}

describe('the sockets of the feed', () => {
  it('are told with how much they tick, what they have room for, and what ails them', () => {
    const lost = feedSocketOf(2, {
      state: 'waiting', reason: 'closed 1006', tickAgeMs: 40_000, ticksPerSecond: 0,
      lastError: { reason: 'closed 1006', at: '2026-11-23T09:59:20.000+05:30' },
    });
    expect(rowsOf(shown([feedSocketOf(1), lost]))).toEqual([
      'Socket 1 | live | 1,200 | live | 500 / 5,000 | 498 | 2 | 0 s | none',
      'Socket 2 | waiting | 0 | 40 s | 500 / 5,000 | 498 | 2 | 0 s | closed 1006 09:59:20',
    ]);
  });

  it('keep what failed last when they are live again', () => {
    const lastError = { reason: 'silent for 25000 ms', at: '2026-11-20T11:42:07.000+05:30' };
    expect(rowsOf(shown([feedSocketOf(1, { lastError })]))).toEqual([
      'Socket 1 | live | 1,200 | live | 500 / 5,000 | 498 | 2 | 0 s | ' +
        'silent for 25000 ms 20 Nov 11:42',
    ]);
  });

  it('that stand by have nothing to tick', () => {
    const changes = { instruments: 0, confirmed: 0, tickAgeMs: 15_000, ticksPerSecond: 0 };
    expect(rowsOf(shown([feedSocketOf(3, changes)]))).toEqual([
      'Socket 3 | live stands by |  |  | 0 / 5,000 | 0 | 2 | 0 s | none',
    ]);
  });

  it('that rest are late with nothing, and say until when they do', () => {
    const rest = feedSocketOf(1, {
      state: 'resting', reason: 'the market is closed', byteAgeMs: 7_200_000,
      tickAgeMs: 7_200_000, ticksPerSecond: 0,
    });
    expect(rowsOf(shown([rest]))).toEqual([
      'Socket 1 | resting rests until the market opens |  | closed | 500 / 5,000 | 498 | 2 | ' +
        '2 h | none',
    ]);
  });

  it('are named by their accounts when there are several', () => {
    const rows = rowsOf(shown([feedSocketOf(1), feedSocketOf(2, { account: 'second' })]));
    expect(rows.map((row) => row.split(' | ')[1])).toEqual(['main', 'second']);
  });

  it('do not exist before the first chains', () => {
    const { part } = shown([]);
    expect(part.text()).toContain('No socket yet');
    expect(part.find('table').exists()).toBe(false);
  });

  it('have a line of their ticks, told in words too', () => {
    const samples = [800, 1_240].map((value, index) => ({ atMs: 8_000 * index, value }));
    const { part } = shown([feedSocketOf(1), feedSocketOf(2)], new Map([['main 2', samples]]));
    const [first, second] = part.findAll('svg[role=img]');
    expect(first!.find('polyline').exists()).toBe(false);
    expect(second!.findAll('polyline')).toHaveLength(1);
    expect([first!.get('title').text(), second!.get('title').text()]).toEqual([
      'Ticks per second: nothing to show yet',
      'Ticks per second over the last 8 s: 800 to 1,240',
    ]);
  });

  it('age while the status is not renewed', async () => {
    const page = shown([feedSocketOf(1)]);
    await page.clock.advance(7_000);
    await nextTick();
    expect(rowsOf(page)).toEqual([
      'Socket 1 | live | 1,200 | 7 s | 500 / 5,000 | 498 | 2 | 7 s | none',
    ]);
    expect(page.part.get('b.old').attributes('title')).toBe('7 s old');
  });
});
