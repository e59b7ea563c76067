import { bookAt, bookInts, field } from './quote-fields';

/** Ticks kept per contract. */
export const tickDepthMax = 100;

/** Group of a slot that belongs to none. */
export const noGroup = 0xffff;

/** The fixed dimensions of a store. */
export interface QuoteStoreOptions {
  /** Slots; fixed for the life of the store. */
  capacity: number;
  /** Groups (chains and underlyings) whose change is tracked; at most 65,535. */
  groupCount: number;
  /** Ticks kept per slot, 0 to 100. */
  tickDepth: number;
  /** Epoch milliseconds that tick times count from; they must lie within 24 days of it. */
  baseWallMs: number;
}

/** One remembered tick; prices in paise. */
export interface Tick {
  atMs: number;
  ltpPaise: number;
  bidPaise: number;
  askPaise: number;
}

const tickInts = 4;
// Copies of imports, which would be looked up anew for every packet.
const bookStride = bookInts;
const bestBid = bookAt.bidPaise;
const bestAsk = bookAt.askPaise;

type ContractColumn = Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array;

/**
 * The live figures of a generation's contracts as columns: one typed array per figure, one index
 * (slot) per contract. Prices in paise, quantities in units, times in epoch milliseconds. Nothing
 * here allocates after construction. About 390 bytes a slot plus 2 KiB for its ticks.
 */
export class QuoteStore {
  // Fields are declared, so that each is set once: engines then trust its type for good, which is
  // a tenth of what a packet costs.
  declare readonly capacity: number;
  declare readonly tickDepth: number;
  declare readonly baseWallMs: number;

  declare readonly ltpPaise: Int32Array;
  declare readonly averagePaise: Int32Array;
  declare readonly openPaise: Int32Array;
  declare readonly highPaise: Int32Array;
  declare readonly lowPaise: Int32Array;
  /** Previous session's close. */
  declare readonly closePaise: Int32Array;

  declare readonly lastQty: Float64Array;
  declare readonly volume: Float64Array;
  declare readonly totalBuyQty: Float64Array;
  declare readonly totalSellQty: Float64Array;
  declare readonly oi: Float64Array;
  declare readonly oiHigh: Float64Array;
  declare readonly oiLow: Float64Array;
  declare readonly previousOi: Float64Array;
  /** Exchange's time of the last trade; 0 when unknown. */
  declare readonly tradeMs: Float64Array;

  /** Figure `f` of level `l` of slot `s` is at `s * bookInts + l * levelInts + bookAt[f]`. */
  declare readonly book: Uint32Array;

  /** Computed by the platform: IV in percent, Greeks per rupee; NaN until computed. */
  declare readonly iv: Float64Array;
  declare readonly delta: Float64Array;
  declare readonly gamma: Float64Array;
  declare readonly theta: Float64Array;
  declare readonly vega: Float64Array;
  declare readonly rho: Float64Array;
  /** Why `iv` is not a number; 0 is fine, the rest belong to the pricing library. */
  declare readonly ivStatus: Uint8Array;

  /** The broker's own: iv, delta, gamma, theta, vega, rho at `slot * 6`; NaN where absent. */
  declare readonly brokerGreeks: Float64Array;
  declare readonly brokerGreeksAtMs: Float64Array;

  /** Bits of `field` that have ever been told. */
  declare readonly known: Uint16Array;
  /** Number of the owning session in this store, 0 for none: what a packet is checked against. */
  declare readonly owner: Uint32Array;
  /** The owner's source and epoch, for whoever asks; 0 when none owns the slot yet. */
  declare readonly source: Uint16Array;
  declare readonly epoch: Uint32Array;
  declare readonly ownedSinceMonoMs: Float64Array;
  /** When the last packet was applied: wall for people, mono for rules. */
  declare readonly receivedMs: Float64Array;
  declare readonly touchedMonoMs: Float64Array;
  /** Value of `version` when the slot last changed; and when its close, previous OI or broker
   * Greeks did, which are sent only when they do. */
  declare readonly changedAt: Float64Array;
  declare readonly slowChangedAt: Float64Array;
  /** Value of `version` when volatility and Greeks of the slot were last worked out. */
  declare readonly derivedAt: Float64Array;

