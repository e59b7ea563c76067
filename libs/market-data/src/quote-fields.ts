/** Price levels kept per side. */
export const depthLevels = 5;

/**
 * Where a level's figures lie within its six: a slot's whole book is one run of 30 numbers, best
 * level first, so that a packet's depth is merged in one pass over two cache lines.
 */
export const bookAt = {
  bidPaise: 0,
  askPaise: 1,
  bidQty: 2,
  askQty: 3,
  bidOrders: 4,
  askOrders: 5,
} as const;
/** Numbers per level, and per slot. */
export const levelInts = 6;
/** Numbers of a whole book. */
export const bookInts = depthLevels * levelInts;

/**
 * Bits that say which figures a packet carries, and which of a slot's figures the market has ever
 * told (a zero that was told differs from no data).
 */
export const field = {
  ltp: 1,
  lastQty: 2,
  averagePrice: 4,
  volume: 8,
  totals: 16,
  /** Day's open, high and low. */
  dayRange: 32,
  /** Previous session's close. */
  close: 64,
  oi: 128,
  oiRange: 256,
  previousOi: 512,
  /** Best bid and ask. */
  top: 1024,
  /** All five levels (the best included). */
  depth: 2048,
  tradeTime: 4096,
  /** IV and Greeks as the broker computed them. */
  brokerGreeks: 8192,
} as const;

/**
 * The one place a decoder writes a packet to before it is merged: preallocated, so that a tick
 * makes no object. Prices in paise, quantities in units, times in epoch milliseconds (0: unknown).
 */
export class QuoteScratch {
  /** Indices in `ints`. */
  static readonly ltp = 0;
  static readonly averagePrice = 1;
  static readonly open = 2;
  static readonly high = 3;
  static readonly low = 4;
  static readonly close = 5;
  readonly ints = new Int32Array(6);

  /** The book as the store keeps it: see `bookAt`. */
  readonly book = new Uint32Array(bookInts);

  /** Indices in `units`. */
  static readonly lastQty = 0;
  static readonly volume = 1;
  static readonly totalBuyQty = 2;
  static readonly totalSellQty = 3;
  static readonly oi = 4;
  static readonly oiHigh = 5;
  static readonly oiLow = 6;
  static readonly previousOi = 7;
  static readonly tradeMs = 8;
  readonly units = new Float64Array(9);

  /** Broker's iv (percent), delta, gamma, theta, vega, rho; NaN where it gives none. */
  readonly greeks = new Float64Array(6);
}

/** Where a decoder hands over what it wrote to the scratch. */
export interface QuoteSink {
  readonly scratch: QuoteScratch;
  /** Merges the scratch into a slot; `fields` are bits of `field`. True when it was taken. */
  apply(slot: number, fields: number): boolean;
}
