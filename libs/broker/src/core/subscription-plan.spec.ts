import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FeedItem } from './feed-protocol';
import { planSubscriptions } from './subscription-plan';

const items = (count: number): FeedItem[] =>
  Array.from({ length: count }, (_, index) => ({
    token: { segment: 'X', id: String(index) },
    mode: 'full',
  }));
const limits = { socketsPlanned: 4, instrumentsPerSocketMax: 5_000 };

describe('planSubscriptions', () => {
  it.each([
    [0, [], 0],
    [1, [1], 0],
    [5_000, [5_000], 0],
    [5_001, [5_000, 1], 0],
    [20_000, [5_000, 5_000, 5_000, 5_000], 0],
    [20_003, [5_000, 5_000, 5_000, 5_000], 3],
  ])('deals %d instruments to %o, %d left over', (count, sizes, unplaced) => {
    const plan = planSubscriptions(items(count), limits);
    expect(plan.sockets.map((socket) => socket.length)).toEqual(sizes);
    expect(plan.unplaced).toHaveLength(unplaced);
  });

  it('is the same for the same list, and places each instrument once, in order', () => {
    const anyLimits = fc.record({
      socketsPlanned: fc.integer({ min: 1, max: 5 }),
      instrumentsPerSocketMax: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), anyLimits, (count, some) => {
        const list = items(count);
        const plan = planSubscriptions(list, some);
        expect(plan).toEqual(planSubscriptions([...list], some));
        expect([...plan.sockets.flat(), ...plan.unplaced]).toEqual(list);
        expect(plan.sockets.length).toBeLessThanOrEqual(some.socketsPlanned);
        for (const socket of plan.sockets) {
          expect(socket.length).toBeGreaterThan(0);
          expect(socket.length).toBeLessThanOrEqual(some.instrumentsPerSocketMax);
        }
        const room = some.socketsPlanned * some.instrumentsPerSocketMax;
        expect(plan.unplaced).toHaveLength(Math.max(0, count - room));
      }),
      { seed: 41, numRuns: 300 },
    );
  });
});
