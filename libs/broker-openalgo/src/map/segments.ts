import type { Exchange, UnderlyingRef } from '@strikewire/contracts';

const derivativeCodes: Record<Exchange, string> = { NSE: 'NFO', BSE: 'BFO', MCX: 'MCX' };

/** OpenAlgo's exchange code of an exchange's options and futures: the segment of their tokens. */
export function derivativeCodeOf(exchange: Exchange): string {
  return derivativeCodes[exchange];
}

/** Indices with options (OpenAlgo, "Symbol format"): every other underlying is a share. */
const indices: Readonly<Record<string, ReadonlySet<string>>> = {
  NSE: new Set(['NIFTY', 'BANKNIFTY', 'FINNIFTY', 'MIDCPNIFTY', 'NIFTYNXT50']),
  BSE: new Set(['SENSEX', 'BANKEX', 'SENSEX50']),
};

export function isIndex({ exchange, symbol }: UnderlyingRef): boolean {
  return indices[exchange]?.has(symbol) ?? false;
}
