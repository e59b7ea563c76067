import {
  logMoneyness,
  solveTotalVol,
  writeGreeks,
  writeIntrinsicGreeks,
  type GreekColumns,
} from './option-kernel';
import type { PricingTerms } from './pricing-terms';
import { ivStatus } from './status';

/** What legs are priced from, one index (slot) per leg. */
export interface LegInputs {
  /** In the unit of strike and underlying (rupees); 0 for none. */
  readonly price: Float64Array;
  readonly strike: Float64Array;
  /** 1 for a call, 0 for a put. */
  readonly isCall: Uint8Array;
}

/** What a batch fills in, at the same slots. NaN where `ivStatus` says that there is none. */
export interface LegFigures extends GreekColumns {
  /** In percent a year. */
  readonly ivPercent: Float64Array;
  readonly ivStatus: Uint8Array;
}

/**
 * Time to expiry is looked at anew when it has shrunk by this share (1/5900). A volatility
 * changes by half of that, so it is never off by more than 0.002 points at 20 %.
 */
const bucketsPerOctave = 4096;

/**
 * Implied volatilities and Greeks of many legs, kept up to date. It remembers what each slot was
 * solved from: a leg whose price, underlying and time bucket are the same is skipped, the others
 * start from their last solution. Nothing is allocated after construction.
 */
export class LegBatch {
  readonly legs: LegInputs;
  readonly figures: LegFigures;
  /** The slots that the last run worked out, in the first so many places as it answered. */
  readonly changed: Uint32Array;
  /** s = σ√T of each slot's last solution, NaN when it had none. */
  readonly totalVol: Float64Array;
  private readonly price: Float64Array;
  private readonly underlying: Float64Array;
  private readonly bucket: Float64Array;
  private changedCount = 0;

  /** Columns of equal length; they stay the caller's. */
  constructor(legs: LegInputs, figures: LegFigures) {
    this.legs = legs;
    this.figures = figures;
    const capacity = legs.price.length;
    this.changed = new Uint32Array(capacity);
    this.totalVol = new Float64Array(capacity).fill(NaN);
    this.price = new Float64Array(capacity);
    this.underlying = new Float64Array(capacity);
    this.bucket = new Float64Array(capacity).fill(NaN);
  }

  /** Prices slots `from` (inclusive) to `to` (exclusive); answers how many were worked out. */
  run(terms: PricingTerms, from: number, to: number): number {
    const bucket = bucketOf(terms);
    this.changedCount = 0;
    for (let slot = from; slot < to; slot++) this.refresh(terms, slot, bucket);
    return this.changedCount;
  }

  /** Prices the first `count` of a list of slots; answers how many were worked out. */
  runSlots(terms: PricingTerms, slots: Uint32Array, count = slots.length): number {
    const bucket = bucketOf(terms);
    this.changedCount = 0;
    for (let index = 0; index < count; index++) this.refresh(terms, slots[index]!, bucket);
    return this.changedCount;
  }

  /** The next run works all slots out anew: after a change of model or rate. */
  forget(): void {
    this.bucket.fill(NaN);
  }

  private refresh(terms: PricingTerms, slot: number, bucket: number): void {
    const price = this.legs.price[slot]!;
    const { underlying } = terms;
    // On terms that nothing can be solved on, prices do not matter.
    const isSame =
      terms.status !== ivStatus.ok ||
      (this.underlying[slot] === underlying && this.price[slot] === price);
    if (isSame && this.bucket[slot] === bucket) return;
    this.bucket[slot] = bucket;
    this.underlying[slot] = underlying;
    this.price[slot] = price;
    this.changed[this.changedCount++] = slot;
    this.solve(terms, slot, price);
  }

  private solve(terms: PricingTerms, slot: number, price: number): void {
    const isCall = this.legs.isCall[slot] === 1;
    const strike = this.legs.strike[slot]!;
    const x = logMoneyness(terms, strike);
    const s = solveTotalVol(terms, isCall, strike, price, this.totalVol[slot]!, x);
    const { figures } = this;
    if (s > 0) {
      this.totalVol[slot] = s;
      figures.ivPercent[slot] = (100 * s) / terms.sqrtYears;
      figures.ivStatus[slot] = ivStatus.ok;
      writeGreeks(figures, slot, terms, isCall, x, price, s);
      return;
    }
    this.totalVol[slot] = NaN;
    figures.ivPercent[slot] = NaN;
    figures.ivStatus[slot] = -s;
    const isWorthIntrinsic = s === -ivStatus.belowIntrinsic || s === -ivStatus.zeroExtrinsic;
    if (isWorthIntrinsic) writeIntrinsicGreeks(figures, slot, terms, isCall, price);
    else clearGreeks(figures, slot);
  }
}

/** Below every bucket of time; less the status, it stands for terms that rule a solution out. */
const outsideTime = -1e9;

/** Which bucket of time the terms are in: equal ratios, so that they are as fine at the end. */
function bucketOf({ status, yearsToExpiry }: PricingTerms): number {
  if (status !== ivStatus.ok) return outsideTime - status;
  return Math.floor(Math.log2(yearsToExpiry) * bucketsPerOctave);
}

function clearGreeks(out: GreekColumns, slot: number): void {
  out.delta[slot] = NaN;
  out.gamma[slot] = NaN;
  out.theta[slot] = NaN;
  out.vega[slot] = NaN;
  out.rho[slot] = NaN;
}
