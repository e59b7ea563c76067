import type { QuoteStore } from '@strikewire/market-data';

export interface RowTracker {
  /** Rows touched since the last call, ascending; every known row on the first. */
  take(store: QuoteStore): readonly number[];
  reset(): void;
}

/** Tells from a store's change counts which rows are new to this reader. */
export function createRowTracker(): RowTracker {
  let seen = 0;
  const rows: number[] = [];
  return {
    take(store) {
      rows.length = 0;
      if (store.version === seen) return rows;
      for (let row = 0; row < store.capacity; row++) {
        if ((store.changedAt[row] ?? 0) > seen) rows.push(row);
      }
      seen = store.version;
      return rows;
    },
    reset: () => (seen = 0),
  };
}
