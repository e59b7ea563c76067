import { blackScholesPrice } from './black-scholes';
import type { Contract } from './contract';
import { mix, wander } from './noise';
import type { TradingTime } from './trading-time';
import type { Underlying } from './underlying';

/** Yearly growth of forwards over spot: what traded futures imply, not what brokers assume. */
const carry = 0.065;
const yearMs = 365 * 86_400_000;
const leastYears = 60_000 / yearMs;
const sharedStream = 0;
/** Vol at which a path wanders by the plain amplitude of the noise. */
const plainVol = 0.14;

/** Instants at which the two boards stand; see `TradingTime.lastTradingMs`. Epoch ms. */
export interface Moment {
  cashMs: number;
  derivativesMs: number;
}

export interface Pricer {
  /** Rupees, before rounding to the tick. A pure function of the seed and the instant. */
  spot(underlying: Underlying, wallMs: number): number;
  /** What the contract is worth in rupees, before rounding. */
  fair(contract: Contract, moment: Moment): number;
}

export function createPricer(seed: number, time: TradingTime): Pricer {
  const spot: Pricer['spot'] = (underlying, wallMs) => {
    const shared = wander(mix(seed, sharedStream), wallMs);
    const own = wander(mix(seed, 1, underlying.id), wallMs);
    return underlying.spot * Math.exp((underlying.vol / plainVol) * (0.8 * shared + 0.6 * own));
  };
  const fair: Pricer['fair'] = (contract, { cashMs, derivativesMs }) => {
    const { underlying, expiry } = contract;
    const now = spot(underlying, cashMs);
    if (expiry === undefined) return now;
    const years = Math.max(leastYears, (time.expiryMs(expiry) - derivativesMs) / yearMs);
    if (contract.type === undefined) return now * Math.exp(carry * years);
    const strike = contract.strikePaise / 100;
    const vol = smile(underlying, Math.log(strike / now) - carry * years, years);
    const isCall = contract.type === 'CE';
    return blackScholesPrice({ isCall, spot: now, strike, years, rate: carry, vol });
  };
  return { spot, fair };
}

/** The long end of every term structure is 2 vol points over the short one, reached in a year. */
const longRise = 0.02;

/**
 * Vol for a log-moneyness against the forward: skewed to the downside, wings rising at a slower
 * pace than the distance, so that prices stay monotonous in the strike.
 */
export function smile(underlying: Underlying, logMoneyness: number, years: number): number {
  const atTheMoney = underlying.vol + longRise * (1 - Math.exp(-3 * years));
  const distance = logMoneyness / (underlying.vol * Math.sqrt(Math.max(years, 1 / 365)));
  const skew = underlying.kind === 'index' ? -0.05 : -0.015;
  const wings = Math.sqrt(1 + 0.04 * distance * distance) - 1;
  return atTheMoney * Math.min(4, 1 + (skew * distance) / (1 + 0.03 * Math.abs(distance)) + wings);
}
