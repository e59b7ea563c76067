import type { Contract, Place } from '../market/contract';
import { isinOf } from '../market/isin';
import type { Market } from '../market/market';
import type { Underlying } from '../market/underlying';

/** Names of indices in their keys; case and spaces count. */
const indexNames: Readonly<Record<string, string>> = {
  NIFTY: 'Nifty 50',
  BANKNIFTY: 'Nifty Bank',
  FINNIFTY: 'Nifty Fin Service',
  MIDCPNIFTY: 'NIFTY MID SELECT',
  'INDIA VIX': 'India VIX',
};

const derivativePlaces: readonly Place[] = ['NSE_FO', 'BSE_FO', 'MCX_FO'];

/** Instrument keys, `SEGMENT|ID`. */
export interface Keys {
  keyOf(contract: Contract): string;
  /** Of an index or a share; of a commodity its nearest future's. */
  ofUnderlying(underlying: Underlying): string;
  /** The contract as of now; undefined when nothing has this key. */
  look(key: string): Contract | undefined;
  /** What has options and this key. */
  underlying(key: string): Underlying | undefined;
}

/** Whether it has the form of a key. */
export function isKey(text: string): boolean {
  return /^[A-Z_]+\|.+$/.test(text);
}

export function indexName({ symbol }: Underlying): string {
  return indexNames[symbol] ?? symbol;
}

export function segmentOf(contract: Contract): string {
  const { place, underlying } = contract;
  if (place === 'INDEX') return `${underlying.exchange}_INDEX`;
  return place === 'NSE_CASH' ? 'NSE_EQ' : place;
}

export function createKeys(market: Market): Keys {
  const byKey = new Map<string, Underlying>();
  const cashKey = (underlying: Underlying): string => underlying.kind === 'index'
    ? `${underlying.exchange}_INDEX|${indexName(underlying)}`
    : `NSE_EQ|${isinOf(underlying.symbol)}`;
  for (const underlying of market.underlyings) {
    if (underlying.kind !== 'commodity') byKey.set(cashKey(underlying), underlying);
  }
  const keyOf = (contract: Contract): string => contract.place === 'INDEX' ||
    contract.place === 'NSE_CASH'
    ? cashKey(contract.underlying)
    : `${contract.place}|${contract.id}`;
  return {
    keyOf,
    ofUnderlying: (underlying) => underlying.kind === 'commodity'
      ? keyOf(market.lookSpot(underlying))
      : cashKey(underlying),
    look(key) {
      const known = byKey.get(key);
      if (known) return market.lookSpot(known);
      const [, place, id] = /^([A-Z]+_FO)\|(\d{1,10})$/.exec(key) ?? [];
      const found = derivativePlaces.find((one) => one === place);
      return found && market.look(found, Number(id));
    },
    underlying: (key) => byKey.get(key),
  };
}

const months = 'JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC';

/** `29 DEC 26` */
export function dayText(expiry: string): string {
  return `${expiry.slice(8)} ${monthOf(expiry)} ${expiry.slice(2, 4)}`;
}

/** As the instrument files write it: `NIFTY 27000 CE 29 DEC 26`. */
export function tradingSymbol(contract: Contract): string {
  const { underlying: { symbol }, expiry, type, strikePaise } = contract;
  if (expiry === undefined) return symbol;
  const what = type ? `${strikePaise / 100} ${type}` : 'FUT';
  return `${symbol} ${what} ${dayText(expiry)}`;
}

/**
 * As quotes are named, which is not what they were asked for by: `NSE_FO:NIFTY26N2427000CE` of a
 * weekly, `NSE_FO:NIFTY26DEC27000CE` of the last in a month.
 */
export function quoteName(contract: Contract, isWeekly: boolean): string {
  const { underlying, expiry, type, strikePaise } = contract;
  const segment = segmentOf(contract);
  if (contract.kind === 'index') return `${segment}:${indexName(underlying)}`;
  if (expiry === undefined) return `${segment}:${underlying.symbol}`;
  const month = Number(expiry.slice(5, 7));
  const when = isWeekly
    ? `${expiry.slice(2, 4)}${'123456789OND'.charAt(month - 1)}${expiry.slice(8)}`
    : `${expiry.slice(2, 4)}${monthOf(expiry)}`;
  return `${segment}:${underlying.symbol}${when}${type ? `${strikePaise / 100}${type}` : 'FUT'}`;
}

/** All but the last listed of a month. */
export function isWeeklyOf(market: Market, underlying: Underlying, expiry: string): boolean {
  const ofMonth = market.expiries(underlying)
    .filter((date) => date.slice(0, 7) === expiry.slice(0, 7));
  return ofMonth.length > 0 && ofMonth.at(-1) !== expiry;
}

function monthOf(expiry: string): string {
  const at = 3 * (Number(expiry.slice(5, 7)) - 1);
  return months.slice(at, at + 3);
}
