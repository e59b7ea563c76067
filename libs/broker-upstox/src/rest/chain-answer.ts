import type { BrokerChain, BrokerGreeks, BrokerLeg, BrokerStrike } from '@strikewire/broker';
import { paiseOf } from '@strikewire/contracts';
import { tokenOfKey } from '../map/instrument-key';
import { dataOf, malformedAnswer } from './upstox-rest';

type Json = Record<string, unknown>;

/**
 * Reads the answer of `/v2/option/chain`: one row per strike, each with two legs, of which either
 * may be missing or empty. Prices are rupees, quantities units, IV percent; no time is given.
 * @throws StrikewireError `retryable` when the shape is not a chain's.
 */
export function readChainAnswer(
  body: unknown,
  times: { sentMonoMs: number; receivedMs: number },
): BrokerChain {
  const rows = dataOf(body);
  if (!Array.isArray(rows)) throw malformedAnswer('option/chain', '"data" list');
  const strikes = new Map<number, BrokerStrike>();
  let spotPaise: number | null = null;
  for (const row of rows as readonly (Json | null)[]) {
    const strike = numberOf(row?.['strike_price']);
    if (!row || strike === null || strike <= 0) continue;
    const spot = numberOf(row['underlying_spot_price']);
    if (spotPaise === null && spot !== null && spot > 0) spotPaise = paiseOf(spot);
    const strikePaise = paiseOf(strike);
    const [CE, PE] = [readLeg(row['call_options']), readLeg(row['put_options'])];
    strikes.set(strikePaise, { strikePaise, CE, PE });
  }
  const sorted = [...strikes.values()].sort((a, b) => a.strikePaise - b.strikePaise);
  return { spotPaise, strikes: sorted, ...times };
}

function readLeg(value: unknown): BrokerLeg | null {
  const leg = objectOf(value);
  const token = tokenOfKey(leg['instrument_key']);
  if (!token) return null;
  const market = objectOf(leg['market_data']);
  const price = (name: string): number => paiseOf(Math.max(0, numberOf(market[name]) ?? 0));
  const count = (name: string): number => Math.max(0, numberOf(market[name]) ?? 0);
  const close = numberOf(market['close_price']);
  return {
    token,
    ltpPaise: price('ltp'),
    bidPaise: price('bid_price'),
    askPaise: price('ask_price'),
    bidQty: count('bid_qty'),
    askQty: count('ask_qty'),
    volume: count('volume'),
    oi: count('oi'),
    previousOi: numberOf(market['prev_oi']),
    closePaise: close === null ? null : paiseOf(close),
    greeks: readGreeks(objectOf(leg['option_greeks'])),
  };
}

/** IV 0 says that there is none; rho is not told here. */
function readGreeks(greeks: Json): BrokerGreeks | null {
  const iv = numberOf(greeks['iv']);
  if (iv === null || iv <= 0) return null;
  return {
    iv,
    delta: numberOf(greeks['delta']),
    gamma: numberOf(greeks['gamma']),
    theta: numberOf(greeks['theta']),
    vega: numberOf(greeks['vega']),
    rho: null,
  };
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

/** A finite number, -0 as 0; else null. */
function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value + 0 : null;
}