  /** Group of each slot, and which groups have changed since their flag was cleared. */
  declare readonly groupOf: Uint16Array;
  declare readonly groupDirty: Uint8Array;

  /** Sessions that have been opened on this store. */
  sessionCount = 0;
  /** Counts every applied change; a float64 never wraps in practice. */
  version = 0;
  /** Told after each packet frame that has changed something, with `version` as before it. */
  frameEnded: ((before: number) => void) | null = null;

  /** A power of two, so that a mask finds the place: dividing costs as much as ten stores. */
  declare private readonly ringSize: number;
  declare private readonly ringStride: number;
  declare private readonly ticks: Int32Array;
  declare private readonly tickCount: Uint32Array;
  declare private readonly contractColumns: Record<string, ContractColumn>;

  constructor({ capacity, groupCount, tickDepth, baseWallMs }: QuoteStoreOptions) {
    assertRange('capacity', capacity, 1, 1_000_000);
    assertRange('groupCount', groupCount, 0, noGroup);
    assertRange('tickDepth', tickDepth, 0, tickDepthMax);
    this.capacity = capacity;
    this.tickDepth = tickDepth;
    this.baseWallMs = baseWallMs;
    const int32 = (perSlot = 1): Int32Array => new Int32Array(capacity * perSlot);
    const float64 = (perSlot = 1): Float64Array => new Float64Array(capacity * perSlot);
    this.ltpPaise = int32();
    this.averagePaise = int32();
    this.openPaise = int32();
    this.highPaise = int32();
    this.lowPaise = int32();
    this.closePaise = int32();
    this.lastQty = float64();
    this.volume = float64();
    this.totalBuyQty = float64();
    this.totalSellQty = float64();
    this.oi = float64();
    this.oiHigh = float64();
    this.oiLow = float64();
    this.previousOi = float64();
    this.tradeMs = float64();
    this.book = new Uint32Array(capacity * bookInts);
    this.iv = float64().fill(NaN);
    this.delta = float64().fill(NaN);
    this.gamma = float64().fill(NaN);
    this.theta = float64().fill(NaN);
    this.vega = float64().fill(NaN);
    this.rho = float64().fill(NaN);
    this.ivStatus = new Uint8Array(capacity);
    this.brokerGreeks = float64(6).fill(NaN);
    this.brokerGreeksAtMs = float64();
    this.known = new Uint16Array(capacity);
    this.owner = new Uint32Array(capacity);
    this.source = new Uint16Array(capacity);
    this.epoch = new Uint32Array(capacity);
    this.ownedSinceMonoMs = float64();
    this.receivedMs = float64();
    this.touchedMonoMs = float64().fill(-Infinity);
    this.changedAt = float64();
    this.slowChangedAt = float64();
    this.derivedAt = float64();
    this.groupOf = new Uint16Array(capacity).fill(noGroup);
    this.groupDirty = new Uint8Array(groupCount + 1);
    this.ringSize = tickDepth === 0 ? 0 : 2 ** Math.ceil(Math.log2(tickDepth));
    // A little more than a power of two: equal remainders would share few sets of the cache.
    this.ringStride = (this.ringSize + 1) * tickInts;
    this.ticks = int32(this.ringStride);
    this.tickCount = new Uint32Array(capacity);
    this.contractColumns = contractColumnsOf(this);
  }

  /** The columns that belong to a contract, whatever the generation; each capacity × width. */
  columns(): Record<string, ContractColumn> {
    return this.contractColumns;
  }

  /** Best bid in paise; 0 when the side is empty. */
  bestBidPaise(slot: number): number {
    return this.book[slot * bookInts + bookAt.bidPaise]!;
  }

  /** Best ask in paise; 0 when the side is empty. */
  bestAskPaise(slot: number): number {
    return this.book[slot * bookInts + bookAt.askPaise]!;
  }

  /** Units at the best bid. */
  bestBidQty(slot: number): number {
    return this.book[slot * bookInts + bookAt.bidQty]!;
  }

  /** Units at the best ask. */
  bestAskQty(slot: number): number {
    return this.book[slot * bookInts + bookAt.askQty]!;
  }

