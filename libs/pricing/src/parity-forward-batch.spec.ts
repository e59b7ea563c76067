import { describe, expect, it } from 'vitest';
import { optionPrice } from './option-kernel';
import { ParityForward, type ParityQuotes } from './parity-forward-batch';
import { PricingTerms } from './pricing-terms';

const forward = 24_531.4;
const years = 7 / 365;
const count = 21;
const none = { future: NaN, spot: NaN, rate: 0, yearsToExpiry: years };

/** 24,000 to 25,000 in fifties, each quoted a rupee wide around its value at 14 %. */
function makeQuotes(rate = 0): ParityQuotes {
  const column = (): Float64Array => new Float64Array(count);
  const quotes = {
    strike: column(),
    callBid: column(),
    callAsk: column(),
    putBid: column(),
    putAsk: column(),
    isFresh: new Uint8Array(count).fill(1),
  };
  const terms = new PricingTerms('black76').update(forward, years, rate);
  for (let index = 0; index < count; index++) {
    const strike = 24_000 + 50 * index;
    quotes.strike[index] = strike;
    quotes.callBid[index] = optionPrice(terms, true, strike, 0.14) - 0.5;
    quotes.callAsk[index] = quotes.callBid[index]! + 1;
    quotes.putBid[index] = optionPrice(terms, false, strike, 0.14) - 0.5;
    quotes.putAsk[index] = quotes.putBid[index]! + 1;
  }
  return quotes;
}

const at = (strike: number): number => (strike - 24_000) / 50;

describe('a forward by parity', () => {
  it('is what the prices were made from, with and without a rate', () => {
    for (const rate of [0, 0.1]) {
      const found = new ParityForward().estimate(makeQuotes(rate), count, 24_500, {
        ...none,
        rate,
      });
      expect(found?.source).toBe('parity');
      expect(found?.value).toBeCloseTo(forward, 8);
    }
  });

  it('asks the five strikes nearest the money, wherever they stand', () => {
    const quotes = makeQuotes();
    for (let index = 0; index < count; index++) {
      const isNear = Math.abs(index - at(24_500)) <= 2;
      if (!isNear) quotes.callBid[index] = quotes.callAsk[index]! - 900;
    }
    expect(new ParityForward().estimate(quotes, count, 24_500, none)?.value).toBeCloseTo(forward);
    for (const column of Object.values(quotes)) column.reverse();
    expect(new ParityForward().estimate(quotes, count, 24_500, none)?.value).toBeCloseTo(forward);
  });

  it('is not led astray by one wrong quote, nor by wide ones', () => {
    const quotes = makeQuotes();
    quotes.callBid[at(24_500)]! += 60;
    quotes.callAsk[at(24_500)]! += 60;
    for (const strike of [24_400, 24_450]) quotes.putBid[at(strike)]! -= 30;
    expect(new ParityForward().estimate(quotes, count, 24_500, none)?.value).toBeCloseTo(forward);
  });

  it('takes the middle when the weights are even', () => {
    const quotes = makeQuotes();
    quotes.isFresh.fill(0);
    for (const [strike, shift] of [[24_400, -2], [24_450, -1], [24_500, 1], [24_550, 3]] as const) {
      const index = at(strike);
      quotes.isFresh[index] = 1;
      quotes.callBid[index] = 100 + forward - strike + shift;
      quotes.callAsk[index] = 101 + forward - strike + shift;
      quotes.putBid[index] = 100;
      quotes.putAsk[index] = 101;
    }
    const found = new ParityForward().estimate(quotes, count, 24_500, none);
    expect(found?.value).toBeCloseTo(forward, 9);
  });

  it('passes over stale, one-sided and crossed quotes', () => {
    const quotes = makeQuotes();
    quotes.isFresh[at(24_500)] = 0;
    quotes.callBid[at(24_450)] = 0;
    quotes.putAsk[at(24_550)] = quotes.putBid[at(24_550)]! - 1;
    for (const strike of [24_450, 24_500, 24_550]) quotes.putBid[at(strike)]! += 300;
    expect(new ParityForward().estimate(quotes, count, 24_500, none)?.value).toBeCloseTo(forward);
  });

  it('falls back to the future, the spot with interest, and nothing', () => {
    const quotes = makeQuotes();
    quotes.isFresh.fill(0);
    quotes.isFresh.fill(1, at(24_500), at(24_600));
    const parity = new ParityForward();
    const spot = { future: 0, spot: 24_500, rate: 0.07, yearsToExpiry: years };
    expect(parity.estimate(quotes, count, 24_500, { ...spot, future: 24_540 })).toEqual({
      value: 24_540,
      source: 'future',
    });
    expect(parity.estimate(quotes, count, 24_500, spot)).toEqual({
      value: 24_500 * Math.exp(0.07 * years),
      source: 'spot',
    });
    expect(parity.estimate(quotes, count, 24_500, none)).toBeNull();
  });
});
