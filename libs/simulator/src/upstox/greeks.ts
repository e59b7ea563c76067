import { blackScholesGreeks, normalCdf, type OptionInputs } from '../market/black-scholes';
import type { Contract } from '../market/contract';
import { impliedVol } from '../market/implied-vol';
import type { Market } from '../market/market';

/** Greeks of a last price; zeros where there is none to tell. */
export interface UpstoxGreeks {
  /** A fraction; some answers give percent. */
  iv: number;
  delta: number;
  gamma: number;
  /** A calendar day's. */
  theta: number;
  /** Of one vol point. */
  vega: number;
  /** Of one point of the rate. */
  rho: number;
}

const nothing: UpstoxGreeks = { iv: 0, delta: 0, gamma: 0, theta: 0, vega: 0, rho: 0 };
const yearMs = 365 * 86_400_000;
/** Its figures fit the spot with no rate at all. */
const rate = 0;

/** What an option's price comes of. */
type Solved = OptionInputs & { price: number };

/** `guess` at the vol makes it faster: the last one found. */
export function greeksOf(market: Market, option: Contract, guess = 0.2): UpstoxGreeks {
  const solved = solve(market, option, guess);
  return solved ? greeksAt(solved) : nothing;
}

/** The same with `pop`: percent of chance that a buyer gains at the end. */
export function greeksAndPopOf(
  market: Market,
  option: Contract,
): UpstoxGreeks & { pop: number } {
  const solved = solve(market, option, 0.2);
  return solved ? { ...greeksAt(solved), pop: popAt(solved) } : { ...nothing, pop: 0 };
}

function solve(market: Market, option: Contract, guess: number): Solved | undefined {
  if (option.type === undefined || option.ltpPaise === 0) return undefined;
  const inputs = {
    isCall: option.type === 'CE',
    spot: market.lookSpot(option.underlying).ltpPaise / 100,
    strike: option.strikePaise / 100,
    years: Math.max(0, option.expiryMs - market.standsAtMs(option.board)) / yearMs,
    rate,
  };
  const price = option.ltpPaise / 100;
  const vol = impliedVol(price, inputs, guess || 0.2);
  return vol === 0 ? undefined : { ...inputs, vol, price };
}

function greeksAt(solved: Solved): UpstoxGreeks {
  const { isCall, strike, years, vol } = solved;
  const raw = blackScholesGreeks(solved);
  const reach = chanceAbove(strike, solved) - (isCall ? 0 : 1);
  return {
    iv: rounded(vol),
    delta: rounded(raw.delta),
    gamma: rounded(raw.gamma),
    theta: rounded(raw.theta / 365),
    vega: rounded(raw.vega / 100),
    rho: rounded((strike * years * reach) / 100),
  };
}

function popAt(solved: Solved): number {
  const { isCall, strike, price } = solved;
  const gain = isCall
    ? chanceAbove(strike + price, solved)
    : 1 - chanceAbove(Math.max(0.01, strike - price), solved);
  return Math.round(gain * 10_000) / 100;
}

/** That the spot ends above a level. */
function chanceAbove(level: number, { spot, years, vol }: Solved): number {
  const deviation = vol * Math.sqrt(years);
  return normalCdf(Math.log(spot / level) / deviation - deviation / 2);
}

function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
