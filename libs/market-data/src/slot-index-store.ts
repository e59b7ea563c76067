/**
 * Finds the slot of a broker's (segment, id): ids are unique within a segment only. Open
 * addressing over typed arrays, at most half full, so that a look-up neither allocates nor hashes
 * a boxed key.
 */
export class SlotIndex {
  declare private readonly mask: number;
  declare private readonly segments: Int16Array;
  declare private readonly ids: Uint32Array;
  declare private readonly slots: Int32Array;
  private filled = 0;

  /** `capacity`: pairs that will be set, 1 to 1,000,000. */
  constructor(capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1 || capacity > 1_000_000) {
      throw new RangeError(`[market-data] capacity was ${capacity}, needs 1 to 1000000`);
    }
    const size = 2 ** Math.ceil(Math.log2(capacity * 2 + 2));
    this.mask = size - 1;
    this.segments = new Int16Array(size).fill(-1);
    this.ids = new Uint32Array(size);
    this.slots = new Int32Array(size);
  }

  get size(): number {
    return this.filled;
  }

  /** Maps (segment, id) to a slot, replacing an earlier mapping. */
  set(segment: number, id: number, slot: number): void {
    let at = this.start(segment, id);
    while (this.segments[at]! !== -1 && !this.isAt(at, segment, id)) at = (at + 1) & this.mask;
    if (this.segments[at]! === -1) {
      if (this.filled * 2 >= this.mask) throw new RangeError('[market-data] slot index is full');
      this.filled++;
    }
    this.segments[at] = segment;
    this.ids[at] = id;
    this.slots[at] = slot;
  }

  /** The slot, or -1 when the pair is unknown; hot. */
  get(segment: number, id: number): number {
    let at = this.start(segment, id);
    for (;;) {
      const found = this.segments[at]!;
      if (found === -1) return -1;
      if (found === segment && this.ids[at]! === id) return this.slots[at]!;
      at = (at + 1) & this.mask;
    }
  }

  private isAt(at: number, segment: number, id: number): boolean {
    return this.segments[at]! === segment && this.ids[at]! === id;
  }

  /** Fibonacci hashing (Knuth, TAOCP 3, 6.4): ids come in runs, which it spreads. */
  private start(segment: number, id: number): number {
    return (Math.imul(id ^ (segment << 27), 0x9e3779b1) >>> 8) & this.mask;
  }
}
