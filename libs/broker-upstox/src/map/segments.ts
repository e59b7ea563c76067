import type { Exchange } from '@strikewire/contracts';

/** Segments of instrument keys, with this adapter's own numbers of them; most frequent first. */
export const segmentNames = [
  'NSE_FO', 'BSE_FO', 'MCX_FO', 'NSE_INDEX', 'BSE_INDEX', 'NSE_EQ', 'BSE_EQ', 'MCX_INDEX',
  'NSE_COM', 'NCD_FO', 'BCD_FO', 'GLOBAL_INDEX',
] as const;

const derivativeSegments: Record<Exchange, string> = {
  NSE: 'NSE_FO',
  BSE: 'BSE_FO',
  MCX: 'MCX_FO',
};

/** The segment in which an exchange's options and futures trade. */
export function derivativeSegmentOf(exchange: Exchange): string {
  return derivativeSegments[exchange];
}
