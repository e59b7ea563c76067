import { isIsoDate } from '@strikewire/contracts';
import type { ServedResponse } from '@strikewire/runtime';
import type { Contract } from '../../market/contract';
import type { Chain } from '../../market/listing';
import type { Underlying } from '../../market/underlying';
import { failure, success } from '../envelopes';
import { greeksAndPopOf } from '../greeks';
import { isKey } from '../keys';
import { contractRow } from './instrument-row';
import type { UpstoxDeps, UserCall } from './rest-call';

/** GET /v2/option/contract: every option of an underlying, or those of one expiry. */
export function contractsRoute({ deps, request: { query } }: UserCall): ServedResponse {
  const underlying = askedUnderlying(deps, query);
  if ('status' in underlying) return underlying;
  const asked = query.get('expiry_date');
  if (asked !== null && !isIsoDate(asked)) return failure('UDAPI1088', 'expiry_date');
  const { market } = deps;
  const expiries = market.expiries(underlying).filter((date) => asked === null || date === asked);
  const rows = expiries.flatMap((expiry) => {
    const chain = market.chain(underlying, expiry);
    return chain ? market.lookLegs(chain).map((leg) => contractRow(deps, leg)) : [];
  });
  return success(rows);
}

/** GET /v2/option/chain: a row per strike; nothing in it tells of when it is. */
export function chainRoute({ deps, request: { query } }: UserCall): ServedResponse {
  const underlying = askedUnderlying(deps, query);
  if ('status' in underlying) return underlying;
  const expiry = query.get('expiry_date');
  if (expiry === null || !isIsoDate(expiry)) return failure('UDAPI1088', 'expiry_date');
  const chain = deps.market.chain(underlying, expiry);
  const isEmpty = !chain || deps.faults.isChainEmpty(underlying.symbol, expiry);
  return success(isEmpty ? [] : chainRows(deps, chain));
}

function askedUnderlying(
  { keys }: UpstoxDeps,
  query: URLSearchParams,
): Underlying | ServedResponse {
  const key = query.get('instrument_key') ?? '';
  if (key === '') return failure('UDAPI1009', 'instrument_key');
  if (!isKey(key)) return failure('UDAPI1011', 'instrument_key');
  const underlying = keys.underlying(key);
  return underlying?.expiries ? underlying : failure('UDAPI100011', 'instrument_key');
}

function chainRows(deps: UpstoxDeps, chain: Chain): object[] {
  const { market, keys } = deps;
  const legs = market.lookLegs(chain);
  const spot = market.lookSpot(chain.underlying).ltpPaise / 100;
  const underlyingKey = keys.ofUnderlying(chain.underlying);
  return chain.strikesPaise.map((strikePaise, index) => {
    const [call, put] = [legs[2 * index] as Contract, legs[2 * index + 1] as Contract];
    return {
      expiry: chain.expiry,
      // Of strikes without calls there is none.
      ...(call.oi > 0 && { pcr: Math.round((put.oi / call.oi) * 10_000) / 10_000 }),
      strike_price: strikePaise / 100,
      underlying_key: underlyingKey,
      underlying_spot_price: spot,
      call_options: legOf(deps, call),
      put_options: legOf(deps, put),
    };
  });
}

function legOf({ market, keys }: UpstoxDeps, leg: Contract): object {
  const { iv, delta, gamma, theta, vega, pop } = greeksAndPopOf(market, leg);
  const { depth } = leg;
  return {
    instrument_key: keys.keyOf(leg),
    market_data: {
      ltp: leg.ltpPaise / 100,
      volume: leg.volume,
      oi: leg.oi,
      close_price: leg.closePaise / 100,
      bid_price: (depth[4] ?? 0) / 100,
      bid_qty: depth[0] ?? 0,
      ask_price: (depth[5] ?? 0) / 100,
      ask_qty: depth[1] ?? 0,
      prev_oi: leg.previousOi,
    },
    // Here the vol is in percent; the routes of quotes give a fraction.
    option_greeks: {
      vega, theta, gamma, delta, iv: Math.round(iv * 1e4) / 100, pop,
    },
  };
}
