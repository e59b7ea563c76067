import { createSeededRandom } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { blackScholesPrice, type OptionInputs } from './black-scholes';
import { impliedVol } from './implied-vol';

type Inputs = Omit<OptionInputs, 'vol'>;

/** J. Hull, Options, Futures and Other Derivatives: S 42, K 40, r 10 %, half a year. */
const textbook: Inputs = { isCall: true, spot: 42, strike: 40, years: 0.5, rate: 0.1 };

/** Slow and sure: the vol at which the price is met, by halving. */
function byHalving(price: number, inputs: Inputs): number {
  let [low, high] = [0, 5];
  if (price <= blackScholesPrice({ ...inputs, vol: 0 }) + 1e-9) return 0;
  if (price >= blackScholesPrice({ ...inputs, vol: high })) return 0;
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2;
    if (blackScholesPrice({ ...inputs, vol: middle }) > price) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

describe('impliedVol', () => {
  it('gives back the vol of a price', () => {
    for (const isCall of [true, false]) {
      for (const vol of [0.08, 0.2, 0.9, 3, 4.99]) {
        const inputs = { ...textbook, isCall };
        expect(impliedVol(blackScholesPrice({ ...inputs, vol }), inputs)).toBeCloseTo(vol, 9);
      }
    }
  });

  it('has none at or under the lower bound, over the highest vol, and without time', () => {
    expect(impliedVol(42 - 40 * Math.exp(-0.05), textbook)).toBe(0);
    expect(impliedVol(1, textbook)).toBe(0);
    expect(impliedVol(blackScholesPrice({ ...textbook, vol: 5.01 }), textbook)).toBe(0);
    expect(impliedVol(42, textbook)).toBe(0);
    expect(impliedVol(50, textbook)).toBe(0);
    expect(impliedVol(3, { ...textbook, years: 0 })).toBe(0);
  });

  it('finds what halving finds, on prices with a tick, whatever the guess', () => {
    const random = createSeededRandom(41);
    const between = (low: number, high: number): number => low + random.next() * (high - low);
    let found = 0;
    for (let round = 0; round < 4_000; round++) {
      const spot = between(100, 90_000);
      const inputs: Inputs = {
        isCall: random.next() < 0.5,
        spot,
        strike: spot * Math.exp(between(-0.5, 0.5)),
        years: between(0.0005, random.next() < 0.5 ? 0.02 : 3),
        rate: 0.1,
      };
      const worth = blackScholesPrice({ ...inputs, vol: between(0.03, 1.5) });
      const price = Math.max(0.05, Math.round(worth * 20) / 20);
      const slow = byHalving(price, inputs);
      const fast = impliedVol(price, inputs, between(0.02, 3));
      // Prices are sums of large numbers: near the bound, the last digits of both are noise.
      const value = price - blackScholesPrice({ ...inputs, vol: 0 });
      const noise = 1e-9 + (spot * 1e-13) / Math.max(value, 1e-9);
      expect(Math.abs(fast - slow), JSON.stringify({ price, inputs })).toBeLessThan(noise);
      if (slow > 0) found++;
    }
    expect(found).toBeGreaterThan(2_000);
  });
});
