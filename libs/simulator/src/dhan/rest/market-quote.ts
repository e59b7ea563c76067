import type { ServedResponse } from '@strikewire/runtime';
import { depthFields, depthLevels, type Contract } from '../../market/contract';
import type { Market } from '../../market/market';
import { dataAnswer, dataError } from '../envelopes';
import { parseBody } from '../../parse-body';
import { isSegment, placeOfSegment } from '../segments';
import type { DataCall, RestDeps } from './rest-call';

const instrumentsMax = 1_000;

/** POST /v2/marketfeed/ltp, /ohlc and /quote: one object per known instrument. */
export function marketQuoteRoute(detail: 'ltp' | 'ohlc' | 'quote') {
  return ({ deps, clientId, body }: DataCall): ServedResponse => {
    if (!deps.limits.take(clientId, 'quote')) return dataError(805);
    const fields = parseBody(body);
    if (!fields) return dataError(814);
    const asked = Object.entries(fields).filter(([name]) => isSegment(name));
    if (!asked.every((entry): entry is [string, unknown[]] => Array.isArray(entry[1]))) {
      return dataError(814);
    }
    const count = asked.reduce((sum, [, ids]) => sum + ids.length, 0);
    if (count > instrumentsMax) {
      deps.violations.add('quote_instruments', `${clientId} asked for ${count}`);
      return dataError(804);
    }
    const data = Object.fromEntries(
      asked.map(([segment, ids]) => [segment, quotesOf(deps, segment, ids, detail)]),
    );
    return dataAnswer(JSON.stringify(data));
  };
}

/** Unknown ids are left out without a word. */
function quotesOf(
  deps: RestDeps,
  segment: string,
  ids: readonly unknown[],
  detail: 'ltp' | 'ohlc' | 'quote',
): Record<string, object> {
  const { market, faults } = deps;
  const place = placeOfSegment(segment);
  const quotes: Record<string, object> = {};
  for (const id of ids) {
    const contract = place && typeof id === 'number' ? market.look(place, id) : undefined;
    if (!contract) continue;
    if (isLevel(contract) && faults.isLtpOmitted(contract.underlying.symbol)) continue;
    quotes[String(id)] = quoteOf(deps, contract, detail);
  }
  return quotes;
}

/** Whether its price is taken for its underlying's: of a commodity, any future's is. */
function isLevel({ kind, board }: Contract): boolean {
  return kind === 'index' || kind === 'cash' || (kind === 'future' && board === 'commodities');
}

function quoteOf(
  { market, faults }: RestDeps,
  contract: Contract,
  detail: 'ltp' | 'ohlc' | 'quote',
): Record<string, unknown> {
  const last = { last_price: contract.ltpPaise / 100 };
  if (detail === 'ltp') return last;
  const ohlc = dayPrices(market, contract);
  return detail === 'ohlc' ? { ...last, ohlc } : fullQuote(contract, ohlc, faults.skewMs());
}

/** After the session the close is today's, before that the day before's. */
function dayPrices(market: Market, contract: Contract): Record<string, number> {
  const isOpen = market.isOpen(contract.board);
  return {
    open: contract.openPaise / 100,
    close: (isOpen ? contract.closePaise : contract.ltpPaise) / 100,
    high: contract.highPaise / 100,
    low: contract.lowPaise / 100,
  };
}

function fullQuote(
  contract: Contract,
  ohlc: Record<string, number>,
  skewMs: number,
): Record<string, unknown> {
  const isNseDerivative = contract.place === 'NSE_FO';
  const [lower, upper] = priceBand(contract);
  return {
    average_price: Math.round(contract.averagePaise) / 100,
    buy_quantity: contract.buyQuantity,
    depth: { buy: depthSide(contract, 0), sell: depthSide(contract, 1) },
    last_price: contract.ltpPaise / 100,
    last_quantity: contract.lastQuantity,
    last_trade_time: tradeTimeText(contract.tradeMs && contract.tradeMs + skewMs),
    lower_circuit_limit: lower,
    net_change: (contract.ltpPaise - contract.closePaise) / 100,
    ohlc,
    oi: contract.oi,
    oi_day_high: isNseDerivative ? contract.oiHigh : 0,
    oi_day_low: isNseDerivative ? contract.oiLow : 0,
    sell_quantity: contract.sellQuantity,
    upper_circuit_limit: upper,
    volume: contract.volume,
  };
}

/** `side`: 0 buys, 1 sells. Always five levels, padded with zeros. */
function depthSide({ depth }: Contract, side: 0 | 1): object[] {
  return Array.from({ length: depthLevels }, (_, level) => {
    const at = level * depthFields + side;
    return {
      quantity: depth[at],
      orders: depth[at + 2],
      price: (depth[at + 4] ?? 0) / 100,
    };
  });
}

/** Rupees: 10 % around the previous close for shares and futures, wide for options. */
function priceBand({ kind, closePaise, tickPaise }: Contract): [lower: number, upper: number] {
  if (kind === 'index' || closePaise === 0) return [0, 0];
  const [low, high] = kind === 'option' ? [0.05, 4] : [0.9, 1.1];
  const onTick = (paise: number): number => Math.round(paise / tickPaise) * tickPaise;
  const lower = Math.max(tickPaise, onTick(closePaise * low));
  return [lower / 100, onTick(closePaise * high) / 100];
}

const indiaOffsetMs = 19_800_000;

/** `DD/MM/YYYY HH:MM:SS` in India; untraded contracts show the start of 1980. */
export function tradeTimeText(tradeMs: number): string {
  if (tradeMs === 0) return '01/01/1980 00:00:00';
  const iso = new Date(tradeMs + indiaOffsetMs).toISOString();
  const [year, month, day] = iso.slice(0, 10).split('-');
  return `${day}/${month}/${year} ${iso.slice(11, 19)}`;
}
