import { StrikewireError } from '@strikewire/runtime';

/** Exchanges whose derivatives the platform knows. */
export const exchanges = ['NSE', 'BSE', 'MCX'] as const;
/** `NSE`, `BSE` or `MCX`. */
export type Exchange = (typeof exchanges)[number];

/** CE is a call, PE a put (the exchanges' own words). */
export type OptionType = 'CE' | 'PE';

/** The cash or index side of a chain: `NSE:NIFTY`. */
export interface UnderlyingRef {
  exchange: Exchange;
  symbol: string;
}

/** One option: `NSE:NIFTY:2026-11-24:24500:CE`. */
export interface OptionRef extends UnderlyingRef {
  /** ISO date. */
  expiry: string;
  /** Strike in paise: strikes like 1012.5 stay exact. */
  strikePaise: number;
  type: OptionType;
}

/** One future: `NSE:NIFTY:2026-11-24:FUT`. */
export interface FutureRef extends UnderlyingRef {
  /** ISO date. */
  expiry: string;
}

/**
 * Canonical, broker-neutral: `EXCHANGE:SYMBOL`, `EXCHANGE:SYMBOL:EXPIRY:FUT` or
 * `EXCHANGE:SYMBOL:EXPIRY:STRIKE:CE|PE`.
 */
export type ContractKey = string;

const symbolPattern = /^[A-Z0-9][A-Z0-9&_-]{0,31}$/;
const keyPattern =
  /^(NSE|BSE|MCX):([A-Z0-9][A-Z0-9&_-]{0,31}):(\d{4}-\d{2}-\d{2}):(\d{1,9}(?:\.\d{1,2})?):(CE|PE)$/;

/** A symbol as exchanges write it: `NIFTY`, `M&M`, `BAJAJ-AUTO`. */
export function isSymbol(text: string): boolean {
  return symbolPattern.test(text);
}

/** `NSE:NIFTY`. */
export function underlyingKey({ exchange, symbol }: UnderlyingRef): ContractKey {
  return `${exchange}:${symbol}`;
}

/** The canonical key of an option; strikes print without trailing zeros (`24500`, `1012.5`). */
export function optionKey(ref: OptionRef): ContractKey {
  return `${ref.exchange}:${ref.symbol}:${ref.expiry}:${strikeText(ref.strikePaise)}:${ref.type}`;
}

/**
 * Reads an option's key.
 * @throws StrikewireError `invalid` when the text is not one.
 */
export function parseOptionKey(key: string): OptionRef {
  const match = keyPattern.exec(key);
  if (!match || !isIsoDate(match[3] as string)) {
    throw new StrikewireError({
      kind: 'invalid',
      code: 'contract_key_malformed',
      message:
        `contract key was "${key.slice(0, 80)}", ` +
        'needs EXCHANGE:SYMBOL:YYYY-MM-DD:STRIKE:CE|PE',
    });
  }
  const [, exchange, symbol, expiry, strike, type] = match as unknown as string[];
  return {
    exchange: exchange as Exchange,
    symbol: symbol as string,
    expiry: expiry as string,
    strikePaise: Math.round(Number(strike) * 100),
    type: type as OptionType,
  };
}

/** The canonical key of a future. */
export function futureKey({ exchange, symbol, expiry }: FutureRef): ContractKey {
  return `${exchange}:${symbol}:${expiry}:FUT`;
}

/** Rupees from paise, as shortest text: 101250 → `1012.5`. */
export function strikeText(strikePaise: number): string {
  return String(strikePaise / 100);
}

/** True for a date that exists, written `YYYY-MM-DD`. */
export function isIsoDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(ms) && new Date(ms).toISOString().startsWith(text);
}
