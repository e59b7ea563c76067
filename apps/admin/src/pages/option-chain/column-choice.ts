import { columnIds, type ColumnId } from './table/columns';

/** Columns that nobody can switch off: the bar and the price carry the table. */
export const fixedColumns: readonly ColumnId[] = ['oi', 'ltp'];
/** What the key `g` switches. */
export const greekColumns: readonly ColumnId[] = ['delta', 'gamma', 'theta', 'vega', 'rho'];
/** Columns of somebody who has not chosen. */
export const defaultColumns: readonly ColumnId[] = columnIds.filter(
  (id) => !greekColumns.includes(id),
);

/** A choice as addresses and the browser's memory write it: `oi,ltp,iv,delta`. */
export function columnsText(chosen: readonly ColumnId[]): string {
  return chosen.join(',');
}

/** Reads such a text; unknown names are passed over. Null when it names no column at all. */
export function parseColumns(text: unknown): readonly ColumnId[] | null {
  if (typeof text !== 'string') return null;
  const names = text.split(',');
  const known = columnIds.filter((id) => names.includes(id));
  return known.length === 0 ? null : inOrder([...known, ...fixedColumns]);
}

/** Switches the columns on, or off when all of them are on. */
export function toggled(
  chosen: readonly ColumnId[],
  ids: readonly ColumnId[],
): readonly ColumnId[] {
  const areOn = ids.every((id) => chosen.includes(id));
  const kept = chosen.filter((id) => !ids.includes(id));
  return inOrder([...kept, ...(areOn ? [] : ids), ...fixedColumns]);
}

function inOrder(ids: readonly ColumnId[]): readonly ColumnId[] {
  return columnIds.filter((id) => ids.includes(id));
}
