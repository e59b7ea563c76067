import type { InstrumentToken } from '@strikewire/broker';
import { indiaDateOf, isIsoDate, isSymbol, type Exchange } from '@strikewire/contracts';
import { tokenOfKey } from '../map/instrument-key';
import { derivativeSegmentOf } from '../map/segments';

/** An option or future of an instrument file. */
export interface DerivativeRow {
  token: InstrumentToken;
  exchange: Exchange;
  type: 'CE' | 'PE' | 'FUT';
  /** Of the underlying, as exchanges write it. */
  underlying: string;
  /** What the underlying is called in requests; undefined when the row does not tell. */
  underlyingToken: InstrumentToken | undefined;
  tradingSymbol: string;
  /** ISO date in India. */
  expiry: string;
  /** Rupees; 0 for futures. */
  strike: number;
  lotSize: number;
  tickPaise: number;
  freezeQuantity: number | null;
}

/** The exchange's own test instruments, such as 011NSETEST. */
const testSymbol = /(?:NSE|BSE|MCX)TEST/;
const types: readonly unknown[] = ['CE', 'PE', 'FUT'];

/**
 * Reads a row of the exchange's file; undefined for whatever is no option or future of it. Prices
 * of strikes are rupees, ticks paise, expiries the last second of their day in India.
 */
export function readDerivativeRow(row: unknown, exchange: Exchange): DerivativeRow | undefined {
  if (typeof row !== 'object' || row === null) return undefined;
  const cells = row as Record<string, unknown>;
  const type = cells['instrument_type'];
  if (cells['segment'] !== derivativeSegmentOf(exchange) || !types.includes(type)) return undefined;
  const token = tokenOfKey(cells['instrument_key']);
  const underlying = cells['underlying_symbol'] ?? cells['asset_symbol'];
  const expiry = dateOf(cells['expiry']);
  if (!token || expiry === undefined || typeof underlying !== 'string') return undefined;
  if (!isSymbol(underlying) || testSymbol.test(underlying)) return undefined;
  const freeze = numberOf(cells['freeze_quantity']);
  return {
    token,
    exchange,
    type: type as DerivativeRow['type'],
    underlying,
    underlyingToken: tokenOfKey(cells['underlying_key'] ?? cells['asset_key']),
    tradingSymbol: String(cells['trading_symbol'] ?? ''),
    expiry,
    strike: numberOf(cells['strike_price']),
    lotSize: numberOf(cells['lot_size']),
    tickPaise: numberOf(cells['tick_size']) || 5,
    freezeQuantity: freeze > 0 ? freeze : null,
  };
}

function dateOf(value: unknown): string | undefined {
  if (typeof value === 'string') return isIsoDate(value) ? value : undefined;
  // Years 1970 to 2100, in ms: whatever else stands there is no date.
  const isTime = typeof value === 'number' && value > 0 && value < 4_102_444_800_000;
  return isTime ? indiaDateOf(value) : undefined;
}

function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}
