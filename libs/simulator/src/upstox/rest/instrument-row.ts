import type { Contract } from '../../market/contract';
import type { Underlying } from '../../market/underlying';
import { isWeeklyOf, segmentOf, tradingSymbol } from '../keys';
import type { UpstoxDeps } from './rest-call';

/** So many lots may go in one order. */
const freezeLots = 54;

const typeOf: Readonly<Record<Underlying['kind'], string>> = {
  index: 'INDEX', stock: 'EQUITY', commodity: 'COM',
};

/** What files and the contract route tell alike of a future or an option. */
export function derivativeFields(deps: UpstoxDeps, contract: Contract): Record<string, unknown> {
  const { underlying, lot, tickPaise, type, strikePaise, id, expiry = '' } = contract;
  return {
    name: underlying.symbol,
    segment: segmentOf(contract),
    exchange: underlying.exchange,
    weekly: type !== undefined && isWeeklyOf(deps.market, underlying, expiry),
    instrument_key: deps.keys.keyOf(contract),
    exchange_token: String(id),
    trading_symbol: tradingSymbol(contract),
    // In paise, as decimals.
    tick_size: tickPaise,
    lot_size: lot,
    minimum_lot: lot,
    qty_multiplier: 1,
    instrument_type: type ?? 'FUT',
    freeze_quantity: lot * freezeLots,
    underlying_key: deps.keys.ofUnderlying(underlying),
    underlying_type: typeOf[underlying.kind],
    underlying_symbol: underlying.symbol,
    strike_price: strikePaise / 100,
  };
}

/** A row of GET /v2/option/contract: the expiry is a date there. */
export function contractRow(deps: UpstoxDeps, option: Contract): object {
  return { ...derivativeFields(deps, option), expiry: option.expiry };
}
