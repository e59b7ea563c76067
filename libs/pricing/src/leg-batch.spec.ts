import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LegBatch, type LegFigures, type LegInputs } from './leg-batch';
import { impliedVol, logMoneyness, optionPrice, writeGreeks } from './option-kernel';
import { PricingTerms } from './pricing-terms';
import { ivStatus } from './status';

const forward = 24_500;
const years = 7 / 365;
const capacity = 42;

const termsAt = (underlying: number, yearsToExpiry = years): PricingTerms =>
  new PricingTerms('black76').update(underlying, yearsToExpiry, 0);

/** Strikes from 24,000 to 25,000, call and put beside each other, at a smile's prices. */
function makeLegs(): LegInputs {
  const legs = {
    price: new Float64Array(capacity),
    strike: new Float64Array(capacity),
    isCall: new Uint8Array(capacity),
  };
  const terms = termsAt(forward);
  for (let slot = 0; slot < capacity; slot++) {
    const strike = 24_000 + 50 * (slot >> 1);
    const vol = 0.12 + ((strike - forward) / 5_000) ** 2;
    legs.strike[slot] = strike;
    legs.isCall[slot] = 1 - (slot & 1);
    legs.price[slot] = Math.round(optionPrice(terms, slot % 2 === 0, strike, vol) * 20) / 20;
  }
  return legs;
}

function makeFigures(): LegFigures {
  const float64 = (): Float64Array => new Float64Array(capacity);
  return {
    ivPercent: float64(),
    ivStatus: new Uint8Array(capacity),
    delta: float64(),
    gamma: float64(),
    theta: float64(),
    vega: float64(),
    rho: float64(),
  };
}

function setUp(): LegBatch {
  return new LegBatch(makeLegs(), makeFigures());
}

