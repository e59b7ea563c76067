import {
  impliedVol,
  optionPrice,
  PricingTerms,
  logMoneyness,
  solveTotalVol,
  writeGreeks,
  type LegFigures,
  type LegInputs,
} from '@strikewire/pricing';
import { createSeededRandom } from '@strikewire/runtime';
import { BlackScholes } from '@uqee/black-scholes';

/** Options as columns: what a solver is given, and the volatility that each price has. */
export interface OptionSet extends LegInputs {
  readonly count: number;
  readonly forward: Float64Array;
  readonly years: Float64Array;
  readonly rate: Float64Array;
  readonly vol: Float64Array;
}

const tick = 0.05;
const yearsMin = 0.5 / 8_760;
const yearsMax = 90 / 365;

/** A column of figures. */
export const float64 = (length: number): Float64Array => new Float64Array(length);

/** Columns for all that a leg can have. */
export const makeFigures = (count: number): LegFigures => ({
  ivPercent: float64(count),
  ivStatus: new Uint8Array(count),
  delta: float64(count),
  gamma: float64(count),
  theta: float64(count),
  vega: float64(count),
  rho: float64(count),
});

/**
 * Options on an index as an exchange quotes them: strikes within 10 % of 24,500 on a grid of 50,
 * half an hour to 90 days, 8 to 80 % of volatility, prices in ticks of 0.05. Those whose price
 * has no volatility (a quarter of all) are left out.
 */
export function makeOptions(count: number, rateMax: number, seed: number): OptionSet {
  const set = {
    count,
    forward: float64(count),
    strike: float64(count),
    years: float64(count),
    rate: float64(count),
    isCall: new Uint8Array(count),
    price: float64(count),
    vol: float64(count),
  };
  const random = createSeededRandom(seed);
  const terms = new PricingTerms('black76');
  for (let index = 0; index < count; ) {
    const years = yearsMin * (yearsMax / yearsMin) ** random.next();
    const rate = rateMax * random.next();
    const forward = 24_500 * Math.exp(rate * years);
    const strike = Math.round((24_500 * (0.9 + 0.2 * random.next())) / 50) * 50;
    const isCall = random.next() < 0.5;
    terms.update(forward, years, rate);
    const exact = optionPrice(terms, isCall, strike, 0.08 + 0.72 * random.next());
    const price = Math.round(exact / tick) * tick;
    const vol = impliedVol(terms, isCall, strike, price);
    if (!(vol > 0)) continue;
    set.forward[index] = forward;
    set.strike[index] = strike;
    set.years[index] = years;
    set.rate[index] = rate;
    set.isCall[index] = isCall ? 1 : 0;
    set.price[index] = price;
    set.vol[index] = vol;
    index++;
  }
  return set;
}

/** Seeds as they are a moment later: up to 0.05 % off. */
export function seedsOf(set: OptionSet): Float64Array {
  return set.vol.map((vol, index) => {
    const off = 5e-4 * Math.sin(1e3 * index);
    return vol * Math.sqrt(set.years[index]!) * (1 + off);
  });
}

/** The baseline: the price of each option at its volatility. */
export function priceAll(set: OptionSet, out: Float64Array): void {
  const { count, forward, years, rate, isCall, strike, vol } = set;
  const terms = new PricingTerms('black76');
  for (let index = 0; index < count; index++) {
    terms.update(forward[index]!, years[index]!, rate[index]!);
    out[index] = optionPrice(terms, isCall[index] === 1, strike[index]!, vol[index]!);
  }
}

/** The volatility of each option, from nothing but its price. */
export function solveAll(set: OptionSet, out: Float64Array): void {
  const { count, forward, years, rate, isCall, strike, price } = set;
  const terms = new PricingTerms('black76');
  for (let index = 0; index < count; index++) {
    terms.update(forward[index]!, years[index]!, rate[index]!);
    out[index] = impliedVol(terms, isCall[index] === 1, strike[index]!, price[index]!);
  }
}

/** Volatility and five Greeks of each option; seeds of NaN for none. */
export function solveWithGreeks(set: OptionSet, seeds: Float64Array, out: LegFigures): void {
  const { count, forward, years, rate, isCall, strike, price } = set;
  const terms = new PricingTerms('black76');
  for (let index = 0; index < count; index++) {
    const call = isCall[index] === 1;
    const at = strike[index]!;
    const paid = price[index]!;
    terms.update(forward[index]!, years[index]!, rate[index]!);
    const x = logMoneyness(terms, at);
    const s = solveTotalVol(terms, call, at, paid, seeds[index]!, x);
    out.ivPercent[index] = (100 * s) / terms.sqrtYears;
    writeGreeks(out, index, terms, call, x, paid, s);
  }
}

/** The same volatilities from the package of npm, as it comes. */
export function solveByPackage(set: OptionSet, out: Float64Array): void {
  const { count, forward, years, rate, isCall, strike, price } = set;
  const solver = new BlackScholes();
  for (let index = 0; index < count; index++) {
    out[index] = solver.sigma({
      price: price[index]!,
      rate: rate[index]!,
      strike: strike[index]!,
      time: years[index]!,
      type: isCall[index] === 1 ? 'call' : 'put',
      underlying: forward[index]! * Math.exp(-rate[index]! * years[index]!),
    });
  }
}

/** Percent of options whose volatility is missing or off by more than `limit`. */
export function percentOff(set: OptionSet, found: Float64Array, limit: number): number {
  const off = set.vol.filter((vol, index) => {
    const iv = found[index]!;
    return !(iv > 0 && Math.abs(iv - vol) <= limit);
  });
  return (100 * off.length) / set.count;
}

/** A week's chain: calls and puts from 22,000 in fifties, on a smile around 24,500. */
export function makeChain(strikes: number, terms: PricingTerms): LegInputs {
  const count = 2 * strikes;
  const legs = { price: float64(count), strike: float64(count), isCall: new Uint8Array(count) };
  for (let leg = 0; leg < count; leg++) {
    const strike = 22_000 + 50 * (leg >> 1);
    const vol = 0.12 + 0.3 * ((strike - 24_500) / 5_000) ** 2;
    legs.strike[leg] = strike;
    legs.isCall[leg] = 1 - (leg & 1);
    legs.price[leg] = Math.max(tick, optionPrice(terms, leg % 2 === 0, strike, vol));
  }
  return legs;
}
