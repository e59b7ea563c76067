import { normalDensity } from './normal-kernel';
import { millsRatio, relativeBlack } from './normalised-black-kernel';
import { warmVol } from './normalised-vol-kernel';
import type { PricingTerms } from './pricing-terms';
import { ivStatus } from './status';
import { carriedOf, gapOf, timeValue } from './time-value-kernel';

const yearsPerDay = 1 / 365;

/** A price that is less of its bound is nothing; below lie numbers with fewer digits. */
const smallestShare = 1e-300;

/** Columns of Greeks, one index per leg. */
export interface GreekColumns {
  /** By the underlying of the model: forward or spot. */
  delta: Float64Array;
  gamma: Float64Array;
  /** A calendar day: a year's decay / 365. */
  theta: Float64Array;
  /** A volatility point (1 % = 0.01). */
  vega: Float64Array;
  /** One percent (0.01) of rate; for `black76` with the forward held. */
  rho: Float64Array;
}

/** Price, in today's money, at volatility `vol` (a fraction a year); NaN without good terms. */
export function optionPrice(
  terms: PricingTerms,
  isCall: boolean,
  strike: number,
  vol: number,
): number {
  if (terms.status !== ivStatus.ok) return NaN;
  const distance = Math.abs(logMoneyness(terms, strike));
  const cap = Math.min(terms.presentValue, strike * terms.discount);
  const value = cap * relativeBlack(distance, vol * terms.sqrtYears);
  const gap = gapOf(terms, isCall, strike);
  const carried = carriedOf(terms, isCall, strike, gap);
  return gap + carried > 0 ? value + carried + gap : value;
}

/** Implied volatility as a fraction a year; when there is none, the `ivStatus` with a minus. */
export function impliedVol(
  terms: PricingTerms,
  isCall: boolean,
  strike: number,
  price: number,
): number {
  const s = solveTotalVol(terms, isCall, strike, price, NaN, logMoneyness(terms, strike));
  return s > 0 ? s / terms.sqrtYears : s;
}

/**
 * s = σ√T of a price; when there is none, the `ivStatus` with a minus. A seed is the s of a
 * neighbouring price or forward, NaN for none; `x` is the strike's `logMoneyness`.
 */
export function solveTotalVol(
  terms: PricingTerms,
  isCall: boolean,
  strike: number,
  price: number,
  seed: number,
  x: number,
): number {
  if (terms.status !== ivStatus.ok) return -terms.status;
  if (!(strike > 0 && strike + Math.abs(price) < Infinity)) return -ivStatus.badInput;
  if (price <= 0) return -ivStatus.zeroPrice;
  const gap = gapOf(terms, isCall, strike);
  const isIn = gap + carriedOf(terms, isCall, strike, gap) > 0;
  const value = isIn ? timeValue(terms, isCall, strike, price) : price;
  if (value <= 0) return value < 0 ? -ivStatus.belowIntrinsic : -ivStatus.zeroExtrinsic;
  const u = value / Math.min(terms.presentValue, strike * terms.discount);
  if (u >= 1) return -ivStatus.aboveMax;
  if (u < smallestShare) return -ivStatus.zeroPrice;
  const s = warmVol(u, Math.abs(x), seed);
  return s > 0 ? s : -ivStatus.badInput;
}

/**
 * Writes the Greeks of an option whose s = σ√T > 0 and `logMoneyness` x are known. Theta and rho
 * take the discounted strike from the market price, which needs no second distribution function.
 */
export function writeGreeks(
  out: GreekColumns,
  at: number,
  terms: PricingTerms,
  isCall: boolean,
  x: number,
  price: number,
  s: number,
): void {
  const perS = 1 / s;
  const d1 = x * perS + 0.5 * s;
  const density = normalDensity(d1);
  const { underlying, presentValue } = terms;
  const weight = terms.isSpot ? 1 : terms.discount;
  const sign = isCall ? 1 : -1;
  const delta = sign * weight * shareBelow(sign * d1, density);
  const turnover = presentValue * density;
  out.delta[at] = delta;
  out.gamma[at] = (weight * density * perS) / underlying;
  out.vega[at] = turnover * terms.sqrtYears * 0.01;
  writeCarry(out, at, terms, delta, price, turnover * s);
}

/**
 * Writes the Greeks of a price without time value: of a leg in the money, since only that has a
 * price then. It moves like the underlying.
 */
export function writeIntrinsicGreeks(
  out: GreekColumns,
  at: number,
  terms: PricingTerms,
  isCall: boolean,
  price: number,
): void {
  const weight = terms.isSpot ? 1 : terms.discount;
  const delta = isCall ? weight : -weight;
  out.delta[at] = delta;
  out.gamma[at] = 0;
  out.vega[at] = 0;
  writeCarry(out, at, terms, delta, price, 0);
}

/** Theta and rho; `decay` is what volatility is worth over twice the years that are left. */
function writeCarry(
  out: GreekColumns,
  at: number,
  terms: PricingTerms,
  delta: number,
  price: number,
  decay: number,
): void {
  const { yearsToExpiry, rate } = terms;
  // What changes with the rate: the discounted strike, or with the forward held the whole price.
  const discounted = terms.isSpot ? terms.underlying * delta - price : -price;
  out.theta[at] = -(decay * terms.halfPerYears + rate * discounted) * yearsPerDay;
  out.rho[at] = yearsToExpiry * discounted * 0.01;
}

/**
 * x = ln(forward / strike), from the difference: near the money a ratio has lost its digits. It
 * costs as much as a tenth of a solution, so whoever needs volatility and Greeks takes it once.
 */
export function logMoneyness(terms: PricingTerms, strike: number): number {
  return Math.log1p((terms.underlying - strike) / strike) + terms.carry;
}

/** Φ(z) from φ(z). */
function shareBelow(z: number, density: number): number {
  const tail = density * millsRatio(Math.abs(z));
  return z > 0 ? 1 - tail : tail;
}
