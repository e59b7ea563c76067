import { bookInts, field, type QuoteStore } from '@strikewire/market-data';

/**
 * A mirrored chain: a header, then the chain's key and the tokens of its rows as text, then one
 * column per figure. Rows are the chain's legs in their order, last the spot. Numbers are little
 * endian, as on every machine that runs this; elsewhere the magic does not fit.
 */
export const mirrorMagic = 0x4d435753;
/** Raised with every change of the layout: another version is not read. */
export const mirrorLayoutVersion = 1;
export const mirrorHeaderBytes = 32;

/** Offsets in the header. */
export const mirrorAt = {
  magic: 0,
  layoutVersion: 4,
  rowCount: 6,
  /** Of the whole value. */
  byteCount: 8,
  /** Over all that comes after it. */
  checksum: 12,
  writtenMs: 16,
  /** The trading day as a number: 20261124. */
  tradingDay: 24,
  textBytes: 28,
} as const;

type ColumnArray = Float64Array | Int32Array | Uint32Array | Uint16Array;
type ColumnKind = 'float64' | 'int32' | 'uint32' | 'uint16';

/** The columns, widest numbers first, so that each begins where its numbers may. */
export const mirrorColumns = [
  { name: 'volume', kind: 'float64', width: 1 },
  { name: 'oi', kind: 'float64', width: 1 },
  { name: 'previousOi', kind: 'float64', width: 1 },
  { name: 'tradeMs', kind: 'float64', width: 1 },
  { name: 'receivedMs', kind: 'float64', width: 1 },
  { name: 'brokerGreeksAtMs', kind: 'float64', width: 1 },
  { name: 'brokerGreeks', kind: 'float64', width: 6 },
  { name: 'ltpPaise', kind: 'int32', width: 1 },
  { name: 'averagePaise', kind: 'int32', width: 1 },
  { name: 'openPaise', kind: 'int32', width: 1 },
  { name: 'highPaise', kind: 'int32', width: 1 },
  { name: 'lowPaise', kind: 'int32', width: 1 },
  { name: 'closePaise', kind: 'int32', width: 1 },
  { name: 'book', kind: 'uint32', width: bookInts },
  { name: 'known', kind: 'uint16', width: 1 },
] as const satisfies readonly { name: keyof QuoteStore; kind: ColumnKind; width: number }[];

export type MirrorColumn = (typeof mirrorColumns)[number]['name'];
/** The columns of one mirrored chain, by name; row `r` is at `r * width`. */
export type MirrorColumns = { [Name in MirrorColumn]: QuoteStore[Name] };

/** What the columns tell; the rest of `known` does not come along. */
export const mirroredFields =
  field.ltp |
  field.averagePrice |
  field.volume |
  field.dayRange |
  field.close |
  field.oi |
  field.previousOi |
  field.top |
  field.depth |
  field.tradeTime |
  field.brokerGreeks;

const arrays = {
  float64: Float64Array,
  int32: Int32Array,
  uint32: Uint32Array,
  uint16: Uint16Array,
} as const;

const rowBytes = mirrorColumns.reduce(
  (sum, { kind, width }) => sum + arrays[kind].BYTES_PER_ELEMENT * width,
  0,
);

/** Where the columns begin. */
function columnsAt(textBytes: number): number {
  return padTo8(mirrorHeaderBytes + textBytes);
}

/** Length of a value; the strike of each row comes along as a column of its own. */
export function mirrorBytes(rowCount: number, textBytes: number): number {
  return padTo8(columnsAt(textBytes) + rowCount * (rowBytes + Int32Array.BYTES_PER_ELEMENT));
}

/** Views on the columns of a value that has the length for them, and on its strikes. */
export function mirrorViews(
  buffer: ArrayBuffer,
  rowCount: number,
  textBytes: number,
): { columns: MirrorColumns; strikesPaise: Int32Array } {
  let at = columnsAt(textBytes);
  const columns: Record<string, ColumnArray> = {};
  let strikesPaise = new Int32Array(0);
  for (const { name, kind, width } of mirrorColumns) {
    if (name === 'book') {
      strikesPaise = new Int32Array(buffer, at, rowCount);
      at += strikesPaise.byteLength;
    }
    const column = new arrays[kind](buffer, at, rowCount * width);
    columns[name] = column;
    at += column.byteLength;
  }
  return { columns: columns as unknown as MirrorColumns, strikesPaise };
}

/** Over everything behind the checksum itself; the row count is what it starts from. */
export function mirrorChecksum(buffer: ArrayBuffer, rowCount: number): number {
  const words = new Uint32Array(buffer, mirrorAt.writtenMs);
  let sum = 0x811c9dc5 ^ rowCount;
  for (let index = 0; index < words.length; index++) {
    sum = Math.imul(sum ^ (words[index] ?? 0), 0x9e3779b1);
    sum ^= sum >>> 15;
  }
  return sum >>> 0;
}

function padTo8(bytes: number): number {
  return (bytes + 7) & ~7;
}
