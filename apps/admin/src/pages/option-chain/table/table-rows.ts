import { strikeLabel } from '../../../format/numbers';
import type { Column, TableColumns } from './columns';

/** The elements of one leg, in the order of its columns. */
export interface LegCells {
  cells: HTMLTableCellElement[];
  /** Where each cell's figure is written. */
  texts: Text[];
  /** The OI cell, whose ground is the bar. */
  oi: HTMLTableCellElement;
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
  const oi = cells[columns.findIndex(({ id }) => id === 'oi')] as HTMLTableCellElement;
  return { cells, texts, oi };
}
