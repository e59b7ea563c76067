import type { PricingTerms } from './pricing-terms';

/*
 * What a price is worth beyond its discounted intrinsic value, q(F - K)D or q(S - KD). Underlying
 * less strike is exact in floating point where their ratio is not; so both are written as the gap
 * q(U - K) plus `base` (e^(-rT) - 1), with base = q(F - K) or -qK.
 */

/** q(U - K). */
export function gapOf(terms: PricingTerms, isCall: boolean, strike: number): number {
  return isCall ? terms.underlying - strike : strike - terms.underlying;
}

/** Discounted intrinsic value less the gap; may be negative, as the whole may. */
export function carriedOf(
  terms: PricingTerms,
  isCall: boolean,
  strike: number,
  gap: number,
): number {
  return baseOf(terms, isCall, strike, gap) * terms.discountLess1;
}

/**
 * Price less discounted intrinsic value, for an option in the money. A price may lie a few units
 * in the last place above it, so with a rate the sum is worked out to twice the digits:
 * e^(-rT) - 1 is split into -rT, whose products are exact with their errors, and the small rest.
 */
export function timeValue(
  terms: PricingTerms,
  isCall: boolean,
  strike: number,
  price: number,
): number {
  const gap = gapOf(terms, isCall, strike);
  if (terms.discountLess1 === 0) return price - gap;
  const { rate, yearsToExpiry } = terms;
  const base = baseOf(terms, isCall, strike, gap);
  const excess = price - gap;
  const yearly = base * rate;
  const linear = yearly * yearsToExpiry;
  const rest =
    differenceError(price, gap, excess) +
    productError(yearly, yearsToExpiry, linear) +
    productError(base, rate, yearly) * yearsToExpiry -
    base * terms.discountBend;
  return excess + linear + rest;
}

function baseOf(terms: PricingTerms, isCall: boolean, strike: number, gap: number): number {
  if (!terms.isSpot) return gap;
  return isCall ? -strike : strike;
}

/** 2²⁷ + 1: splits a double into two halves of 26 bits, whose products are exact (Veltkamp). */
const splitter = 134_217_729;

/** a·b less its rounded value. T. J. Dekker, Numer. Math. 18 (1971). */
function productError(a: number, b: number, product: number): number {
  const aScaled = splitter * a;
  const aHigh = aScaled - (aScaled - a);
  const aLow = a - aHigh;
  const bScaled = splitter * b;
  const bHigh = bScaled - (bScaled - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/** a - b less its rounded value. D. E. Knuth, TAOCP 2, 4.2.2. */
function differenceError(a: number, b: number, difference: number): number {
  const bBack = a - difference;
  return a - (difference + bBack) + (bBack - b);
}
