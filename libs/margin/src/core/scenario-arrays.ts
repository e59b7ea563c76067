import {
  impliedVol,
  logMoneyness,
  optionPrice,
  PricingTerms,
  writeGreeks,
  type GreekColumns,
} from '@strikewire/pricing';
import type { VolatilitySource } from './daily-volatility';
import type { MarginRules } from './margin-rule';
import { isOption, levelPaiseOf, type MarginPosition } from './margin-position';
import { scenarios, type Scenario } from './scenarios';

/** What the scenarios of one underlying are worked out from. */
export interface ScenarioMarket {
  spotPaise: number;
  /** Standard deviation of a day's return as a fraction; null: not known, the floors count. */
  dailyVolatility: number | null;
  /** Where that is from. */
  volatilityFrom?: VolatilitySource | null;
  /** True where the exchange scales the price scan range up for want of liquidity. */
  isIlliquid: boolean;
  asOfMs: number;
  rules: MarginRules;
}

/** Figures of one unit bought, in paise, from the platform's own pricing. */
export interface ScenarioFigures {
  /** Loss in each of the 16 scenarios. */
  array: Float64Array;
  delta: number;
  /** Change of delta for a move of one rupee. */
  gamma: number;
  thetaPaisePerDay: number;
  /** For one point (1 %) of volatility. */
  vegaPaise: number;
  /** Where the volatility came from; `none`: none was known and the price is intrinsic. */
  volatilityFrom: 'price' | 'given' | 'underlying' | 'none' | 'future';
}

const dayMs = 86_400_000;
const yearMs = 365 * dayMs;

/** Sessions of a year: daily volatility is annualised by its root. */
const sessionsPerYear = 252;

/** Volatility is never scanned below this: at 0 a price has no model. */
const volatilityMin = 0.001;

/**
 * The 16 scenarios of one contract. An option is priced on the spot, as the exchange does, and that
 * of a commodity on the future of its month, which it is exercised into: at the volatility its own
 * price implies, so that the first loss of a position is that of closing it at its price. No day is
 * taken off the time left: that is to the side of caution for short options.
 */
export function scenarioFigures(
  position: MarginPosition,
  market: ScenarioMarket,
): ScenarioFigures {
  if (!isOption(position)) return futureFigures(position, market);
  const years = (position.expiryMs - market.asOfMs) / yearMs;
  const { rules } = market;
  const level = levelPaiseOf(position, market.spotPaise) / 100;
  const strike = position.strikePaise / 100;
  const isCall = position.kind === 'CE';
  const terms = new PricingTerms('spot').update(level, years, rules.scenarioRate);
  const price = position.pricePaise / 100;
  const base = volatilityOf(position, market, terms);
  const scanned = new PricingTerms('spot');
  const lossIn = (scenario: Scenario): number => {
    const spot = level * (1 + moveOf(scenario, position, market));
    const vol = Math.max(volatilityMin, base.vol + scenario.volatility * volScan(market));
    const value = worth(scanned.update(spot, years, rules.scenarioRate), isCall, strike, vol);
    return 100 * (price - value) * (scenario.isExtreme ? rules.extremeShare : 1);
  };
  return {
    array: Float64Array.from(scenarios, lossIn),
    ...greeksOf(terms, isCall, strike, { price, vol: base.vol }),
    volatilityFrom: base.from,
  };
}

function futureFigures(position: MarginPosition, market: ScenarioMarket): ScenarioFigures {
  const { extremeShare } = market.rules;
  const array = Float64Array.from(scenarios, (scenario) => {
    const move = moveOf(scenario, position, market) * position.pricePaise;
    return move === 0 ? 0 : -move * (scenario.isExtreme ? extremeShare : 1);
  });
  const flat = { gamma: 0, thetaPaisePerDay: 0, vegaPaise: 0 };
  return { array, delta: 1, ...flat, volatilityFrom: 'future' };
}

