import { blackScholesGreeks } from '../../market/black-scholes';
import type { Contract } from '../../market/contract';
import { impliedVol } from '../../market/implied-vol';
import { chance } from '../../market/noise';
import { smile } from '../../market/pricer';

/** What the chain answer says of a leg beside its prices; Greeks as whole hundred-thousandths. */
export interface ShownGreeks {
  /** Percent. */
  impliedVolatility: number;
  delta: number;
  /** A calendar day's. */
  theta: number;
  gamma: number;
  /** Of one vol point. */
  vega: number;
}

/** Dhan takes the spot as it is and a flat rate, instead of the traded forward. */
const rate = 0.1;
/** Its time to expiry is too long by India's offset from UTC. */
const slipMs = 5.5 * 3_600_000;
const yearMs = 365 * 86_400_000;

const none = { delta: 0, theta: 0, gamma: 0, vega: 0 };
const nothing: ShownGreeks = { impliedVolatility: 0, ...none };

/** Greeks of the last price. Prices at or under their lower bound get zeros. */
export function shownGreeks(leg: Contract, spot: number, msToExpiry: number): ShownGreeks {
  if (leg.ltpPaise === 0) return deadGreeks(leg);
  const strike = leg.strikePaise / 100;
  const years = Math.max(0, msToExpiry + slipMs) / yearMs;
  const inputs = { isCall: leg.type === 'CE', spot, strike, years, rate };
  const vol = impliedVol(leg.ltpPaise / 100, inputs, likelyVol(leg, spot, years));
  if (vol === 0) return nothing;
  const raw = blackScholesGreeks({ ...inputs, vol });
  return {
    impliedVolatility: vol * 100,
    delta: rounded(raw.delta),
    theta: rounded(raw.theta / 365),
    gamma: rounded(raw.gamma),
    vega: rounded(raw.vega / 100),
  };
}

/** Where the search begins: near what the market itself prices with. */
function likelyVol({ underlying, strikePaise }: Contract, spot: number, years: number): number {
  const truly = Math.max(0.25 * years, years - slipMs / yearMs);
  const vol = smile(underlying, Math.log(strikePaise / (100 * spot)), truly);
  return vol * Math.sqrt(truly / years);
}

/** Half of the legs that never traded carry an IV of 2 to 10 % that means nothing. */
function deadGreeks({ noise, type }: Contract): ShownGreeks {
  const isJunk = chance(noise, 21) < 0.5;
  const impliedVolatility = isJunk ? 2 + 8 * chance(noise, 22) : 0;
  return { impliedVolatility, ...none, theta: isJunk && type === 'CE' ? -0 : 0 };
}

function rounded(value: number): number {
  return Math.round(value * 1e5);
}
