import { fullDepthLevels, type BookSide, type DepthSink } from '../core/depth-protocol';

/** One price level of a book. */
export interface DepthLevel {
  pricePaise: number;
  /** Units. */
  quantity: number;
  orders: number;
}

/** Where a slot's sides begin: bids first. */
const sideAt: Readonly<Record<BookSide, number>> = { bid: 0, ask: 1 };

/**
 * Full books of the contracts of one socket, as columns. Sides come in packets of their own: a
 * book is whole when both have come. Nothing here allocates after construction but `levels`.
 */
export class DepthBookStore implements DepthSink {
  readonly pricePaise: Int32Array;
  readonly quantity: Uint32Array;
  readonly orders: Uint32Array;
  /** Per side: when it came (epoch ms, and by the monotonic clock; -Infinity: not yet). */
  private readonly wallMs: Float64Array;
  private readonly monoMs: Float64Array;
  private readonly counts: Uint8Array;
  private readonly versions: Float64Array;
  private frame = { wallMs: 0, monoMs: 0 };
  private changes = 0;

  constructor(slots: number) {
    const levels = slots * 2 * fullDepthLevels;
    this.pricePaise = new Int32Array(levels);
    this.quantity = new Uint32Array(levels);
    this.orders = new Uint32Array(levels);
    this.wallMs = new Float64Array(slots * 2);
    this.monoMs = new Float64Array(slots * 2).fill(-Infinity);
    this.counts = new Uint8Array(slots * 2);
    this.versions = new Float64Array(slots);
  }

  /** What is written from now on came at this moment. */
  beginFrame(wallMs: number, monoMs: number): void {
    this.frame.wallMs = wallMs;
    this.frame.monoMs = monoMs;
  }

  place(slot: number, side: BookSide): number {
    return (slot * 2 + sideAt[side]) * fullDepthLevels;
  }

  commit(slot: number, side: BookSide, levels: number): void {
    const at = slot * 2 + sideAt[side];
    this.counts[at] = Math.min(fullDepthLevels, levels);
    this.wallMs[at] = this.frame.wallMs;
    this.monoMs[at] = this.frame.monoMs;
    this.versions[slot] = ++this.changes;
  }

  /** Nothing has come for this slot. */
  clear(slot: number): void {
    this.monoMs.fill(-Infinity, slot * 2, slot * 2 + 2);
  }

  clearAll(): void {
    this.monoMs.fill(-Infinity);
  }

  /** Both sides have come. */
  isWhole(slot: number): boolean {
    return Math.min(this.monoMs[slot * 2]!, this.monoMs[slot * 2 + 1]!) > -Infinity;
  }

  /** When the later of its sides came: epoch ms, and by the monotonic clock. */
  receivedAt(slot: number): { wallMs: number; monoMs: number } {
    const at = slot * 2 + (this.monoMs[slot * 2]! >= this.monoMs[slot * 2 + 1]! ? 0 : 1);
    return { wallMs: this.wallMs[at]!, monoMs: this.monoMs[at]! };
  }

  /** Rises with each change of a slot's book. */
  versionOf(slot: number): number {
    return this.versions[slot]!;
  }

  /** The levels at which there are orders, best first. */
  levels(slot: number, side: BookSide): DepthLevel[] {
    const from = this.place(slot, side);
    const count = this.counts[slot * 2 + sideAt[side]]!;
    return Array.from({ length: count }, (_, level) => ({
      pricePaise: this.pricePaise[from + level]!,
      quantity: this.quantity[from + level]!,
      orders: this.orders[from + level]!,
    })).filter(({ pricePaise }) => pricePaise > 0);
  }
}
