import { ivStatus, type IvStatus } from './status';

/**
 * `black76`: on the forward, which the rate only discounts. `spot`: Black and Scholes on the
 * spot, without dividends, whose forward follows from the rate.
 */
export type PricingModel = 'black76' | 'spot';

/**
 * What the legs of a chain have in common, with what follows from it worked out once. Made once
 * and updated in place, because that happens at every move of the forward.
 */
export class PricingTerms {
  readonly model: PricingModel;
  readonly isSpot: boolean;
  /** Forward or spot, by the model; in the unit of the prices. */
  underlying = NaN;
  yearsToExpiry = NaN;
  /** Continuous rate a year. */
  rate = NaN;
  /** e^(-rT). */
  discount = NaN;
  /** e^(-rT) - 1, and e^(-rT) - 1 + rT, with all their digits. */
  discountLess1 = NaN;
  discountBend = NaN;
  sqrtYears = NaN;
  /** 1 / 2T. */
  halfPerYears = NaN;
  /** Today's value of the underlying: discounted forward, or spot. */
  presentValue = NaN;
  /** ln(forward / underlying). */
  carry = NaN;
  /** What rules out a solution for every leg; `ivStatus.ok` when nothing does. */
  status: IvStatus = ivStatus.badInput;

  constructor(model: PricingModel) {
    this.model = model;
    this.isSpot = model === 'spot';
  }

  /** Sets forward (or spot), years to expiry and continuous rate a year. */
  update(underlying: number, yearsToExpiry: number, rate: number): this {
    const growth = rate * yearsToExpiry;
    this.underlying = underlying;
    this.yearsToExpiry = yearsToExpiry;
    this.rate = rate;
    this.discountBend = bendOf(growth);
    this.discountLess1 = this.discountBend - growth;
    this.discount = 1 + this.discountLess1;
    this.sqrtYears = Math.sqrt(yearsToExpiry);
    this.halfPerYears = 0.5 / yearsToExpiry;
    this.presentValue = this.isSpot ? underlying : underlying * this.discount;
    this.carry = this.isSpot ? growth : 0;
    this.status = statusOf(underlying, yearsToExpiry, rate);
    return this;
  }
}

/** Up to here twelve terms of the series are enough: 0.2¹¹ · 2/13! < 1e-17. */
const seriesMax = 0.2;

/** e^(-g) - 1 + g, in which for small g the first two terms would cancel. */
function bendOf(growth: number): number {
  if (growth === 0) return 0;
  if (Math.abs(growth) > seriesMax) return Math.expm1(-growth) + growth;
  let sum = 1;
  for (let k = 12; k > 2; k--) sum = 1 - (sum * growth) / k;
  return 0.5 * growth * growth * sum;
}

function statusOf(underlying: number, yearsToExpiry: number, rate: number): IvStatus {
  const sum = underlying + yearsToExpiry + rate;
  if (!(underlying > 0) || !(Math.abs(sum) < Infinity)) return ivStatus.badInput;
  return yearsToExpiry > 0 ? ivStatus.ok : ivStatus.expired;
}
