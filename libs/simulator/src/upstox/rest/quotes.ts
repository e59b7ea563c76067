import { indiaIsoOf } from '@strikewire/contracts';
import type { ServedResponse } from '@strikewire/runtime';
import { depthFields, depthLevels, type Contract } from '../../market/contract';
import { failure, success } from '../envelopes';
import { greeksOf } from '../greeks';
import { isKey, isWeeklyOf, quoteName } from '../keys';
import type { UpstoxDeps, UserCall } from './rest-call';

/** What a route tells of a contract, and of how many at once. */
interface QuoteRoute {
  keysMax: number;
  tooMany: 'UDAPI100042' | 'UDAPI100076';
  quote(deps: UpstoxDeps, contract: Contract): object;
}

const ltp: QuoteRoute = { keysMax: 500, tooMany: 'UDAPI100042', quote: lastOf };
const greeks: QuoteRoute = { keysMax: 50, tooMany: 'UDAPI100076', quote: greekQuoteOf };
const full: QuoteRoute = { keysMax: 500, tooMany: 'UDAPI100042', quote: fullQuoteOf };

/** GET /v3/market-quote/ltp */
export const ltpRoute = (call: UserCall): ServedResponse => quotes(call, ltp);
/** GET /v3/market-quote/option-greek */
export const optionGreekRoute = (call: UserCall): ServedResponse => quotes(call, greeks);
/** GET /v2/market-quote/quotes */
export const quotesRoute = (call: UserCall): ServedResponse => quotes(call, full);

/** Keys may be named `symbol` too. Unknown ones are left out without a word. */
function quotes({ deps, account, request: { query } }: UserCall, route: QuoteRoute) {
  const given = query.get('instrument_key') ?? query.get('symbol') ?? '';
  const keys = given.split(',').map((key) => key.trim()).filter((key) => key !== '');
  if (keys.length === 0) return failure('UDAPI1009', 'instrument_key');
  if (!keys.every(isKey)) return failure('UDAPI1011', 'instrument_key');
  if (keys.length > route.keysMax) {
    deps.violations.add('upstox_request_keys', `${account.clientId} asked for ${keys.length}`);
    return failure(route.tooMany, 'instrument_key');
  }
  const data: Record<string, object> = {};
  for (const contract of keys.map((key) => deps.keys.look(key))) {
    if (!contract || isOmitted(deps, contract)) continue;
    data[nameOf(deps, contract)] = route.quote(deps, contract);
  }
  return success(data);
}

function isOmitted({ faults }: UpstoxDeps, { kind, underlying }: Contract): boolean {
  return (kind === 'index' || kind === 'cash') && faults.isLtpOmitted(underlying.symbol);
}

function nameOf({ market }: UpstoxDeps, contract: Contract): string {
  const { underlying, expiry, type } = contract;
  const isOption = type !== undefined && expiry !== undefined;
  return quoteName(contract, isOption && isWeeklyOf(market, underlying, expiry));
}

function lastOf({ keys }: UpstoxDeps, contract: Contract): object {
  return {
    last_price: contract.ltpPaise / 100,
    instrument_token: keys.keyOf(contract),
    ltq: contract.lastQuantity,
    volume: contract.volume,
    cp: contract.closePaise / 100,
  };
}

function greekQuoteOf(deps: UpstoxDeps, contract: Contract): object {
  const { iv, vega, gamma, theta, delta } = greeksOf(deps.market, contract);
  return { ...lastOf(deps, contract), iv, vega, gamma, theta, delta, oi: contract.oi };
}

function fullQuoteOf(deps: UpstoxDeps, contract: Contract): object {
  const skewMs = deps.faults.skewMs();
  const { closePaise, kind } = contract;
  const isPriced = kind !== 'index' && closePaise > 0;
  return {
    ohlc: {
      open: contract.openPaise / 100,
      high: contract.highPaise / 100,
      low: contract.lowPaise / 100,
      close: contract.ltpPaise / 100,
    },
    depth: { buy: depthSide(contract, 0), sell: depthSide(contract, 1) },
    timestamp: indiaIsoOf(deps.clock.wallMs() + skewMs),
    instrument_token: deps.keys.keyOf(contract),
    symbol: nameOf(deps, contract).split(':')[1],
    last_price: contract.ltpPaise / 100,
    volume: contract.volume,
    average_price: Math.round(contract.averagePaise) / 100,
    oi: contract.oi,
    net_change: (contract.ltpPaise - closePaise) / 100,
    total_buy_quantity: contract.buyQuantity,
    total_sell_quantity: contract.sellQuantity,
    lower_circuit_limit: isPriced ? 0.05 : 0,
    upper_circuit_limit: isPriced ? Math.round(closePaise * 4) / 100 : 0,
    last_trade_time: String(contract.tradeMs && Math.floor(contract.tradeMs + skewMs)),
    oi_day_high: contract.oiHigh,
    oi_day_low: contract.oiLow,
  };
}

/** `side`: 0 buys, 1 sells. Always five levels, padded with zeros. */
function depthSide({ depth }: Contract, side: 0 | 1): object[] {
  return Array.from({ length: depthLevels }, (_, level) => {
    const at = level * depthFields + side;
    return {
      quantity: depth[at] ?? 0,
      price: (depth[at + 4] ?? 0) / 100,
      orders: depth[at + 2] ?? 0,
    };
  });
}
