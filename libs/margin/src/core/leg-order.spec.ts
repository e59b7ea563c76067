import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateMargin } from './estimate-margin';
import { legOrderLimits, lowestPeakOrder } from './leg-order';
import { future, inputs, lot, option } from './testing/margin-fixture';

const marginOf = (legs: readonly ReturnType<typeof option>[]): number =>
  estimateMargin(legs, inputs()).totalPaise;

/** All orders of some legs. */
function* ordersOf(legs: readonly number[]): Generator<number[]> {
  if (legs.length === 0) yield [];
  for (const leg of legs) {
    for (const rest of ordersOf(legs.filter((one) => one !== leg))) yield [leg, ...rest];
  }
}

describe('lowestPeakOrder', () => {
  it('buys the wings of a condor before it sells, and says what each step needs', () => {
    const sold = [option('CE', 24_200, -lot, [246.65]), option('PE', 23_000, -lot, [229.05])];
    const bought = [option('CE', 24_500, lot, [167.15]), option('PE', 22_500, lot, [118.8])];
    const found = lowestPeakOrder([...sold, ...bought], marginOf);
    expect(found.isExact).toBe(true);
    expect(found.legs.slice(0, 2).every((leg) => leg.quantity > 0)).toBe(true);
    const sums = found.legs.map((_, index) => marginOf(found.legs.slice(0, index + 1)));
    expect(found.pathPaise).toEqual(sums);
    expect(found.peakPaise).toBe(Math.max(...sums));
    const soldFirst = marginOf(sold);
    expect(found.peakPaise).toBeLessThan(soldFirst / 1.5);
  });

  it('exits the sold leg before its hedge', () => {
    const held = [option('CE', 23_700, -lot, [437.65]), option('CE', 24_200, lot, [246.65])];
    const exits = held.map((one) => ({ ...one, quantity: -one.quantity }));
    const found = lowestPeakOrder(exits, (done) => marginOf([...held, ...done]));
    expect(found.legs[0]!.quantity).toBe(lot);
    expect(found.peakPaise).toBe(marginOf(held));
  });

  it('never has a higher peak than the best of all orders', () => {
    const margins = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5 }), margins, (count, table) => {
        const legs = Array.from({ length: count }, (_, index) => index);
        const ask = (done: readonly number[]): number =>
          table[done.reduce((mask, leg) => mask | (1 << leg), 0)]!;
        const peaks = [...ordersOf(legs)].map((order) =>
          Math.max(ask([]), ...order.map((_, index) => ask(order.slice(0, index + 1)))),
        );
        const found = lowestPeakOrder(legs, ask);
        expect(found.peakPaise).toBe(Math.min(...peaks));
        expect([...found.legs].sort()).toEqual(legs);
      }),
      { seed: 20_261_122, numRuns: 200 },
    );
  });

  it('asks for no set twice, and for no more than it must', () => {
    const asked: string[] = [];
    const legs = [0, 1, 2, 3, 4, 5, 6, 7];
    lowestPeakOrder(legs, (done) => {
      asked.push([...done].sort().join());
      return done.length;
    });
    expect(new Set(asked).size).toBe(asked.length);
    expect(asked.length).toBeLessThanOrEqual(256);
  });

  it('orders more than eight greedily, and says so', () => {
    const legs = Array.from({ length: 10 }, (_, index) => future((index - 4.5) * 2 * lot));
    const found = lowestPeakOrder(legs, marginOf);
    expect(found.isExact).toBe(false);
    expect(found.legs).toHaveLength(10);
    expect(found.pathPaise.at(-1)).toBe(marginOf(legs));
  });

  it('needs nothing for no legs', () => {
    expect(lowestPeakOrder([], () => 7)).toEqual({
      legs: [],
      pathPaise: [],
      peakPaise: 7,
      isExact: true,
    });
  });

  it('refuses too many legs, and a margin that is no number', () => {
    const many = new Array<number>(legOrderLimits.legsMax + 1).fill(0);
    expect(() => lowestPeakOrder(many, () => 0)).toThrow(/41 legs, at most 40/);
    expect(() => lowestPeakOrder([1], () => NaN)).toThrow(/margin of 0 legs was NaN/);
  });
});
