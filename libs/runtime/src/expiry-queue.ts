/** Something that is over at a time. */
export interface Ending {
  readonly endsMs: number;
  /** Of two that end at once, the lower one is over first. */
  readonly order: number;
}

/** What ends soonest comes out first: a binary heap, so that room is made without a search. */
export class ExpiryQueue<T extends Ending> {
  private heap: T[] = [];

  get size(): number {
    return this.heap.length;
  }

  push(item: T): void {
    const { heap } = this;
    let place = heap.push(item) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || compare(above, item) <= 0) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = item;
  }

  /** Takes out what ends soonest; undefined when nothing is left. */
  pop(): T | undefined {
    const soonest = this.heap[0];
    const last = this.heap.pop();
    if (last !== undefined && this.heap.length > 0) this.sink(last);
    return soonest;
  }

  /** Leaves out what is not `wanted` any more. */
  keep(wanted: (item: T) => boolean): void {
    // In order it is a heap as it is.
    this.heap = this.heap.filter(wanted).sort(compare);
  }

  /** Puts an item at the top, and lets it down to where it belongs. */
  private sink(item: T): void {
    const { heap } = this;
    let place = 0;
    for (;;) {
      const right = 2 * place + 2;
      const child = compare(heap[right], heap[right - 1]) < 0 ? right : right - 1;
      const below = heap[child];
      if (below === undefined || compare(below, item) >= 0) break;
      heap[place] = below;
      place = child;
    }
    heap[place] = item;
  }
}

/** What is not there ends last. */
function compare(a: Ending | undefined, b: Ending | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  return a.endsMs - b.endsMs || a.order - b.order;
}
