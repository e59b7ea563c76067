import type { ServedResponse } from '@strikewire/runtime';
import type { Contract } from '../../market/contract';
import type { Market } from '../../market/market';
import { failure, missing, success } from '../answers';
import { exchangeOf, expiryText, isExchange } from '../symbols';
import { askedContract } from './quotes';
import type { OpenalgoCall, OpenalgoDeps } from './rest-call';

/** A search gives no more. */
const foundMax = 200;
const freezeLots = 27;
const rowsPerChunk = 500;

/** POST /symbol */
export function symbolRoute({ deps, fields }: OpenalgoCall): ServedResponse {
  const asked = askedContract(deps, fields);
  return 'status' in asked ? asked : success({ data: rowOf(deps, asked, true) });
}

/** POST /search: rows whose symbol has every word of the query. */
export function searchRoute({ deps, fields }: OpenalgoCall): ServedResponse {
  const { query, exchange } = fields;
  if (typeof query !== 'string' || query.trim() === '') return missing('query');
  const words = query.toUpperCase().split(/\s+/).filter((word) => word !== '');
  const data: object[] = [];
  for (const contract of contracts(deps.market, exchange)) {
    const symbol = deps.symbols.symbolOf(contract);
    if (!words.every((word) => symbol.includes(word))) continue;
    data.push(rowOf(deps, contract, true));
    if (data.length === foundMax) break;
  }
  return success({ data, message: `Found ${data.length} matching symbols` });
}

/** POST /expiry: dates with dashes, ascending; requests have them without. */
export function expiryRoute({ deps, fields }: OpenalgoCall): ServedResponse {
  const { symbol, exchange, instrumenttype: type } = fields;
  for (const field of ['symbol', 'exchange', 'instrumenttype']) {
    if (typeof fields[field] !== 'string') return missing(field);
  }
  if (type !== 'options' && type !== 'futures') {
    return failure(400, { instrumenttype: ['Must be one of: futures, options.'] });
  }
  if (!['NFO', 'BFO', 'MCX', 'CDS', 'NCO', 'BCD', 'NCDEX', 'CRYPTO'].includes(String(exchange))) {
    return failure(400, { exchange: ['Must be an exchange of derivatives.'] });
  }
  const underlying = deps.symbols.underlying(symbol as string, exchange as string);
  if (!underlying) return failure(404, `No expiry dates found for ${String(symbol)}`);
  const dates = type === 'options'
    ? deps.market.expiries(underlying)
    : deps.market.futures()
      .filter((future) => future.underlying === underlying && future.expiry >= deps.market.today())
      .map(({ expiry }) => expiry);
  const data = dates.map((date) => expiryText(date, '-'));
  return success({ data, message: `Found ${data.length} expiry dates for ${String(symbol)}` });
}

/** GET /instruments: everything that is listed, on an exchange or on all; JSON or CSV. */
export function instrumentsRoute({ deps, fields }: OpenalgoCall): ServedResponse {
  const { exchange, format = 'json' } = fields;
  if (exchange !== undefined && !isExchange(String(exchange))) {
    return failure(400, { exchange: ['Must be one of the exchanges.'] });
  }
  const isCsv = format === 'csv';
  const headers = { 'content-type': isCsv ? 'text/csv' : 'application/json' };
  return { status: 200, headers, body: chunks(deps, exchange, isCsv) };
}

async function* chunks(
  deps: OpenalgoDeps,
  exchange: unknown,
  isCsv: boolean,
): AsyncIterable<Uint8Array> {
  const encoder = new TextEncoder();
  const separator = isCsv ? '\n' : ',';
  let lines: string[] = [];
  let before = isCsv ? `${columns.join()}\n` : '{"status":"success","data":[';
  for (const contract of contracts(deps.market, exchange)) {
    const row = rowOf(deps, contract, false);
    lines.push(isCsv ? columns.map((column) => row[column]).join() : JSON.stringify(row));
    if (lines.length < rowsPerChunk) continue;
    yield encoder.encode(before + lines.join(separator));
    [lines, before] = [[], separator];
  }
  const rest = lines.length > 0 || before !== separator ? before + lines.join(separator) : '';
  yield encoder.encode(`${rest}${isCsv ? '\n' : ']}'}`);
}

const columns = [
  'symbol', 'brsymbol', 'name', 'exchange', 'brexchange', 'token', 'expiry', 'strike', 'lotsize',
  'instrumenttype', 'tick_size',
] as const;

/** `isFull`: as routes of single symbols tell it. */
function rowOf(
  { symbols }: OpenalgoDeps,
  contract: Contract,
  isFull: boolean,
): Record<string, unknown> {
  const { underlying, id, expiry, strikePaise, lot, type, tickPaise, kind } = contract;
  const [symbol, exchange] = [symbols.symbolOf(contract), exchangeOf(contract)];
  const plain = { index: 'INDEX', cash: 'EQ', future: 'FUT', option: 'CE' }[kind];
  return {
    ...(isFull && { id, freeze_qty: expiry === undefined ? 1 : lot * freezeLots }),
    symbol,
    brsymbol: symbol,
    name: underlying.symbol,
    exchange,
    brexchange: exchange,
    token: String(id),
    expiry: expiry === undefined ? '' : expiryText(expiry, '-'),
    strike: strikePaise / 100,
    lotsize: lot,
    instrumenttype: type ?? plain,
    tick_size: tickPaise / 100,
  };
}

function* contracts(market: Market, exchange: unknown): Generator<Contract> {
  const isHere = (contract: Contract): boolean =>
    exchange === undefined || exchangeOf(contract) === exchange;
  for (const underlying of market.underlyings) {
    if (underlying.kind === 'commodity') continue;
    const spot = market.lookSpot(underlying);
    if (isHere(spot)) yield spot;
  }
  for (const { place, id, expiry } of market.futures()) {
    const future = expiry >= market.today() ? market.look(place, id) : undefined;
    if (future && isHere(future)) yield future;
  }
  for (const underlying of market.underlyings) {
    for (const expiry of market.expiries(underlying)) {
      const chain = market.chain(underlying, expiry);
      if (!chain || !isHere(market.lookLeg(chain, 0))) continue;
      for (let position = 0; position < 2 * chain.strikesPaise.length; position++) {
        yield market.lookLeg(chain, position);
      }
    }
  }
}
