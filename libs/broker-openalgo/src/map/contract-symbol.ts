import { isSymbol, paiseOf, type OptionType } from '@strikewire/contracts';
import { monthPattern, readExpiryText } from './expiry-text';

/** What the symbol of an option or future says. */
export interface ContractSymbol {
  underlying: string;
  /** ISO date. */
  expiry: string;
  /** Null: a future. */
  option: { strikePaise: number; type: OptionType } | null;
}

/**
 * Underlyings may begin and end with digits (360ONE, NIFTYNXT50), and have `&` or `-` within: only
 * the month between two digits on either side tells where the expiry is.
 */
const pattern = new RegExp(
  `^([A-Z0-9][A-Z0-9&_-]*?)(\\d{2}(?:${monthPattern})\\d{2})(?:FUT|(\\d+(?:\\.\\d{1,2})?)(CE|PE))$`,
);

/**
 * Reads `[BASE][DDMMMYY][STRIKE][CE|PE]` or `[BASE][DDMMMYY]FUT`; undefined for any other symbol.
 * Strikes have no padding and keep their decimals (`VEDL25APR24292.5CE`).
 */
export function readContractSymbol(symbol: string): ContractSymbol | undefined {
  const match = pattern.exec(symbol);
  const [underlying, date, strike, type] = [match?.[1], match?.[2], match?.[3], match?.[4]];
  const expiry = readExpiryText(date ?? '');
  if (underlying === undefined || expiry === undefined || !isSymbol(underlying)) return undefined;
  if (strike === undefined) return { underlying, expiry, option: null };
  const strikePaise = paiseOf(Number(strike));
  if (!(strikePaise > 0)) return undefined;
  return { underlying, expiry, option: { strikePaise, type: type as OptionType } };
}
