import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateMargin } from './estimate-margin';
import { future, inputs, july, june, nifty, option } from './testing/margin-fixture';
import type { MarginPosition } from './margin-position';

const fixed = { seed: 20_261_122, numRuns: 300 };

const strikes = [20_000, 22_500, 23_000, 23_500, 23_700, 24_200, 25_000, 26_500, 30_000];
const quantity = fc.integer({ min: -20, max: 20 }).map((lots) => 65 * lots);

/** Prices of no model at all: whatever a broken quote may say, as long as it can be. */
const lineOf = (expiries: readonly string[]): fc.Arbitrary<MarginPosition> =>
  fc.oneof(
    fc
      .record({
        type: fc.constantFrom('CE', 'PE'),
        strike: fc.constantFrom(...strikes),
        quantity,
        expiry: fc.constantFrom(...expiries),
      })
      .map(({ type, strike, quantity: units, expiry }) => {
        const seed = (strike * (type === 'CE' ? 7 : 3) + (expiry === june ? 0 : 11)) % 97;
        return option(type, strike, units, [(seed * seed) / 5, expiry]);
      }),
    fc
      .record({ quantity, expiry: fc.constantFrom(...expiries) })
      .map((one) => future(one.quantity, one.expiry === june ? 23_748.5 : 23_890, one.expiry)),
  );

const setOf = (...expiries: string[]) => fc.array(lineOf(expiries), { maxLength: 8 });
const market = inputs({ underlyings: new Map([['NSE:NIFTY', nifty({ dailyVolatility: 0.01 })]]) });
const estimate = (positions: readonly MarginPosition[]) => estimateMargin(positions, market);

describe('estimateMargin', () => {
  it('does not depend on order or on how a contract is split into lines', () => {
    fc.assert(
      fc.property(setOf(june, july), fc.integer({ min: -500, max: 500 }), (set, part) => {
        const [first, ...others] = set;
        const split = first
          ? [...others, { ...first, quantity: part }, { ...first, quantity: first.quantity - part }]
          : [];
        expect(estimate(split.reverse())).toEqual(estimate(set));
      }),
      fixed,
    );
  });

  it('is a whole, finite number of paise in every part, and only NOV may be negative', () => {
    fc.assert(
      fc.property(setOf(june, july), (set) => {
        const found = estimate(set);
        for (const { netGreeks, underlying, method, ...paise } of found.byUnderlying) {
          const { novPaise, ...rest } = paise;
          expect([novPaise, ...Object.values(rest)].every(Number.isSafeInteger)).toBe(true);
          expect(Math.min(...Object.values(rest))).toBeGreaterThanOrEqual(0);
          expect(Object.values(netGreeks!).every(Number.isFinite)).toBe(true);
          expect([underlying, method]).toEqual(['NSE:NIFTY', 'scenarios']);
        }
        expect(found.totalPaise).toBeGreaterThanOrEqual(found.marginPaise);
      }),
      fixed,
    );
  });

  it('scales with the quantity, but for the rounding of five parts', () => {
    fc.assert(
      fc.property(setOf(june, july), fc.integer({ min: 2, max: 9 }), (set, times) => {
        const more = set.map((one) => ({ ...one, quantity: times * one.quantity }));
        const difference = estimate(more).totalPaise - times * estimate(set).totalPaise;
        expect(Math.abs(difference)).toBeLessThanOrEqual(5 * times);
      }),
      fixed,
    );
  });

  it('never asks more for lines of one expiry together than for each alone', () => {
    fc.assert(
      fc.property(setOf(june), (set) => {
        const alone = set.reduce((sum, one) => sum + estimate([one]).marginPaise, 0);
        expect(estimate(set).marginPaise).toBeLessThanOrEqual(alone + 5 * set.length);
      }),
      fixed,
    );
  });

  it('asks for bought options their premium and nothing else', () => {
    fc.assert(
      fc.property(setOf(june, july), (set) => {
        const bought = set
          .filter((one) => one.kind !== 'FUT')
          .map((one) => ({ ...one, quantity: Math.abs(one.quantity) }));
        const premium = bought.reduce((sum, one) => sum + one.quantity * one.pricePaise, 0);
        expect(estimate(bought)).toMatchObject({ marginPaise: 0, totalPaise: premium });
      }),
      fixed,
    );
  });

  it('asks for a sold option more than its premium', () => {
    fc.assert(
      fc.property(lineOf([june, july]), (one) => {
        if (one.kind === 'FUT') return;
        const sold = { ...one, quantity: -65 };
        expect(estimate([sold]).totalPaise).toBeGreaterThan(65 * one.pricePaise);
      }),
      fixed,
    );
  });
});