/** Share by which the price moves; a fall never takes it below a thousandth of itself. */
function moveOf(scenario: Scenario, position: MarginPosition, market: ScenarioMarket): number {
  const { extremeMultiple } = market.rules;
  const ranges = scenario.move * (scenario.isExtreme ? extremeMultiple : 1);
  return Math.max(-0.999, ranges * priceScan(position, market));
}

function priceScan(position: MarginPosition, market: ScenarioMarket): number {
  const { rules, asOfMs } = market;
  const daysLeft = (position.expiryMs - asOfMs) / dayMs;
  const isFar = isOption(position) && daysLeft > rules.farDays;
  return priceScanShare(market, isFar ? rules.priceScanFloorFar : rules.priceScanFloor);
}

/** How far a price is scanned, as a share of it, and never less than the floor. */
export function priceScanShare(
  { rules, dailyVolatility, isIlliquid }: ScenarioMarket,
  floor: number,
): number {
  const { priceScanSigmas, priceScanDays } = rules;
  const range = priceScanSigmas * (dailyVolatility ?? 0) * Math.sqrt(priceScanDays);
  return Math.max(floor, range) * (isIlliquid ? Math.sqrt(rules.illiquidDays) : 1);
}

function volScan({ rules, dailyVolatility }: ScenarioMarket): number {
  const yearly = (dailyVolatility ?? 0) * Math.sqrt(sessionsPerYear);
  return Math.max(rules.volScanFloor, rules.volScanShare * yearly);
}

/** The price's own volatility; deep in the money it may have none, then what else is known. */
function volatilityOf(
  position: MarginPosition,
  market: ScenarioMarket,
  terms: PricingTerms,
): { vol: number; from: ScenarioFigures['volatilityFrom'] } {
  const { iv, kind, strikePaise, pricePaise } = position;
  const solved = impliedVol(terms, kind === 'CE', strikePaise / 100, pricePaise / 100);
  if (solved > 0) return { vol: solved, from: 'price' };
  if (iv !== null) return { vol: iv, from: 'given' };
  const { dailyVolatility } = market;
  if (dailyVolatility === null) return { vol: volatilityMin, from: 'none' };
  return { vol: dailyVolatility * Math.sqrt(sessionsPerYear), from: 'underlying' };
}

/** Price of an option in rupees; what it would be exercised for once no time is left. */
function worth(terms: PricingTerms, isCall: boolean, strike: number, vol: number): number {
  if (terms.yearsToExpiry > 0) return optionPrice(terms, isCall, strike, vol);
  return Math.max(0, isCall ? terms.underlying - strike : strike - terms.underlying);
}

function greeksOf(
  terms: PricingTerms,
  isCall: boolean,
  strike: number,
  { price, vol }: { price: number; vol: number },
): Pick<ScenarioFigures, 'delta' | 'gamma' | 'thetaPaisePerDay' | 'vegaPaise'> {
  // Without time or volatility it is the underlying, or nothing.
  if (!(terms.yearsToExpiry > 0) || vol <= volatilityMin) {
    const isIn = isCall ? terms.underlying > strike : terms.underlying < strike;
    const side = isCall ? 1 : -1;
    return { delta: isIn ? side : 0, gamma: 0, thetaPaisePerDay: 0, vegaPaise: 0 };
  }
  const column = (): Float64Array => new Float64Array(1);
  const [delta, gamma, theta, vega, rho] = [column(), column(), column(), column(), column()];
  const out: GreekColumns = { delta, gamma, theta, vega, rho };
  const x = logMoneyness(terms, strike);
  writeGreeks(out, 0, terms, isCall, x, price, vol * terms.sqrtYears);
  return {
    delta: delta[0] ?? 0,
    gamma: gamma[0] ?? 0,
    thetaPaisePerDay: 100 * (theta[0] ?? 0),
    vegaPaise: 100 * (vega[0] ?? 0),
  };
}