  /** Whether the market has told the figure of these `field` bits. */
  knows(slot: number, fields: number): boolean {
    return (this.known[slot]! & fields) !== 0;
  }

  /** Sets the previous session's close; frames carry it only when it changed. */
  setClose(slot: number, paise: number): void {
    if (this.closePaise[slot]! !== paise) {
      this.closePaise[slot] = paise;
      this.slowChangedAt[slot] = this.version + 1;
    }
    this.known[slot] = this.known[slot]! | field.close;
  }

  /** Sets the previous day's OI, likewise. */
  setPreviousOi(slot: number, units: number): void {
    this.previousOi[slot] = units;
    this.slowChangedAt[slot] = this.version + 1;
    this.known[slot] = this.known[slot]! | field.previousOi;
  }

  /** Gives a slot to a source whose first packet is still to come; its last owner lets go of it. */
  assignOwner(slot: number, source: number, monoMs: number): void {
    this.owner[slot] = 0;
    this.source[slot] = source;
    this.epoch[slot] = 0;
    this.ownedSinceMonoMs[slot] = monoMs;
  }

  /** Marks a slot as changed, for the flush; hot. */
  touch(slot: number): void {
    this.changedAt[slot] = ++this.version;
    const group = this.groupOf[slot]!;
    if (group !== noGroup) this.groupDirty[group] = 1;
  }

  /** Remembers a tick of the slot's current figures, `tickMs` after `baseWallMs`; hot. */
  pushTick(slot: number, tickMs: number): void {
    if (this.ringSize === 0) return;
    const { ticks, book } = this;
    const count = this.tickCount[slot]!;
    const at = slot * this.ringStride + (count & (this.ringSize - 1)) * tickInts;
    const best = slot * bookStride;
    ticks[at] = tickMs;
    ticks[at + 1] = this.ltpPaise[slot]!;
    ticks[at + 2] = book[best + bestBid]!;
    ticks[at + 3] = book[best + bestAsk]!;
    this.tickCount[slot] = count + 1;
  }

  /** Moves the times of a slot's ticks, which came from a store that counts from elsewhere. */
  shiftTicks(slot: number, byMs: number): void {
    const start = slot * this.ringStride;
    for (let at = start; at < start + this.ringSize * tickInts; at += tickInts) {
      this.ticks[at] = this.ticks[at]! + byMs;
    }
  }

  /** The remembered ticks of a slot, oldest first. */
  ticksOf(slot: number): Tick[] {
    const count = this.tickCount[slot]!;
    const kept = Math.min(count, this.tickDepth);
    return Array.from({ length: kept }, (_, back) => {
      const index = (count - kept + back) & (this.ringSize - 1);
      const at = slot * this.ringStride + index * tickInts;
      return {
        atMs: this.baseWallMs + this.ticks[at]!,
        ltpPaise: this.ticks[at + 1]!,
        bidPaise: this.ticks[at + 2]!,
        askPaise: this.ticks[at + 3]!,
      };
    });
  }

  /** Ticks applied to a slot since the store was made. */
  tickCountOf(slot: number): number {
    return this.tickCount[slot]!;
  }

  /** True when the slot has a best bid and a best ask. */
  isTwoSided(slot: number): boolean {
    const hasBook = this.knows(slot, field.top);
    return hasBook && this.bestBidPaise(slot) > 0 && this.bestAskPaise(slot) > 0;
  }
}

/** Columns about the generation itself, which are not carried over. */
const generationColumns = new Set([
  'groupOf',
  'groupDirty',
  'changedAt',
  'slowChangedAt',
  'derivedAt',
  'owner',
]);

function contractColumnsOf(store: QuoteStore): Record<string, ContractColumn> {
  const columns: Record<string, ContractColumn> = {};
  for (const [name, value] of Object.entries(store)) {
    if (ArrayBuffer.isView(value) && !generationColumns.has(name)) {
      columns[name] = value as ContractColumn;
    }
  }
  return columns;
}

function assertRange(name: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`[market-data] ${name} was ${value}, needs an integer ${min} to ${max}`);
  }
}
