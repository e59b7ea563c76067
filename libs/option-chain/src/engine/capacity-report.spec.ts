import { describe, expect, it } from 'vitest';
import { capacityReport, roomOf, type CapacityReportDeps } from './capacity-report';

const use = { class: 'chain', used: 2, limit: 5, windowMs: 1_000, waiting: 0 };

/** Two stocks with a chain each; the chains without sockets, by key. */
function depsOf(restOnly: Readonly<Record<string, number>>): CapacityReportDeps {
  const underlying = (symbol: string, place: number): unknown => ({
    row: { exchange: 'NSE', symbol, kind: 'stock' },
    place,
    chains: [{ expiry: '2026-11-24' }, { expiry: '2026-12-29' }],
  });
  const chainOf = (key: string): unknown =>
    key.includes('TCS:2026-12')
      ? undefined
      : { key, slots: { skeleton: { strikes: Array.from({ length: 25 }) } } };
  return {
    accounts: () => [{ id: 'a', broker: 'simulated', budget: { use: () => [use] } }],
    feed: {
      loads: () => [
        {
          id: 'a', label: 'Desk', planned: 7, capacity: 10,
          sockets: [5, 2], instrumentsPerSocketMax: 5, standby: 1,
        },
      ],
      parked: () => [{ account: 'Desk', reason: 'the token is refused' }],
    },
    board: {
      unplaced: [1, 2, 3],
      find: chainOf,
      restOnlyOf: ({ key }: { key: string }) => restOnly[key] ?? 0,
    },
    requests: {
      ageOf: () => ({ ageMs: 1_000, boundMs: 300_000 }),
      stretch: () => 1,
      waiting: () => ({ admin: 0, build: 0, gap: 0 }),
      boundsMs: () => ({ index: 60_000, commodity: 120_000, stock: 300_000 }),
      estimateMs: (count: number) => count * 200,
    },
    plan: () => ({ underlyings: [underlying('INFY', 0), underlying('TCS', 1)] }),
  } as unknown as CapacityReportDeps;
}

describe('capacityReport', () => {
  it('says what each account carries, why it does not connect, and at what pace it may ask', () => {
    const told = capacityReport(depsOf({}));
    expect(told.accounts).toEqual([
      {
        id: 'a', label: 'Desk', broker: 'simulated', planned: 7, capacity: 10, sockets: [5, 2],
        instrumentsPerSocketMax: 5, standby: 1, parkedReason: 'the token is refused', budget: [use],
      },
    ]);
    expect([told.planned, told.capacity, told.restOnly]).toEqual([7, 10, 3]);
    expect([told.requests.perMinute, told.restOnlyChains]).toEqual([300, []]);
  });

  it('names chains without sockets by priority: of stocks all nearest expiries first', () => {
    const restOnly = {
      'NSE:INFY:2026-11-24': 0,
      'NSE:INFY:2026-12-29': 50,
      'NSE:TCS:2026-11-24': 12,
      // Not built: nothing of it could have a socket.
      'NSE:TCS:2026-12-29': 50,
    };
    const { restOnlyChains } = capacityReport(depsOf(restOnly));
    expect(restOnlyChains.map(({ chain, contracts, of }) => [chain, contracts, of])).toEqual([
      ['NSE:TCS:2026-11-24', 12, 50],
      ['NSE:INFY:2026-12-29', 50, 50],
    ]);
    expect(restOnlyChains[0]).toMatchObject({ restAgeMs: 1_000, restBoundMs: 300_000 });
  });
});

describe('roomOf', () => {
  it('is what planned sockets hold; those in reserve count for nothing', () => {
    const account = (socketsPlanned: number) => ({
      limits: { feed: { socketsPlanned, instrumentsPerSocketMax: 5_000 } },
    });
    expect(roomOf([account(4), account(1)] as never)).toBe(25_000);
    expect(roomOf([])).toBe(0);
  });
});
