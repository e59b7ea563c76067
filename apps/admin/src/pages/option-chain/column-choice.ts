import { columnIds, fixedColumns, type ColumnId } from './table/columns';

/** What the key `g` switches. */
export const greekColumns: readonly ColumnId[] = ['delta', 'gamma', 'theta', 'vega', 'rho'];
/** Further columns that are only there for those who ask for them. */
const extraColumns: readonly ColumnId[] = [
  ...greekColumns, 'spread', 'liquidity', 'bid-qty', 'ask-qty',
];
/** Columns of somebody who has not chosen. */
export const defaultColumns: readonly ColumnId[] = columnIds.filter(
  (id) => !extraColumns.includes(id),
);

/** A choice as addresses and the browser's memory write it, in its order: `oi,ltp,iv,delta`. */
export function columnsText(chosen: readonly ColumnId[]): string {
  return chosen.join(',');
}

/**
 * Reads such a text: unknown names and repetitions are passed over, columns that cannot be missing
 * are put in front. Null when it names no column at all.
 */
export function parseColumns(text: unknown): readonly ColumnId[] | null {
  if (typeof text !== 'string') return null;
  const names = new Set(text.split(','));
  const known = [...names].filter((name): name is ColumnId => isColumnId(name));
  if (known.length === 0) return null;
  return [...fixedColumns.filter((id) => !known.includes(id)), ...known];
}

/** Switches the columns on, or off when all of them are on. */
export function toggled(
  chosen: readonly ColumnId[],
  ids: readonly ColumnId[],
): readonly ColumnId[] {
  const areOn = ids.every((id) => chosen.includes(id));
  if (areOn) return chosen.filter((id) => !ids.includes(id) || fixedColumns.includes(id));
  return ids.reduce(withColumn, chosen);
}

/** Puts a column behind the one that usually stands before it, of those that are on. */
function withColumn(chosen: readonly ColumnId[], id: ColumnId): readonly ColumnId[] {
  if (chosen.includes(id)) return chosen;
  const before = columnIds.slice(0, columnIds.indexOf(id)).findLast((it) => chosen.includes(it));
  const at = before === undefined ? 0 : chosen.indexOf(before) + 1;
  return chosen.toSpliced(at, 0, id);
}

function isColumnId(name: string): name is ColumnId {
  return (columnIds as readonly string[]).includes(name);
}
