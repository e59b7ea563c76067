import type { Column } from './columns';

/** Widths in pixels of one table on one screen. */
export interface ColumnWidths {
  strikePx: number;
  /** Width of a column whose share is 1. */
  unitPx: number;
  /** Nothing is left to scroll sideways for. */
  isAllInSight: boolean;
}

/** Narrower than this, a figure touches its neighbour. */
const unitMinPx = 46;
/** Up to this width a table is a phone's: its nearest two columns fill it. */
export const phonePx = 560;
const phoneColumns = 2;

/**
 * Widths with which whole columns fill the screen: as many from the strike outwards as have room,
 * the rest by scrolling. The book is in sight as a whole or not at all. `outwards`: the columns
 * of one side, the strike's neighbour first.
 */
export function columnWidths(outwards: readonly Column[], widthPx: number): ColumnWidths {
  const isPhone = widthPx <= phonePx;
  const strikePx = isPhone ? 76 : 112;
  const sidePx = (widthPx - strikePx) / 2;
  let all = 0;
  let inSight = 0;
  outwards.forEach(({ share, isBook }, index) => {
    all += share;
    const mayEnd = !isBook || !outwards[index + 1]?.isBook;
    const isNeeded = inSight === 0 || (isPhone && index < phoneColumns);
    if (isNeeded || (mayEnd && sidePx / all >= unitMinPx)) inSight = all;
  });
  // Rounded down, so that the sum is never a hair wider than the screen.
  const unitPx = Math.floor((sidePx / inSight) * 100) / 100;
  return { strikePx, unitPx, isAllInSight: inSight === all };
}
