import type { ServedResponse } from '@strikewire/runtime';
import type { Contract } from '../../market/contract';
import { failure, missing, success } from '../answers';
import { isExchange } from '../symbols';
import type { OpenalgoCall, OpenalgoDeps } from './rest-call';

/** POST /quotes */
export function quotesRoute({ deps, fields }: OpenalgoCall): ServedResponse {
  const asked = askedContract(deps, fields);
  return 'status' in asked ? asked : success({ data: quoteOf(asked) });
}

/** POST /multiquotes: what cannot be told of one symbol is no reason not to tell of others. */
export function multiquotesRoute({ deps, fields }: OpenalgoCall): ServedResponse {
  const { symbols } = fields;
  if (!Array.isArray(symbols)) return missing('symbols');
  if (symbols.length === 0) return failure(400, { symbols: ['Shorter than minimum length 1.'] });
  const results = symbols.map((entry: unknown) => {
    const { symbol, exchange } = (entry ?? {}) as Record<string, unknown>;
    const contract = visible(deps, String(symbol), String(exchange));
    const found = contract ? { data: quoteOf(contract) } : { error: 'Symbol not found' };
    return { symbol, exchange, ...found };
  });
  return success({ results });
}

/** The contract that a request names, or what is wrong with it. */
export function askedContract(
  deps: OpenalgoDeps,
  { symbol, exchange }: OpenalgoCall['fields'],
): Contract | ServedResponse {
  if (typeof symbol !== 'string') return missing('symbol');
  if (typeof exchange !== 'string') return missing('exchange');
  if (!isExchange(exchange)) return failure(400, { exchange: ['Must be one of the exchanges.'] });
  return visible(deps, symbol, exchange) ??
    failure(404, `Symbol '${symbol}' not found for exchange '${exchange}'`);
}

function visible(
  { symbols, faults }: OpenalgoDeps,
  symbol: string,
  exchange: string,
): Contract | undefined {
  const found = symbols.look(symbol, exchange);
  const isLevel = found?.kind === 'index' || found?.kind === 'cash';
  return isLevel && faults.isLtpOmitted(found.underlying.symbol) ? undefined : found;
}

function quoteOf(contract: Contract): object {
  const { depth } = contract;
  return {
    open: contract.openPaise / 100,
    high: contract.highPaise / 100,
    low: contract.lowPaise / 100,
    ltp: contract.ltpPaise / 100,
    ask: (depth[5] ?? 0) / 100,
    bid: (depth[4] ?? 0) / 100,
    prev_close: contract.closePaise / 100,
    volume: contract.volume,
    oi: contract.oi,
  };
}
