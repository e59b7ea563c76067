/** What is told apart within the window: a twentieth of it. */
const slotsPerWindow = 20;
/** One more for the price that held before the window, one for the slot that runs. */
const ringSize = slotsPerWindow + 2;
const none = -1;

/**
 * The past prices of a chain's legs over one window of time, in a fixed room: per leg a ring of 22
 * places, each the last price of a twentieth of the window in which there was one. Times are
 * monotonic milliseconds, prices paise.
 */
export class PriceTrail {
  private readonly slotMs: number;
  private readonly slots: Int32Array;
  private readonly prices: Int32Array;
  /** Places of each leg that are written; the newest is at `(count - 1) % ringSize`. */
  private readonly counts: Uint32Array;

  constructor({ legs, windowMs }: { legs: number; windowMs: number }) {
    this.slotMs = windowMs / slotsPerWindow;
    this.slots = new Int32Array(legs * ringSize).fill(none);
    this.prices = new Int32Array(legs * ringSize);
    this.counts = new Uint32Array(legs);
  }

  /** Notes what a leg costs now; `nowMs` never runs backwards. Prices of 0 or none are no news. */
  note(leg: number, pricePaise: number, nowMs: number): void {
    if (!(pricePaise > 0)) return;
    const slot = this.slotOf(nowMs);
    const count = this.counts[leg]!;
    const newest = leg * ringSize + ((count + ringSize - 1) % ringSize);
    if (count > 0 && this.slots[newest] === slot) {
      this.prices[newest] = pricePaise;
      return;
    }
    const next = leg * ringSize + (count % ringSize);
    this.slots[next] = slot;
    this.prices[next] = pricePaise;
    this.counts[leg] = count + 1;
  }

  /**
   * What the leg cost a window ago, to a twentieth of it; of a leg known for less, the oldest
   * price. NaN before the first.
   */
  before(leg: number, nowMs: number): number {
    const count = this.counts[leg]!;
    const oldest = Math.max(0, count - ringSize);
    const wanted = this.slotOf(nowMs) - slotsPerWindow;
    let at = count - 1;
    while (at > oldest && this.slots[leg * ringSize + (at % ringSize)]! > wanted) at--;
    return count === 0 ? NaN : this.prices[leg * ringSize + (at % ringSize)]!;
  }

  /** The newest price of the leg; NaN before the first. */
  latest(leg: number): number {
    const count = this.counts[leg]!;
    return count === 0 ? NaN : this.prices[leg * ringSize + ((count - 1) % ringSize)]!;
  }

  private slotOf(nowMs: number): number {
    return Math.floor(nowMs / this.slotMs);
  }
}
