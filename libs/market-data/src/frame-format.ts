/**
 * The frame: what a chain's subscribers receive. Little-endian, columns instead of rows, aligned
 * so that a reader can lay typed arrays over it. docs/socket.md describes it for client authors.
 *
 * header (120 bytes) | row numbers u16 × rows, padded to 8 | columns in the order of
 * `frameColumns`, those named by the header's column mask, each padded to 8.
 */
export const frameMagic = 0x31465753; // "SWF1"
/** Rises when a reader of the older layout would misread. */
export const frameLayoutVersion = 2;
/** Bytes before the row numbers. */
export const frameHeaderBytes = 120;
/** Rows are u16: a chain has at most this many legs. */
export const frameRowsMax = 65_535;

/** Numbers of the kinds of frame. */
export const frameKind = { snapshot: 1, delta: 2 } as const;
/** Numbers of the views; a closed list. */
export const frameView = { quotes: 1 } as const;
/** Bits of the header's flags. */
export const frameFlag = { stale: 1, atmOutsideWindow: 2 } as const;

/** Byte offsets of the header's fields. */
export const headerOffset = {
  magic: 0,
  layoutVersion: 4,
  kind: 5,
  view: 6,
  flags: 7,
  stream: 8,
  generation: 12,
  previousVersion: 16,
  version: 20,
  rowCount: 24,
  columnMask: 28,
  asOfMs: 32,
  spotPaise: 40,
  spotClosePaise: 44,
  atmPaise: 48,
  anchorIndex: 52,
  spotMs: 56,
  forward: 64,
  atmIv: 72,
  skew: 80,
  straddle: 88,
  expectedMove: 96,
  gammaExposure: 104,
  maxPainPaise: 112,
  forwardSource: 116,
} as const;

/** What a forward is taken from; the index is its number on the wire. */
export const forwardSourceNames = ['none', 'parity', 'future', 'spot'] as const;

/** Figures of a chain as a whole; NaN where there is none. Rupees, percent. */
export interface FrameFigures {
  forward: number;
  forwardSource: (typeof forwardSourceNames)[number];
  /** Percent. */
  atmIv: number;
  /** 25-delta put IV less call IV, points. */
  skew: number;
  straddle: number;
  expectedMove: number;
  gammaExposure: number;
  /** Paise; 0 when unknown. */
  maxPainPaise: number;
}

/** Figures of a chain of which nothing is known. */
export const noFigures: Readonly<FrameFigures> = {
  forward: NaN,
  forwardSource: 'none',
  atmIv: NaN,
  skew: NaN,
  straddle: NaN,
  expectedMove: NaN,
  gammaExposure: NaN,
  maxPainPaise: 0,
};

/** A frame's header, decoded: prices in paise, times in epoch milliseconds. */
export interface FrameHeader extends FrameFigures {
  kind: 'snapshot' | 'delta';
  /** Number of the stream: one (chain, view, encoding). */
  stream: number;
  generation: number;
  /** Version this frame builds on; 0 in a snapshot. */
  previousVersion: number;
  version: number;
  rowCount: number;
  columnMask: number;
  /** When the frame was made, epoch ms. */
  asOfMs: number;
  isStale: boolean;
  isAtmOutsideWindow: boolean;
  /** Paise; 0 when unknown. */
  spotPaise: number;
  spotClosePaise: number;
  spotMs: number;
  /** LTP rounded to the interval, in paise; 0 when unknown. */
  atmPaise: number;
  /** Index of the listed strike that tags count from; -1 when unknown. */
  anchorIndex: number;
}

/**
 * Columns in wire order; the index is the bit in the column mask. `ageMs` is how long before
 * `asOfMs` the leg was last touched; `known` holds the bits of `field` that the market has told.
 */
export const frameColumns = [
  { name: 'volume', bytes: 8 },
  { name: 'oi', bytes: 8 },
  { name: 'ltpPaise', bytes: 4 },
  { name: 'bidPaise', bytes: 4 },
  { name: 'askPaise', bytes: 4 },
  { name: 'bidQty', bytes: 4 },
  { name: 'askQty', bytes: 4 },
  { name: 'ageMs', bytes: 4 },
  { name: 'known', bytes: 2 },
  // Slow figures: only in frames in which one of them changed.
  { name: 'previousOi', bytes: 8 },
  { name: 'closePaise', bytes: 4 },
  { name: 'brokerGreeks', bytes: 48 },
  { name: 'brokerGreeksAtMs', bytes: 8 },
  // Volatility and Greeks as the platform computes them, as f32: at most once a second.
  { name: 'greeks', bytes: 24 },
  { name: 'ivStatus', bytes: 1 },
] as const;

/** Columns 0 to 8, which every frame carries. */
export const quickColumnMask = 0b000_0001_1111_1111;
/** Columns 9 to 12, and 13 and 14: in a frame as a group or not at all. */
export const slowColumnMask = 0b001_1110_0000_0000;
export const derivedColumnMask = 0b110_0000_0000_0000;

/** Whether the columns are a set that frames have. */
export function isColumnMask(mask: number): boolean {
  const rest = mask & ~quickColumnMask;
  const isWhole = (group: number): boolean => (rest & group) === 0 || (rest & group) === group;
  const isKnown = (rest & ~(slowColumnMask | derivedColumnMask)) === 0;
  const hasQuick = (mask & quickColumnMask) === quickColumnMask;
  return hasQuick && isKnown && isWhole(slowColumnMask) && isWhole(derivedColumnMask);
}

/** Age of a leg that was never touched, and of one touched too long ago to say. */
export const ageUnknown = 0xffffffff;

/** The next multiple of 8. */
export function padTo8(bytes: number): number {
  return (bytes + 7) & ~7;
}

/** Bytes of a frame with this many rows and these columns. */
export function frameBytes(rowCount: number, columnMask: number): number {
  let bytes = frameHeaderBytes + padTo8(rowCount * 2);
  frameColumns.forEach((column, bit) => {
    if ((columnMask & (1 << bit)) !== 0) bytes += padTo8(rowCount * column.bytes);
  });
  return bytes;
}
