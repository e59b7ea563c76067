import { blackScholesPrice } from './black-scholes';
import type { Contract } from './contract';
import { createWander, mix } from './noise';
import type { Underlying } from './underlying';

/** Yearly growth of forwards over spot: what traded futures imply, not what brokers assume. */
const carry = 0.065;
const yearMs = 365 * 86_400_000;
const leastYears = 60_000 / yearMs;
const sharedStream = 0;
/** Vol at which a path wanders by the plain amplitude of the noise. */
const plainVol = 0.14;

export interface Pricer {
  /** Rupees, before rounding to the tick. A pure function of the seed and the instant. */
  spot(underlying: Underlying, wallMs: number): number;
  /**
   * What the contract is worth in rupees, before rounding, with its underlying as it stood at
   * `levelMs`.
   */
  fair(contract: Contract, levelMs: number, nowMs: number): number;
}

export function createPricer(seed: number): Pricer {
  const sharedAt = latestOf(createWander(mix(seed, sharedStream)));
  const paths = new Map<Underlying, (wallMs: number) => number>();
  const pathOf = (underlying: Underlying): ((wallMs: number) => number) => {
    const ownAt = createWander(mix(seed, 1, underlying.id));
    const factor = underlying.vol / plainVol;
    return latestOf((wallMs) =>
      underlying.spot * Math.exp(factor * (0.8 * sharedAt(wallMs) + 0.6 * ownAt(wallMs))));
  };
  const spot: Pricer['spot'] = (underlying, wallMs) => {
    let path = paths.get(underlying);
    if (!path) paths.set(underlying, (path = pathOf(underlying)));
    return path(wallMs);
  };
  const fair: Pricer['fair'] = (contract, levelMs, nowMs) => {
    const { underlying, expiryMs, forwardMs } = contract;
    const level = spot(underlying, levelMs);
    if (expiryMs === 0) return level;
    const years = Math.max(leastYears, (expiryMs - nowMs) / yearMs);
    if (contract.type === undefined) return level * Math.exp(carry * years);
    // The option on a future that lives longer: its level is such that the forward is the future.
    const now = forwardMs === expiryMs
      ? level
      : level * Math.exp((carry * (forwardMs - expiryMs)) / yearMs);
    const strike = contract.strikePaise / 100;
    const vol = smile(underlying, Math.log(strike / now) - carry * years, years);
    const isCall = contract.type === 'CE';
    return blackScholesPrice({ isCall, spot: now, strike, years, rate: carry, vol });
  };
  return { spot, fair };
}

/** The function with its last answer kept. */
function latestOf(compute: (wallMs: number) => number): (wallMs: number) => number {
  let latestMs = NaN;
  let latest = 0;
  return (wallMs) => {
    if (wallMs !== latestMs) {
      latestMs = wallMs;
      latest = compute(wallMs);
    }
    return latest;
  };
}

/** The long end of every term structure is 2 vol points over the short one, reached in a year. */
const longRise = 0.02;

/** How much lower strikes are dearer in vol: what falls fast is dear below, commodities are not. */
const skews = { index: -0.05, stock: -0.015, commodity: 0.01 } as const;

/**
 * Vol for a log-moneyness against the forward: skewed to the downside, wings rising at a slower
 * pace than the distance, so that prices stay monotonous in the strike.
 */
export function smile(underlying: Underlying, logMoneyness: number, years: number): number {
  const atTheMoney = underlying.vol + longRise * (1 - Math.exp(-3 * years));
  const distance = logMoneyness / (underlying.vol * Math.sqrt(Math.max(years, 1 / 365)));
  const skew = skews[underlying.kind];
  const wings = Math.sqrt(1 + 0.04 * distance * distance) - 1;
  return atTheMoney * Math.min(4, 1 + (skew * distance) / (1 + 0.03 * Math.abs(distance)) + wings);
}
