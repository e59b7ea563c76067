import type { ServedResponse } from '@strikewire/runtime';
import { blackScholesGreeks } from '../../market/black-scholes';
import type { Contract } from '../../market/contract';
import { impliedVol } from '../../market/implied-vol';
import type { Chain } from '../../market/listing';
import { failure, missing, success } from '../answers';
import { exchangeOf, expiryOf, expiryText } from '../symbols';
import type { OpenalgoCall, OpenalgoDeps } from './rest-call';

/** What a request wants of a chain. */
interface Wanted {
  /** Strikes on each side; undefined: all. */
  strikes: number | undefined;
  /** Percent a year; undefined: no Greeks. */
  rate: number | undefined;
}

/** POST /optionchain: its fields are not under `data`. */
export function optionChainRoute({ deps, fields }: OpenalgoCall): ServedResponse {
  for (const field of ['underlying', 'exchange', 'expiry_date']) {
    if (typeof fields[field] !== 'string') return missing(field);
  }
  const { underlying: name, exchange, expiry_date: date, strike_count: count } = fields;
  if (count !== undefined && !(Number.isInteger(count) && isWithin(count as number, 1, 100))) {
    return failure(400, { strike_count: ['Must be greater than or equal to 1 and less than or ' +
      'equal to 100.'] });
  }
  const underlying = deps.symbols.underlying(name as string, exchange as string);
  const expiry = expiryOf(date as string);
  const chain = underlying && expiry !== undefined && deps.market.chain(underlying, expiry);
  if (!chain) {
    return failure(404, `No strikes found for ${String(name)} expiring ${String(date)}`);
  }
  const { with_greeks: withGreeks, interest_rate: rate } = fields;
  return success(chainFields(deps, chain, {
    strikes: count as number | undefined,
    rate: withGreeks === true ? Number(rate ?? 0) : undefined,
  }));
}

function chainFields(deps: OpenalgoDeps, chain: Chain, { strikes, rate }: Wanted): object {
  const { market, symbols, faults, clock } = deps;
  const { underlying, strikesPaise, expiry } = chain;
  const spot = market.lookSpot(underlying);
  const legs = market.lookLegs(chain);
  const atm = nearestIndex(strikesPaise, spot.ltpPaise);
  const forward = forwardAt(legs, atm) || spot.ltpPaise / 100;
  const [from, to] = strikes === undefined
    ? [0, strikesPaise.length - 1]
    : [Math.max(0, atm - strikes), Math.min(strikesPaise.length - 1, atm + strikes)];
  const indexes = Array.from({ length: to - from + 1 }, (_, position) => from + position);
  const years = Math.max(0, chain.expiryMs - market.standsAtMs(spot.board)) / yearMs;
  const leg = (index: number, position: 0 | 1): object => {
    const contract = legs[2 * index + position] as Contract;
    const greeks = rate === undefined ? {} : greeksOf(contract, forward, { years, rate });
    return { symbol: symbols.symbolOf(contract), label: labelOf(index - atm, position),
      ...legFields(contract), ...greeks };
  };
  const isEmpty = faults.isChainEmpty(underlying.symbol, expiry);
  return {
    underlying: underlying.symbol,
    underlying_symbol: symbols.symbolOf(spot),
    underlying_exchange: exchangeOf(spot),
    underlying_ltp: spot.ltpPaise / 100,
    underlying_prev_close: spot.closePaise / 100,
    expiry_date: expiryText(expiry),
    expiry_ts: Math.floor(chain.expiryMs / 1000),
    server_ts: Math.floor((clock.wallMs() + faults.skewMs()) / 1000),
    atm_strike: (strikesPaise[atm] ?? 0) / 100,
    quotes_included: true,
    greeks_included: rate !== undefined,
    forward_price: Math.round(forward * 100) / 100,
    chain: isEmpty ? [] : indexes.map((index) => ({
      strike: (strikesPaise[index] ?? 0) / 100, ce: leg(index, 0), pe: leg(index, 1),
    })),
  };
}

const yearMs = 365 * 86_400_000;

function isWithin(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}

function nearestIndex(strikesPaise: readonly number[], paise: number): number {
  const distances = strikesPaise.map((strike) => Math.abs(strike - paise));
  return distances.indexOf(Math.min(...distances));
}

/** By parity at the middle; 0 where a side has no price. */
function forwardAt(legs: readonly Contract[], atm: number): number {
  const [call, put] = [legs[2 * atm], legs[2 * atm + 1]];
  if (!call?.ltpPaise || !put?.ltpPaise) return 0;
  return (call.strikePaise + call.ltpPaise - put.ltpPaise) / 100;
}

/** `away`: strikes above the middle. A call above it is out of the money. */
function labelOf(away: number, position: 0 | 1): string {
  if (away === 0) return 'ATM';
  const isOut = away > 0 === (position === 0);
  return `${isOut ? 'OTM' : 'ITM'}${Math.abs(away)}`;
}

function legFields(contract: Contract): object {
  const { depth } = contract;
  return {
    ltp: contract.ltpPaise / 100,
    bid: (depth[4] ?? 0) / 100,
    ask: (depth[5] ?? 0) / 100,
    bid_qty: depth[0] ?? 0,
    ask_qty: depth[1] ?? 0,
    open: contract.openPaise / 100,
    high: contract.highPaise / 100,
    low: contract.lowPaise / 100,
    prev_close: contract.closePaise / 100,
    volume: contract.volume,
    oi: contract.oi,
    lotsize: contract.lot,
    tick_size: contract.tickPaise / 100,
  };
}

/** On the forward, of the last price; a day's theta, vega of a vol point. */
function greeksOf(
  contract: Contract,
  forward: number,
  { years, rate }: { years: number; rate: number },
): object {
  const discount = Math.exp((-rate / 100) * years);
  const strike = contract.strikePaise / 100;
  const isCall = contract.type === 'CE';
  const inputs = { isCall, spot: forward, strike, years, rate: 0 };
  const vol = impliedVol(contract.ltpPaise / 100 / discount, inputs);
  if (vol === 0) return { implied_volatility: 0, delta: 0, gamma: 0, theta: 0, vega: 0 };
  const raw = blackScholesGreeks({ ...inputs, vol });
  const shown = (value: number): number => Math.round(value * discount * 1e6) / 1e6;
  return {
    implied_volatility: Math.round(vol * 1e4) / 100,
    delta: shown(raw.delta),
    gamma: shown(raw.gamma),
    theta: shown(raw.theta / 365),
    vega: shown(raw.vega / 100),
  };
}
