import type { Contract, Place } from '../market/contract';
import { typeAt } from '../market/listing';
import type { Market } from '../market/market';
import type { Underlying } from '../market/underlying';

const placeOf: Readonly<Record<string, Place>> = { NFO: 'NSE_FO', BFO: 'BSE_FO', MCX: 'MCX_FO' };
const exchanges: Readonly<Record<string, string>> = {
  NSE_CASH: 'NSE', NSE_FO: 'NFO', BSE_FO: 'BFO', MCX_FO: 'MCX',
};
/** Exchanges that nothing is listed on here. */
const emptyExchanges = ['BSE', 'CDS', 'BCD', 'NCDEX', 'NCO', 'MCX_INDEX', 'GLOBAL_INDEX', 'CRYPTO'];
const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/** Symbols as OpenAlgo spells them, whatever its broker does. */
export interface Symbols {
  symbolOf(contract: Contract): string;
  /** The contract as of now; undefined when an exchange has no such symbol. */
  look(symbol: string, exchange: string): Contract | undefined;
  /** What has derivatives by its plain name, and lists them on an exchange. */
  underlying(symbol: string, exchange: string): Underlying | undefined;
}

export function isExchange(text: string): boolean {
  return ['NSE_INDEX', 'BSE_INDEX', ...Object.values(exchanges), ...emptyExchanges].includes(text);
}

export function exchangeOf({ place, underlying }: Contract): string {
  return exchanges[place] ?? `${underlying.exchange}_INDEX`;
}

/** `24NOV26`, or `24-NOV-26` with a separator. */
export function expiryText(expiry: string, separator = ''): string {
  const month = months[Number(expiry.slice(5, 7)) - 1] ?? '';
  return [expiry.slice(8), month, expiry.slice(2, 4)].join(separator);
}

/** `YYYY-MM-DD` of `24NOV26`; undefined when it is no such date. */
export function expiryOf(text: string): string | undefined {
  const [, day, name = '', year] = /^(\d{2})([A-Z]{3})(\d{2})$/.exec(text.toUpperCase()) ?? [];
  const month = months.indexOf(name) + 1;
  return month > 0 ? `20${year}-${String(month).padStart(2, '0')}-${day}` : undefined;
}

export function createSymbols(market: Market): Symbols {
  const byName = new Map(market.underlyings.map((one) => [plainName(one), one]));
  const lookDerivative = (symbol: string, exchange: string): Contract | undefined => {
    const parts = /^(.+?)(\d{2}[A-Z]{3}\d{2})(?:(FUT)|(\d+(?:\.\d+)?)(CE|PE))$/.exec(symbol);
    const [, base = '', date = '', isFuture, strike = '', type] = parts ?? [];
    const [underlying, expiry, place] = [byName.get(base), expiryOf(date), placeOf[exchange]];
    if (!underlying || expiry === undefined || place === undefined) return undefined;
    if (isFuture) {
      const future = market.futures().find((one) =>
        one.underlying === underlying && one.expiry === expiry && one.place === place);
      return future && market.look(place, future.id);
    }
    const chain = market.chain(underlying, expiry);
    const index = chain?.place === place
      ? chain.strikesPaise.indexOf(Math.round(Number(strike) * 100))
      : -1;
    if (!chain || index < 0) return undefined;
    const position = 2 * index;
    return market.lookLeg(chain, typeAt(position) === type ? position : position + 1);
  };
  return {
    symbolOf(contract) {
      const { underlying, expiry, strikePaise, type } = contract;
      const base = plainName(underlying);
      if (expiry === undefined) return base;
      return `${base}${expiryText(expiry)}${type ? `${strikePaise / 100}${type}` : 'FUT'}`;
    },
    look(symbol, exchange) {
      if (Object.hasOwn(placeOf, exchange)) return lookDerivative(symbol, exchange);
      const found = byName.get(symbol);
      const wanted = found?.kind === 'stock' ? 'NSE' : `${found?.exchange}_INDEX`;
      const isThere = found && found.kind !== 'commodity' && wanted === exchange;
      return isThere ? market.lookSpot(found) : undefined;
    },
    underlying(symbol, exchange) {
      const found = byName.get(symbol);
      if (!found?.expiries) return undefined;
      const homes = { NSE: ['NFO'], BSE: ['BFO'], MCX: ['MCX'] }[found.exchange];
      if (found.kind === 'index') homes.push(`${found.exchange}_INDEX`);
      if (found.kind === 'stock') homes.push('NSE');
      return homes.includes(exchange) ? found : undefined;
    },
  };
}

/** Names have no spaces: `INDIAVIX`. */
function plainName({ symbol }: Underlying): string {
  return symbol.replaceAll(' ', '');
}
