import { createSeededRandom, type Random } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { planCapacity, type CapacityPlan, type PlanAccount, type PlanItem } from './capacity-plan';

const account = (id: string, socketsPlanned = 2, instrumentsPerSocketMax = 3): PlanAccount => ({
  id, socketsPlanned, instrumentsPerSocketMax,
});
const items = (from: number, to: number, exchange: PlanItem['exchange'] = 'NSE'): PlanItem[] =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ key: `${from + index}`, exchange }));
const at = (plan: CapacityPlan, key: string | number): string | undefined => {
  const place = plan.places.get(String(key));
  return place && `${place.account}${place.socket}`;
};
const moves = (before: CapacityPlan, after: CapacityPlan): string[] =>
  [...after.places.keys()]
    .filter((key) => before.places.has(key))
    .filter((key) => at(before, key) !== at(after, key));

function expectWithinLimits(plan: CapacityPlan, accounts: readonly PlanAccount[]): void {
  const used = new Map<string, number>();
  for (const { account: id, socket } of plan.places.values()) {
    used.set(`${id} ${socket}`, (used.get(`${id} ${socket}`) ?? 0) + 1);
  }
  for (const [name, count] of used) {
    const [id, socket] = name.split(' ');
    const owner = accounts.find((one) => one.id === id)!;
    expect(Number(socket)).toBeLessThan(owner.socketsPlanned);
    expect(count).toBeLessThanOrEqual(owner.instrumentsPerSocketMax);
  }
}

describe('planCapacity', () => {
  it('fills accounts and sockets in order, and names what does not fit by priority', () => {
    const plan = planCapacity(items(1, 14), [account('a'), account('b')]);
    expect([1, 3, 4, 6, 7, 9, 10, 12].map((key) => at(plan, key))).toEqual([
      'a0', 'a0', 'a1', 'a1', 'b0', 'b0', 'b1', 'b1',
    ]);
    expect(plan.unplaced).toEqual(['13', '14']);
  });

  it('has no place for anything without an account', () => {
    expect(planCapacity(items(1, 2), [])).toEqual({ places: new Map(), unplaced: ['1', '2'] });
  });

  it('keeps everything in its place when little changes', () => {
    const accounts = [account('a'), account('b')];
    const before = planCapacity(items(1, 10), accounts);
    const less = items(1, 10).filter(({ key }) => key !== '2');
    const after = planCapacity([...items(20, 20), ...less], accounts, before.places);
    expect(moves(before, after)).toEqual([]);
    // The new one has the best priority and the place that became free.
    expect(at(after, 20)).toBe('a0');
  });

  it('lets the least important go for what is more important, and moves nothing else', () => {
    const accounts = [account('a')];
    const before = planCapacity(items(1, 6), accounts);
    const after = planCapacity([...items(9, 9), ...items(1, 6)], accounts, before.places);
    expect(after.unplaced).toEqual(['6']);
    expect(moves(before, after)).toEqual([]);
    expect(at(after, 9)).toBe(at(before, 6));
  });

  it('spreads what a lost account carried, and leaves the rest where it is', () => {
    const before = planCapacity(items(1, 12), [account('a'), account('b')]);
    const after = planCapacity(items(1, 12), [account('b'), account('c', 1)], before.places);
    expect(after.unplaced).toEqual(['10', '11', '12']);
    expect(moves(before, after)).toEqual(['1', '2', '3', '4', '5', '6']);
    expect([7, 8, 9].map((key) => at(after, key))).toEqual(['b0', 'b0', 'b0']);
  });

  it('gives an exchange only to accounts that carry it', () => {
    const narrow: PlanAccount = { ...account('n', 1), exchanges: ['NSE'] };
    const mixed = [...items(1, 3, 'NSE'), ...items(4, 9, 'MCX')];
    const plan = planCapacity(mixed, [account('a'), narrow]);
    expect(plan.unplaced).toEqual([]);
    expect([1, 2, 3].map((key) => at(plan, key))).toEqual(['n0', 'n0', 'n0']);
    expect([4, 9].map((key) => at(plan, key))).toEqual(['a0', 'a1']);
  });

  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'holds for a random history (seed %i)',
    (seed) => {
      const random = createSeededRandom(seed);
      let previous: CapacityPlan | undefined;
      for (let step = 0; step < 25; step++) {
        const accounts = randomAccounts(random);
        const wanted = randomItems(random);
        const plan = planCapacity(wanted, accounts, previous?.places);
        expect(plan).toEqual(planCapacity([...wanted], accounts, previous?.places));
        expectWithinLimits(plan, accounts);
        expect(plan.places.size + plan.unplaced.length).toBe(wanted.length);
        // By priority alone: nobody is left out behind whom one of the same exchange got in.
        for (const key of plan.unplaced) {
          const index = wanted.findIndex((one) => one.key === key);
          const { exchange } = wanted[index]!;
          const behind = wanted.slice(index + 1).filter((one) => one.exchange === exchange);
          expect(behind.filter((one) => plan.places.has(one.key))).toEqual([]);
        }
        previous = plan;
      }
    },
  );
});

function randomAccounts(random: Random): PlanAccount[] {
  const ids = ['a', 'b', 'c'].filter(() => random.next() < 0.8);
  return ids.map((id) => ({
    ...account(id, 1 + Math.floor(random.next() * 3), 1 + Math.floor(random.next() * 6)),
    ...(random.next() < 0.3 ? { exchanges: ['NSE' as const] } : {}),
  }));
}

function randomItems(random: Random): PlanItem[] {
  const keys = Array.from({ length: 30 }, (_, index) => index).filter(() => random.next() < 0.8);
  if (random.next() < 0.2) keys.reverse();
  return keys.map((key) => ({ key: String(key), exchange: key % 5 === 0 ? 'MCX' : 'NSE' }));
}
