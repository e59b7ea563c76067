import { dhanBroker } from '@strikewire/broker-dhan';
import {
  LegBatch,
  PricingTerms,
  yearsToExpiry,
  type PricingConvention,
} from '@strikewire/pricing';
import { describe, expect, it } from 'vitest';

/**
 * The first sample of the broker's documentation (DhanHQ v2, "Option Chain"), and the prices and
 * gammas of both versions of that page. The spots and times are worked back from the Greeks: the
 * spot is a few points off the `last_price` that the sample shows.
 */
const full = [
  {
    leg: { spot: 25_640.7, days: 5, strike: 25_650, isCall: 1, price: 134 },
    iv: 9.789194,
    greeks: { delta: 0.53871, gamma: 0.00132, theta: -15.1539, vega: 12.18593 },
  },
  {
    leg: { spot: 25_640.7, days: 5, strike: 25_650, isCall: 0, price: 132.8 },
    iv: 11.939337,
    greeks: { delta: -0.46732, gamma: 0.00109, theta: -10.61131, vega: 12.2025 },
  },
];
const older = [
  {
    leg: { spot: 24_974.3, days: 6, strike: 25_000, isCall: 1, price: 125.05 },
    iv: 8.945205,
    gamma: 0.00136,
  },
  {
    leg: { spot: 24_974.3, days: 6, strike: 25_000, isCall: 0, price: 165 },
    iv: 13.321805,
    gamma: 0.00092,
  },
];

/** IV in percent and Greeks of one leg, at the close so many days before its expiry. */
function compute(leg: (typeof full)[number]['leg']) {
  const convention = dhanBroker.screenConvention as PricingConvention;
  const one = (value: number): Float64Array => Float64Array.of(value);
  const figures = {
    ivPercent: one(NaN),
    ivStatus: new Uint8Array(1),
    delta: one(NaN),
    gamma: one(NaN),
    theta: one(NaN),
    vega: one(NaN),
    rho: one(NaN),
  };
  const inputs = {
    price: one(leg.price),
    strike: one(leg.strike),
    isCall: Uint8Array.of(leg.isCall),
  };
  const closeMs = Date.parse('2026-11-24T15:30:00+05:30');
  const years = yearsToExpiry(convention, closeMs - leg.days * 86_400_000, closeMs);
  const terms = new PricingTerms(convention.model);
  new LegBatch(inputs, figures).run(terms.update(leg.spot, years, convention.rate), 0, 1);
  return figures;
}

describe('the convention of the broker\'s screen', () => {
  // Its solver stops about a tenth of a paisa early, which the last digits show.
  it.each(full)('gives what its documentation shows: $leg.price at $leg.strike', (sample) => {
    const { ivPercent, delta, gamma, theta, vega } = compute(sample.leg);
    expect(ivPercent[0]).toBeCloseTo(sample.iv, 3);
    expect(delta[0]).toBeCloseTo(sample.greeks.delta, 4);
    expect(gamma[0]).toBeCloseTo(sample.greeks.gamma, 5);
    expect(theta[0]).toBeCloseTo(sample.greeks.theta, 2);
    expect(vega[0]).toBeCloseTo(sample.greeks.vega, 3);
  });

  it.each(older)('gives what the older page shows: $leg.price at $leg.strike', (sample) => {
    const { ivPercent, gamma } = compute(sample.leg);
    expect(ivPercent[0]).toBeCloseTo(sample.iv, 2);
    expect(gamma[0]).toBeCloseTo(sample.gamma, 5);
  });
});
