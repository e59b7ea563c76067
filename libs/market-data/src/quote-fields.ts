/** Price levels kept per side. */
export const depthLevels = 5;

/**
 * Where a level's figures lie within its five: a slot's whole book is one run of 25 numbers, best
 * level first, so that a packet's depth is merged in one pass over two cache lines.
 */
export const bookAt = {
  bidPaise: 0,
  askPaise: 1,
  bidQty: 2,
  askQty: 3,
  /** Number of orders: the bids' in the low 16 bits, the asks' in the high; 65,535 at most. */
  orders: 4,
} as const;
/** Numbers per level, and per slot. */
export const levelInts = 5;
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
