import { describe, expect, it } from 'vitest';
import {
  columnsText,
  defaultColumns,
  greekColumns,
  parseColumns,
  toggled,
} from './column-choice';
import { columnIds, fixedColumns, tableColumns } from './table/columns';

describe('a choice of columns', () => {
  it('is read from what it was written to', () => {
    for (const chosen of [defaultColumns, columnIds, fixedColumns]) {
      expect(parseColumns(columnsText(chosen))).toEqual(chosen);
    }
  });

  it('keeps its order, with the columns that cannot be missing in front', () => {
    expect(parseColumns('delta,iv,nosuch,iv')).toEqual(['oi', 'ltp', 'delta', 'iv']);
    expect(parseColumns('iv,ltp,delta')).toEqual(['oi', 'iv', 'ltp', 'delta']);
  });

  it('puts a new column behind the one that usually stands before it', () => {
    expect(toggled(['iv', 'oi', 'bid', 'ltp'], ['delta', 'gamma'])).toEqual([
      'iv', 'delta', 'gamma', 'oi', 'bid', 'ltp',
    ]);
    expect(toggled(['ltp', 'iv'], ['oi'])).toEqual(['oi', 'ltp', 'iv']);
  });

  it.each([undefined, null, '', 'nosuch', ['iv']])('is not read from %j', (text) => {
    expect(parseColumns(text)).toBeNull();
  });

  it('switches a set on while any of it is off, else off', () => {
    const some = toggled(defaultColumns, ['delta']);
    const all = toggled(some, greekColumns);
    const wanted = [...defaultColumns, ...greekColumns];
    expect(all).toEqual(columnIds.filter((id) => wanted.includes(id)));
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

  it('stand in their order, each run of the book as it is', () => {
    const { calls } = tableColumns(['bid', 'ask', 'ltp', 'oi', 'bid-qty', 'ask-qty']);
    expect(calls.map(({ id }) => id)).toEqual(['bid-qty', 'ask-qty', 'oi', 'ltp', 'bid', 'ask']);
  });

  it('have OI and LTP nearest on a phone, whatever the order', () => {
    const { puts } = tableColumns(['iv', 'ltp', 'bid', 'oi'], true);
    expect(puts.map(({ id }) => id)).toEqual(['ltp', 'oi', 'iv', 'bid']);
  });
});
