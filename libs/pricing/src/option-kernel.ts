import { sqrtTwoPi } from './normal-kernel';
import { millsRatio, relativeBlack } from './normalised-black-kernel';
import { warmVol } from './normalised-vol-kernel';
import type { PricingTerms } from './pricing-terms';
import { ivStatus } from './status';

/*
 * One option on given terms. Inputs are conditioned before anything else: underlying less strike
 * is (nearly) exact in floating point where their ratio is not, so intrinsic value, time value
 * and ln(F/K) are formed from the difference, with expm1 and log1p. Deep in the money this is
 * worth four to five digits of the volatility.
 */

const daysPerYear = 365;

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
  const gap = isCall ? terms.underlying - strike : strike - terms.underlying;
  const carried = carriedGap(terms, isCall, strike, gap);
  return gap + carried > 0 ? value + carried + gap : value;
}

/** Implied volatility as a fraction a year; when there is none, the `ivStatus` with a minus. */
export function impliedVol(
  terms: PricingTerms,
  isCall: boolean,
  strike: number,
  price: number,
): number {
  const s = solveTotalVol(terms, isCall, strike, price, NaN);
  return s > 0 ? s / terms.sqrtYears : s;
}

/**
 * s = σ√T of a price; when there is none, the `ivStatus` with a minus. A seed is the s of a
 * neighbouring price or forward, NaN for none.
 */
export function solveTotalVol(
  terms: PricingTerms,
  isCall: boolean,
  strike: number,
  price: number,
  seed: number,
): number {
  if (terms.status !== ivStatus.ok) return -terms.status;
  if (!(strike > 0 && strike + Math.abs(price) < Infinity)) return -ivStatus.badInput;
  if (price <= 0) return -ivStatus.zeroPrice;
  const gap = isCall ? terms.underlying - strike : strike - terms.underlying;
  const carried = carriedGap(terms, isCall, strike, gap);
  const value = gap + carried > 0 ? price - gap - carried : price;
  if (value <= 0) return value < 0 ? -ivStatus.belowIntrinsic : -ivStatus.zeroExtrinsic;
  const u = value / Math.min(terms.presentValue, strike * terms.discount);
  if (u >= 1) return -ivStatus.aboveMax;
  const s = warmVol(u, Math.abs(logMoneyness(terms, strike)), seed);
  return s > 0 ? s : -ivStatus.badInput;
}

/**
 * Writes the Greeks of an option whose s = σ√T is known, or with s = 0 those of a price without
 * time value. Theta and rho take the discounted strike from the market price, which needs no
 * second distribution function.
 */
export function writeGreeks(
  out: GreekColumns,
  at: number,
  terms: PricingTerms,
  isCall: boolean,
  strike: number,
  price: number,
  s: number,
): void {
  const sign = isCall ? 1 : -1;
  const d1 = s > 0 ? logMoneyness(terms, strike) / s + 0.5 * s : Infinity;
  const density = Math.exp(-0.5 * d1 * d1) / sqrtTwoPi;
  const z = sign * d1;
  // Without time value only a leg in the money has a sure price, and moves like the underlying.
  const share = s > 0 ? tailShare(z, density) : 1;
  const { underlying, presentValue, rate, yearsToExpiry } = terms;
  const weight = terms.isSpot ? 1 : terms.discount;
  const delta = sign * weight * share;
  // What changes with the rate: the discounted strike, or with the forward held the whole price.
  const discounted = terms.isSpot ? underlying * delta - price : -price;
  const decay = s > 0 ? (presentValue * density * s) / (2 * yearsToExpiry) : 0;
  out.delta[at] = delta;
  out.gamma[at] = s > 0 ? (weight * density) / (underlying * s) : 0;
  out.theta[at] = -(decay + rate * discounted) / daysPerYear;
  out.vega[at] = presentValue * density * terms.sqrtYears * 0.01;
  out.rho[at] = yearsToExpiry * discounted * 0.01;
}

/** ln(forward / strike). */
function logMoneyness(terms: PricingTerms, strike: number): number {
  return Math.log1p((terms.underlying - strike) / strike) + terms.carry;
}

/** Discounted intrinsic value less the plain gap between underlying and strike. */
function carriedGap(terms: PricingTerms, isCall: boolean, strike: number, gap: number): number {
  if (!terms.isSpot) return gap * terms.discountLess1;
  return (isCall ? -strike : strike) * terms.discountLess1;
}

/** Φ(z) from φ(z). */
function tailShare(z: number, density: number): number {
  return z <= 0 ? density * millsRatio(-z) : 1 - density * millsRatio(z);
}
