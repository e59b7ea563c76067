import { dayLabel } from '../../format/times';
import { strikeLabel } from '../../format/numbers';

/** The parts of a contract's key, as far as they are shown. */
export interface ContractParts {
  exchange: string;
  underlying: string;
  /** ISO date; empty for what has none. */
  expiry: string;
  /** Rupees; null for a future. */
  strike: number | null;
  /** `CE`, `PE`, `FUT`, or empty. */
  kind: string;
}

/** Reads `NSE:NIFTY:2026-11-24:24500:CE` and `NSE:NIFTY:2026-11-24:FUT`; never refuses. */
export function contractParts(key: string): ContractParts {
  const [exchange = '', underlying = key, expiry = '', third = '', fourth = ''] = key.split(':');
  const strike = fourth === '' ? null : Number(third);
  return { exchange, underlying, expiry, strike, kind: fourth || third };
}

/** `NIFTY 24 Nov 24,500 CE`. `wallMs`: tells whether the year is said. */
export function contractLabel(key: string, wallMs: number): string {
  const { underlying, expiry, strike, kind } = contractParts(key);
  const day = expiry && dayLabel(expiry, wallMs);
  const at = strike === null ? '' : strikeLabel(strike);
  return [underlying, day, at, kind].filter(Boolean).join(' ');
}
