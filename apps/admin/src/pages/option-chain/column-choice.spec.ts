import { describe, expect, it } from 'vitest';
import {
  columnsText,
  defaultColumns,
  fixedColumns,
  greekColumns,
  parseColumns,
  toggled,
} from './column-choice';
import { columnIds, tableColumns } from './table/columns';

describe('a choice of columns', () => {
  it('is read from what it was written to', () => {
    for (const chosen of [defaultColumns, columnIds, fixedColumns]) {
      expect(parseColumns(columnsText(chosen))).toEqual(chosen);
    }
  });

  it('is put in order, with the columns that cannot be missing', () => {
    expect(parseColumns('delta,iv,nosuch')).toEqual(['oi', 'ltp', 'iv', 'delta']);
  });

  it.each([undefined, null, '', 'nosuch', ['iv']])('is not read from %j', (text) => {
    expect(parseColumns(text)).toBeNull();
  });

  it('switches a set on while any of it is off, else off', () => {
    const some = toggled(defaultColumns, ['delta']);
    const all = toggled(some, greekColumns);
    expect(all).toEqual(columnIds);
    expect(toggled(all, greekColumns)).toEqual(defaultColumns);
  });

  it('never loses OI and LTP', () => {
    expect(toggled(['oi', 'ltp', 'iv'], ['oi', 'ltp'])).toEqual(['oi', 'ltp', 'iv']);
  });
});

describe('columns of a table', () => {
  it('mirror each other but for the book', () => {
    const { calls, puts } = tableColumns(['oi', 'ltp', 'iv', 'delta', 'bid', 'ask']);
    expect(calls.map(({ id }) => id)).toEqual(['bid', 'ask', 'delta', 'iv', 'ltp', 'oi']);
    expect(puts.map(({ id }) => id)).toEqual(['oi', 'ltp', 'iv', 'delta', 'bid', 'ask']);
  });
});
