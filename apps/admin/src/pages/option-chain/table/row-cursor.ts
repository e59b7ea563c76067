export interface RowCursor {
  /** The row that Tab reaches. */
  readonly at: number;
  /** The row that Tab reaches, without taking the focus. */
  start(index: number): void;
  /** Focuses the row `step` further down (negative: up), as far as there are rows. */
  move(step: number): void;
}

/** One tab stop for all rows, which the arrow keys move. */
export function createRowCursor(rows: readonly HTMLTableRowElement[]): RowCursor {
  let at = 0;
  const setStop = (index: number): HTMLTableRowElement | undefined => {
    const old = rows[at];
    if (old) old.tabIndex = -1;
    at = Math.min(rows.length - 1, Math.max(0, index));
    const row = rows[at];
    if (row) row.tabIndex = 0;
    return row;
  };
  return {
    get at() {
      return at;
    },
    start: (index) => void setStop(index),
    move(step) {
      const focused = rows.findIndex((row) => row === document.activeElement);
      // The first key press shows where the cursor stands.
      const row = setStop(focused < 0 ? at : focused + step);
      row?.focus({ preventScroll: true });
      row?.scrollIntoView({ block: 'nearest' });
    },
  };
}