describe('a batch of legs', () => {
  it('fills in what the single functions answer', () => {
    const batch = setUp();
    const terms = termsAt(forward);
    expect(batch.run(terms, 0, capacity)).toBe(capacity);
    const expected = makeFigures();
    for (let slot = 0; slot < capacity; slot++) {
      const isCall = batch.legs.isCall[slot] === 1;
      const [strike, price] = [batch.legs.strike[slot]!, batch.legs.price[slot]!];
      const iv = impliedVol(terms, isCall, strike, price);
      expect(iv).toBeGreaterThan(0);
      expect(batch.figures.ivPercent[slot]! / 100).toBeCloseTo(iv, 15);
      const s = batch.totalVol[slot]!;
      writeGreeks(expected, slot, terms, isCall, logMoneyness(terms, strike), price, s);
    }
    const { delta, gamma, theta, vega, rho } = batch.figures;
    expect({ delta, gamma, theta, vega, rho }).toEqual({
      delta: expected.delta,
      gamma: expected.gamma,
      theta: expected.theta,
      vega: expected.vega,
      rho: expected.rho,
    });
  });

  it('leaves out what did not change, and names what did', () => {
    const batch = setUp();
    batch.run(termsAt(forward), 0, capacity);
    expect(batch.run(termsAt(forward), 0, capacity)).toBe(0);
    batch.legs.price[7] = batch.legs.price[7]! + 0.05;
    batch.legs.price[30] = batch.legs.price[30]! - 0.05;
    expect(batch.run(termsAt(forward), 0, capacity)).toBe(2);
    expect([...batch.changed.subarray(0, 2)]).toEqual([7, 30]);
    expect(batch.run(termsAt(forward + 0.05), 10, 20)).toBe(10);
  });

  it('looks again once time has shrunk by a part in 5,900', () => {
    const batch = setUp();
    batch.run(termsAt(forward), 0, capacity);
    const worked = [1e-7, 2e-4].map((share) =>
      batch.run(termsAt(forward, years * (1 - share)), 0, capacity),
    );
    expect(worked).toEqual([0, capacity]);
  });

  it('works out a list of slots only', () => {
    const batch = setUp();
    const slots = Uint32Array.of(3, 40, 5, 9);
    expect(batch.runSlots(termsAt(forward), slots, 3)).toBe(3);
    expect(batch.figures.ivPercent[40]).toBeGreaterThan(0);
    expect(batch.figures.ivPercent[9]).toBe(0);
    expect(batch.runSlots(termsAt(forward), slots)).toBe(1);
  });

  it('works everything out anew when told to forget', () => {
    const batch = setUp();
    batch.run(termsAt(forward), 0, capacity);
    batch.forget();
    expect(batch.run(termsAt(forward), 0, capacity)).toBe(capacity);
  });

  it('says why a leg has no volatility, and has one again afterwards', () => {
    const batch = setUp();
    const { legs, figures } = batch;
    const good = legs.price[0]!;
    legs.price[0] = 400;
    legs.price[1] = 0;
    batch.run(termsAt(forward), 0, 2);
    expect([...figures.ivStatus.subarray(0, 2)]).toEqual([
      ivStatus.belowIntrinsic,
      ivStatus.zeroPrice,
    ]);
    expect([figures.ivPercent[0], figures.ivPercent[1]]).toEqual([NaN, NaN]);
    expect([figures.delta[0], figures.gamma[0], figures.vega[0]]).toEqual([1, 0, 0]);
    expect([figures.delta[1], figures.theta[1], figures.rho[1]]).toEqual([NaN, NaN, NaN]);
    legs.price[0] = good;
    batch.run(termsAt(forward), 0, 2);
    expect(figures.ivStatus[0]).toBe(ivStatus.ok);
    expect(figures.ivPercent[0]).toBeGreaterThan(0);
  });

  it.each([
    ['expired', termsAt(forward, 0), termsAt(forward + 5, -1e-5)],
    ['badInput', termsAt(NaN), termsAt(NaN)],
  ] as const)('writes a chain off once: %s', (status, first, second) => {
    const batch = setUp();
    expect(batch.run(first, 0, capacity)).toBe(capacity);
    expect(new Set(batch.figures.ivStatus)).toEqual(new Set([ivStatus[status]]));
    batch.legs.price[3]! += 1;
    expect(batch.run(second, 0, capacity)).toBe(0);
    expect(batch.run(termsAt(forward), 0, capacity)).toBe(capacity);
    expect(batch.figures.ivStatus[3]).toBe(ivStatus.ok);
  });

  it('answers the same after any history', () => {
    const steps = fc.array(
      fc.record({
        slot: fc.nat(capacity - 1),
        ticks: fc.integer({ min: -40, max: 40 }),
        move: fc.constantFrom(0, 0.05, -0.35, 5, -40, 400),
        share: fc.constantFrom(1, 0.9999, 0.99, 0.5),
      }),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(steps, (history) => {
        const warm = setUp();
        const now = { underlying: forward, years };
        for (const { slot, ticks, move, share } of history) {
          warm.legs.price[slot] = Math.max(0, warm.legs.price[slot]! + 0.05 * ticks);
          now.underlying += move;
          now.years *= share;
          warm.run(termsAt(now.underlying, now.years), 0, capacity);
        }
        // What was skipped within a bucket of time is worked out now, from its seeds.
        for (let slot = 0; slot < capacity; slot++) warm.legs.price[slot]! += 0.05;
        warm.run(termsAt(now.underlying, now.years), 0, capacity);
        const cold = new LegBatch(warm.legs, makeFigures());
        cold.run(termsAt(now.underlying, now.years), 0, capacity);
        expect(warm.figures.ivStatus).toEqual(cold.figures.ivStatus);
        for (let slot = 0; slot < capacity; slot++) {
          if (cold.figures.ivStatus[slot] !== ivStatus.ok) continue;
          const ratio = warm.figures.ivPercent[slot]! / cold.figures.ivPercent[slot]!;
          expect(Math.abs(ratio - 1)).toBeLessThanOrEqual(1e-12);
        }
      }),
      { seed: 41, numRuns: 150 },
    );
  });
});
