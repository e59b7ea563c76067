import { describe, expect, it } from 'vitest';
import { LegBatch } from './leg-batch';
import { impliedVol } from './option-kernel';
import { PricingTerms } from './pricing-terms';
import {
  isOutsideQuote,
  solveQuoteVols,
  tickUncertaintyPoints,
  uninformativePoints,
} from './quality-batch';

const terms = new PricingTerms('black76').update(24_500, 7 / 365, 0);

describe('marks of quality', () => {
  it('tell how far half a tick moves the volatility', () => {
    expect(tickUncertaintyPoints(12.5)).toBe(0.002);
    expect(tickUncertaintyPoints(0.01) > uninformativePoints).toBe(true);
    expect(tickUncertaintyPoints(0)).toBe(Infinity);
    expect(tickUncertaintyPoints(10, 0.0025)).toBe(0.000125);
  });

  it.each([
    [2_449.9, 1_856, 1_860, true],
    [1_855.95, 1_856, 1_860, true],
    [1_856, 1_856, 1_860, false],
    [1_860, 1_856, 1_860, false],
    [2_449.9, 0, 1_860, false],
    [2_449.9, 1_856, 0, false],
  ])('know a last price %d outside of %d to %d', (last, bid, ask, isOutside) => {
    expect(isOutsideQuote(last, bid, ask)).toBe(isOutside);
  });

  it('have the volatilities of bid and ask around the leg’s own', () => {
    const float64 = (...values: number[]): Float64Array => Float64Array.from(values);
    const figures = {
      ivPercent: float64(0, 0),
      ivStatus: new Uint8Array(2),
      delta: float64(0, 0),
      gamma: float64(0, 0),
      theta: float64(0, 0),
      vega: float64(0, 0),
      rho: float64(0, 0),
    };
    const strike = float64(24_600, 24_400);
    const legs = { price: float64(150, 151), strike, isCall: Uint8Array.of(1, 0) };
    const batch = new LegBatch(legs, figures);
    batch.run(terms, 0, 2);
    const quotes = {
      bid: float64(149.5, 0),
      ask: float64(150.5, 151.5),
      bidIvPercent: float64(0, 0),
      askIvPercent: float64(0, 0),
    };
    solveQuoteVols(batch, terms, quotes, Uint32Array.of(0, 1));
    const expected = 100 * impliedVol(terms, true, 24_600, 149.5);
    expect(quotes.bidIvPercent[0]).toBeCloseTo(expected, 10);
    expect(quotes.bidIvPercent[0]).toBeLessThan(figures.ivPercent[0]!);
    expect(quotes.askIvPercent[0]).toBeGreaterThan(figures.ivPercent[0]!);
    expect(quotes.bidIvPercent[1]).toBeNaN();
    expect(quotes.askIvPercent[1]).toBeGreaterThan(figures.ivPercent[1]!);
  });
});
