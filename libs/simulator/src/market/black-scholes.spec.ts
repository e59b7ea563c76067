import { describe, expect, it } from 'vitest';
import {
  blackScholesGreeks,
  blackScholesPrice,
  normalCdf,
  type OptionInputs,
} from './black-scholes';

/** Hull, "Options, Futures and Other Derivatives": S 42, K 40, r 10 %, vol 20 %, half a year. */
const textbook: OptionInputs = {
  isCall: true, spot: 42, strike: 40, years: 0.5, rate: 0.1, vol: 0.2,
};

describe('black-scholes', () => {
  it('gives the textbook prices', () => {
    expect(blackScholesPrice(textbook)).toBeCloseTo(4.7594, 3);
    expect(blackScholesPrice({ ...textbook, isCall: false })).toBeCloseTo(0.8086, 3);
  });

  it('keeps put-call parity', () => {
    for (const strike of [20, 38, 40, 42, 70]) {
      const call = blackScholesPrice({ ...textbook, strike });
      const put = blackScholesPrice({ ...textbook, strike, isCall: false });
      expect(call - put).toBeCloseTo(42 - strike * Math.exp(-0.05), 10);
    }
  });

  it('has greeks that are the slopes of the price', () => {
    for (const isCall of [true, false]) {
      const inputs = { ...textbook, isCall };
      const slope = (field: 'spot' | 'vol' | 'years', step: number): number =>
        (blackScholesPrice({ ...inputs, [field]: inputs[field] + step }) -
          blackScholesPrice({ ...inputs, [field]: inputs[field] - step })) / (2 * step);
      const greeks = blackScholesGreeks(inputs);
      expect(greeks.delta).toBeCloseTo(slope('spot', 1e-4), 6);
      expect(greeks.vega).toBeCloseTo(slope('vol', 1e-5), 5);
      expect(greeks.theta).toBeCloseTo(-slope('years', 1e-5), 5);
    }
  });

  it('knows the normal distribution', () => {
    expect(normalCdf(0)).toBeCloseTo(0.5, 14);
    expect(normalCdf(1.96)).toBeCloseTo(0.9750021048517795, 13);
    expect(normalCdf(-8)).toBeCloseTo(6.220960574271785e-16, 22);
  });
});
