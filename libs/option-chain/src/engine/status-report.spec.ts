import type { FeedSocketState, PooledSocket } from '@strikewire/broker/engine';
import { describe, expect, it } from 'vitest';
import { noLoad } from '../core/load-steps';
import type { ChainServiceDeps } from './chain-service-deps';
import { platformStatus } from './status-report';
import { benchSkeleton, benchSource, ChainBench } from './testing/chain-bench';

const lostMs = Date.parse('2026-11-23T11:42:07+05:30');

/** A socket's state and the age of its newest tick in seconds; undefined: never. */
type Socket = [state: FeedSocketState, tickAgeSeconds?: number];

function feedOf(
  sockets: Socket[],
  { isOpen = true, parked = null }: { isOpen?: boolean; parked?: string | null } = {},
) {
  const bench = new ChainBench([benchSkeleton('2026-11-24', 5)]);
  const statuses = sockets.map(([state, seconds], index): PooledSocket => ({
    number: index + 1, account: 'A', state,
    reason: null, role: 'carrier', instruments: 11, instrumentsMax: 5_000, reconnects: 0,
    tickAgeMs: seconds === undefined ? null : seconds * 1_000, byteAgeMs: null, liveForMs: null,
    ticks: 0, ticksPerSecond: 40,
    lastError: state === 'live' ? { reason: 'closed 1006', atMs: lostMs } : null,
  }));
  const feed: Partial<ChainServiceDeps['feed']> = {
    sockets: () => statuses,
    socketOf: () => 1,
    appliedPerSecond: () => 0,
    counters: () => ({ applied: 0, behind: 0, unknownInstrument: 0, malformed: 0 }),
    isParked: () => parked !== null,
  };
  const hub = { clientCount: () => 0, counters: { subscriptions: 0 } };
  const deps = {
    clock: bench.clock,
    source: benchSource,
    calendar: { name: 'test', isOpen: () => isOpen },
    board: { generation: bench.generation, unplaced: [] },
    feed,
    accounts: () => [],
    requests: {
      waiting: () => ({ admin: 0, build: 0, gap: 0 }), estimateMs: () => null, stretch: () => 1,
    },
    load: { state: { ...noLoad, load: { memoryBytes: 0, cpu: 0, loopDelayMs: 0 } } },
    hub,
    greeksHub: hub,
    plan: () => ({ underlyings: [{ row: {}, state: 'built', chains: [] }] }),
    isStarting: () => false,
  } as Partial<Record<keyof ChainServiceDeps, unknown>> as ChainServiceDeps;
  return platformStatus(deps, () => []).feed;
}

describe('the feed', () => {
  const open: [string, Socket[], string][] = [
    ['live while something ticks', [['live', 3], ['live']], 'live'],
    ['silent when nothing does', [['live', 16], ['live']], 'silent'],
    ['down when a socket is lost', [['live', 1], ['waiting', 1]], 'down'],
    ['connecting before the first', [['connecting']], 'connecting'],
    ['closed when all rest', [['resting', 3_600], ['resting']], 'closed'],
    ['as its other sockets are when some rest', [['resting'], ['live', 1]], 'live'],
    ['as late as those, whatever the rest has heard', [['resting', 1], ['live', 16]], 'silent'],
    ['down when another than the resting is lost', [['resting'], ['waiting']], 'down'],
    ['connecting when the others come back', [['resting'], ['connecting', 60]], 'connecting'],
  ];
  it.each(open)('is %s', (_what, sockets, state) => {
    expect(feedOf(sockets).state).toBe(state);
  });

  it('is closed in a closed market, whether its sockets stand or rest', () => {
    for (const sockets of [[['live', 60]], [['resting', 60]], [['live'], ['resting']]]) {
      expect(feedOf(sockets as Socket[], { isOpen: false }).state).toBe('closed');
    }
  });

  it('is down while it is parked, whatever rests', () => {
    expect(feedOf([['parked'], ['resting']], { parked: 'refused' }).state).toBe('down');
  });

  it('says of each socket how much ticks, what it has room for, and what failed last', () => {
    const { sockets } = feedOf([['live', 1], ['connecting']]);
    const told = { instruments: 11, instrumentsMax: 5_000, ticksPerSecond: 40 };
    const lastError = { reason: 'closed 1006', at: '2026-11-23T11:42:07.000+05:30' };
    expect(sockets).toMatchObject([{ ...told, lastError }, { ...told, lastError: null }]);
  });

  it('says when anything ticked last, also of sockets that rest', () => {
    const { tickAgeMs, sockets } = feedOf([['resting', 7], ['resting', 9]], { isOpen: false });
    expect(tickAgeMs).toBe(7_000);
    expect(sockets).toMatchObject([{ state: 'resting' }, { state: 'resting' }]);
  });
});
