import type { QuoteStore } from './quote-store';

/**
 * Carries a contract's figures, ownership and ticks from one generation's store to the next.
 * Group and version stay the target's own. Both stores must remember equally many ticks.
 */
export function copySlot(
  from: { store: QuoteStore; slot: number },
  to: { store: QuoteStore; slot: number },
): void {
  for (const [name, column] of Object.entries(from.store.columns())) {
    const target = to.store.columns()[name]!;
    const width = column.length / from.store.capacity;
    const start = from.slot * width;
    target.set(column.subarray(start, start + width) as never, to.slot * width);
  }
  to.store.shiftTicks(to.slot, from.store.baseWallMs - to.store.baseWallMs);
  to.store.touch(to.slot);
  to.store.slowChangedAt[to.slot] = to.store.version;
}
