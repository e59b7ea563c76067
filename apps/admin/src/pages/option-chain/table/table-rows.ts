import { strikeLabel } from '../../../format/numbers';
import type { Column, TableColumns, Tone } from './columns';

/** The elements of one leg, in the order of its columns. */
export interface LegCells {
  cells: HTMLTableCellElement[];
  /** Where each cell's figure is written. */
  texts: Text[];
  /** What colours each cell; empty for nothing. */
  tones: (Tone | '')[];
  /** The OI cell, whose ground is the bar. */
  oi: HTMLTableCellElement;
  bars: string;
  /** The LTP cell, and where a large move is written in it. */
  ltp: HTMLTableCellElement;
  move: Text;
  /** Shade of the heat map, 0 to 4; −1 for none. */
  heat: number;
}

export interface StrikeRow {
  element: HTMLTableRowElement;
  strike: HTMLTableCellElement;
  tag: Text;
  call: LegCells;
  put: LegCells;
}

/**
 * Makes the body's rows, once per layout and choice of columns; from then on only their text
 * changes.
 */
export function createRows(
  body: HTMLTableSectionElement,
  strikes: readonly number[],
  columns: TableColumns,
): StrikeRow[] {
  const rows = strikes.map((strike) => createRow(strike, columns));
  body.replaceChildren(...rows.map(({ element }) => element));
  return rows;
}

function createRow(strike: number, columns: TableColumns): StrikeRow {
  const element = document.createElement('tr');
  element.tabIndex = -1;
  const call = createLeg('ce', columns.calls);
  const put = createLeg('pe', columns.puts);
  const head = document.createElement('th');
  head.scope = 'row';
  head.className = 'strike';
  const price = document.createElement('b');
  price.textContent = strikeLabel(strike);
  const label = document.createElement('small');
  const tag = document.createTextNode('');
  label.append(tag);
  head.append(price, label);
  element.append(...call.cells, head, ...put.cells);
  return { element, strike: head, tag, call, put };
}

function createLeg(side: 'ce' | 'pe', columns: readonly Column[]): LegCells {
  const texts: Text[] = [];
  const cells = columns.map((column) => {
    const cell = document.createElement('td');
    cell.className = `${side} ${column.id}`;
    const text = document.createTextNode('');
    texts.push(text);
    // A box of fixed size: a new text in it lays out nothing but itself.
    const box = document.createElement('span');
    box.append(text);
    cell.append(box);
    return cell;
  });
  const cellOf = (wanted: Column['id']): HTMLTableCellElement =>
    cells[columns.findIndex(({ id }) => id === wanted)] as HTMLTableCellElement;
  const ltp = cellOf('ltp');
  const mark = document.createElement('i');
  const move = document.createTextNode('');
  mark.append(move);
  ltp.firstElementChild?.prepend(mark);
  const tones = columns.map(() => '' as const);
  return { cells, texts, tones, oi: cellOf('oi'), bars: '', ltp, move, heat: -1 };
}
