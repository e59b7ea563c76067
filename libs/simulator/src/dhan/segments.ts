import type { Place } from '../market/contract';

/** Dhan's exchange segments that this market fills, with the code of the binary feed. */
const segments = [
  { name: 'IDX_I', code: 0, place: 'INDEX' },
  { name: 'NSE_EQ', code: 1, place: 'NSE_CASH' },
  { name: 'NSE_FNO', code: 2, place: 'NSE_FO' },
  { name: 'MCX_COMM', code: 5, place: 'MCX_FO' },
  { name: 'BSE_FNO', code: 8, place: 'BSE_FO' },
] as const satisfies readonly { name: string; code: number; place: Place }[];

/** Names that requests may use, though nothing is listed there. */
const emptySegments = ['NSE_CURRENCY', 'BSE_EQ', 'BSE_CURRENCY'];

/** The place behind a segment name; undefined for an empty or unknown one. */
export function placeOfSegment(name: string): Place | undefined {
  return segments.find((segment) => segment.name === name)?.place;
}

export function isSegment(name: string): boolean {
  return placeOfSegment(name) !== undefined || emptySegments.includes(name);
}

const codes = new Map<Place, number>(segments.map(({ place, code }) => [place, code]));

export function segmentCode(place: Place): number {
  return codes.get(place) ?? 0;
}

export function segmentName(place: Place): string {
  return segments.find((segment) => segment.place === place)?.name ?? '';
}
