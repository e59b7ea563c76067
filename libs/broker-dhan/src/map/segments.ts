import type { Exchange } from '@strikewire/contracts';

/** Numbers of the exchange segments on the wire (DhanHQ v2, annexure). */
export const segmentCodes = {
  IDX_I: 0,
  NSE_EQ: 1,
  NSE_FNO: 2,
  NSE_CURRENCY: 3,
  BSE_EQ: 4,
  MCX_COMM: 5,
  BSE_CURRENCY: 7,
  BSE_FNO: 8,
} as const;

export type DhanSegment = keyof typeof segmentCodes;

const optionSegments: Record<Exchange, DhanSegment> = {
  NSE: 'NSE_FNO',
  BSE: 'BSE_FNO',
  MCX: 'MCX_COMM',
};

/** The segment in which an exchange's options trade. */
export function optionSegmentOf(exchange: Exchange): DhanSegment {
  return optionSegments[exchange];
}

/** The wire's number of a segment; -1 for a name that Dhan does not have. */
export function segmentCodeOf(segment: string): number {
  return (segmentCodes as Record<string, number>)[segment] ?? -1;
}

const ofMaster: Record<string, DhanSegment> = {
  'NSE|E': 'NSE_EQ',
  'NSE|D': 'NSE_FNO',
  'NSE|C': 'NSE_CURRENCY',
  'BSE|E': 'BSE_EQ',
  'BSE|D': 'BSE_FNO',
  'MCX|M': 'MCX_COMM',
};

/** The segment of a row of the instrument master; undefined for those that have none. */
export function segmentOfMasterRow(exchange: string, segment: string): DhanSegment | undefined {
  return segment === 'I' ? 'IDX_I' : ofMaster[`${exchange}|${segment}`];
}
