import type { PlatformStatus } from '@strikewire/contracts';
import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { ref } from 'vue';
import { servicesKey } from '../../services';
import { statusKey } from '../../shell/status-key';
import { feedSocketOf, routerOf, servicesOf, statusOf } from '../../testing';
import type { Polled } from '../../use-polled';
import type { FeedSocket } from './socket-words';
import StatusPage from './status-page.vue';

/** What the rows of the sockets say, in an open market. */
function rowsOf(sockets: FeedSocket[]): string[] {
  const status = statusOf();
  const data = ref({ ...status, feed: { ...status.feed, sockets } });
  const polled = { data, error: ref(null) } as Partial<Polled<PlatformStatus>>;
  const wrapper = mount(StatusPage, {
    global: {
      plugins: [routerOf()],
      provide: { [statusKey]: polled, [servicesKey]: servicesOf() },
    },
  });
  const words = (html: string): string => html.replace(/(<[^>]+>|\s)+/g, ' ').trim();
  return wrapper.findAll('[aria-labelledby="sockets"] tbody tr').map((row) =>
    row.findAll('th, td').map((cell) => words(cell.html())).join(' | '),
  );
}

describe('the sockets of the feed', () => {
  it('are told with what ails them', () => {
    const lost = { state: 'waiting', reason: 'closed 1006', tickAgeMs: 40_000 } as const;
    expect(rowsOf([feedSocketOf(1, {}), feedSocketOf(2, lost)])).toEqual([
      '1 | live | live | 500 | 498 | 2 | 0 s',
      '2 | waiting closed 1006 | 40 s | 500 | 498 | 2 | 0 s',
    ]);
  });

  it('that stand by have nothing to tick', () => {
    const spare = feedSocketOf(3, { instruments: 0, confirmed: 0, tickAgeMs: 15_000 });
    expect(rowsOf([spare])).toEqual(['3 | live stands by | – | 0 | 0 | 2 | 0 s']);
  });

  it('that rest are late with nothing, and say until when they do', () => {
    const rest = {
      state: 'resting', reason: 'the market is closed', byteAgeMs: 7_200_000, tickAgeMs: 7_200_000,
    } as const;
    expect(rowsOf([feedSocketOf(1, rest)])).toEqual([
      '1 | resting rests until the market opens | closed | 500 | 498 | 2 | 2 h',
    ]);
  });
});
