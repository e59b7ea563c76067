import type { LegBatch } from './leg-batch';
import { logMoneyness, solveTotalVol } from './option-kernel';
import type { PricingTerms } from './pricing-terms';

/** The tick of Indian options, in rupees. */
export const tickRupees = 0.05;

/** Above so many volatility points of uncertainty a price says nothing about volatility. */
export const uninformativePoints = 1;

/**
 * Volatility points by which an implied volatility may be off because its price is a whole
 * number of ticks: half a tick over vega (rupees a point). Infinite where vega is 0.
 */
export function tickUncertaintyPoints(vega: number, tick = tickRupees): number {
  return (0.5 * tick) / vega;
}

/** Whether a last price lies outside a two-sided quote, and so is older than it. */
export function isOutsideQuote(last: number, bid: number, ask: number): boolean {
  const isTwoSided = bid > 0 && ask >= bid;
  return isTwoSided && (last < bid || last > ask);
}

/** Quotes and their volatilities, at the slots of a batch. */
export interface QuoteVolColumns {
  /** In the unit of the batch's prices; 0 for none. */
  readonly bid: Float64Array;
  readonly ask: Float64Array;
  /** Filled in: percent a year, NaN where the side has no solution. */
  readonly bidIvPercent: Float64Array;
  readonly askIvPercent: Float64Array;
}

/**
 * Volatilities of bid and ask: how far apart they are tells what a leg's own volatility is worth.
 * Starts from the solutions of the batch, so it belongs after its run.
 */
export function solveQuoteVols(
  { legs, totalVol }: LegBatch,
  terms: PricingTerms,
  quotes: QuoteVolColumns,
  slots: Uint32Array,
): void {
  const toPercent = 100 / terms.sqrtYears;
  for (const slot of slots) {
    const isCall = legs.isCall[slot] === 1;
    const strike = legs.strike[slot]!;
    const seed = totalVol[slot]!;
    const x = logMoneyness(terms, strike);
    const bid = solveTotalVol(terms, isCall, strike, quotes.bid[slot]!, seed, x);
    const ask = solveTotalVol(terms, isCall, strike, quotes.ask[slot]!, seed, x);
    quotes.bidIvPercent[slot] = bid > 0 ? bid * toPercent : NaN;
    quotes.askIvPercent[slot] = ask > 0 ? ask * toPercent : NaN;
  }
}
