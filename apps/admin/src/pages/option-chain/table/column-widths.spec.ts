import { describe, expect, it } from 'vitest';
import { defaultColumns } from '../column-choice';
import { columnWidths } from './column-widths';
import { columnIds, tableColumns, type Column } from './columns';

const usual = tableColumns(defaultColumns).puts;
const everything = tableColumns(columnIds).puts;

/** Names of the columns that lie wholly in sight on one side. */
function inSight(columns: readonly Column[], widthPx: number): string[] {
  const { strikePx, unitPx } = columnWidths(columns, widthPx);
  let leftPx = (widthPx - strikePx) / 2 + 0.5;
  return columns.filter(({ share }) => (leftPx -= share * unitPx) >= 0).map(({ id }) => id);
}

describe('widths', () => {
  it('show all usual columns on a desktop', () => {
    expect(inSight(usual, 1376)).toHaveLength(usual.length);
    expect(columnWidths(usual, 1376).isAllInSight).toBe(true);
  });

  it('show the whole book or nothing of it', () => {
    expect(inSight(everything, 1376).at(-1)).toBe('delta');
    for (let widthPx = 320; widthPx < 2_000; widthPx += 10) {
      const book = inSight(everything, widthPx).filter((id) => /bid|ask/.test(id));
      expect([0, 4]).toContain(book.length);
    }
  });

  it('show OI and LTP on a phone', () => {
    const narrow = tableColumns(columnIds, true).puts;
    expect(inSight(narrow, 390)).toEqual(['oi', 'ltp']);
    expect(inSight(narrow, 320)).toEqual(['oi', 'ltp']);
    expect(columnWidths(narrow, 390).isAllInSight).toBe(false);
  });

  it('never make the table wider than the screen when all fits', () => {
    for (let widthPx = 1_100; widthPx < 2_000; widthPx += 7) {
      const { strikePx, unitPx, isAllInSight } = columnWidths(usual, widthPx);
      const sum = usual.reduce((shares, { share }) => shares + share, 0);
      if (isAllInSight) expect(strikePx + 2 * sum * unitPx).toBeLessThanOrEqual(widthPx);
    }
  });
});
