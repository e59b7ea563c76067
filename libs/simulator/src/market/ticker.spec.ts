import { createSeededRandom } from '@strikewire/runtime';
import { createVirtualClock } from '@strikewire/runtime/virtual';
import { describe, expect, it } from 'vitest';
import type { Contract } from './contract';
import { createTicker } from './ticker';

function setUp() {
  const clock = createVirtualClock(Date.parse('2026-11-23T05:00:00Z'));
  const ticked = new Map<Contract, number>();
  let draws = 0;
  const ticker = createTicker({
    clock,
    random: createSeededRandom(3),
    rates: { ticksPerSecond: 5_000, contractTicksPerSecondMax: 5_000, sliceMs: 10 },
    isOpen: () => true,
    nextChangeMs() {
      draws++;
      return undefined;
    },
    tick: (contract) => ticked.set(contract, (ticked.get(contract) ?? 0) + 1),
    sliceDone() {},
  });
  const contracts = (count: number): Contract[] =>
    Array.from({ length: count }, () =>
      ({ kind: 'option', life: 'live', board: 'derivatives', liquidity: 0.5 }) as Contract);
  const add = (contract: Contract): void => {
    contract.watchers = 1;
    ticker.add(contract);
  };
  const remove = (contract: Contract): void => {
    contract.watchers = 0;
    ticker.remove(contract);
  };
  return { clock, ticked, ticker, contracts, add, remove, draws: () => draws };
}

describe('createTicker', () => {
  it('never ticks one who has left, and soon ticks one who came', async () => {
    const { clock, ticked, contracts, add, remove } = setUp();
    const first = contracts(10);
    first.forEach(add);
    await clock.advance(200);
    const [leaver, ...others] = first as [Contract, ...Contract[]];
    expect(ticked.get(leaver)).toBeGreaterThan(10);
    remove(leaver);
    const [newcomer] = contracts(1) as [Contract];
    add(newcomer);
    ticked.clear();
    await clock.advance(50);
    expect([ticked.has(leaver), ticked.has(newcomer)]).toEqual([false, true]);
    [...others, newcomer].forEach(remove);
    ticked.clear();
    await clock.advance(1_000);
    expect([ticked.size, clock.pendingCount]).toEqual([0, 0]);
  });

  it('draws thousands anew now and then, however many messages bring them', async () => {
    const { clock, ticked, contracts, add, draws } = setUp();
    const all = contracts(40_000);
    for (let start = 0; start < all.length; start += 100) {
      all.slice(start, start + 100).forEach(add);
      await clock.advance(10);
    }
    expect(draws()).toBeLessThan(100);
    await clock.advance(60_000);
    expect(ticked.size).toBeGreaterThan(39_900);
  });
});
