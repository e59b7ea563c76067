import { describe, expect, it } from 'vitest';
import { setLeg, viewOf } from '../../testing';
import { useRowBook } from './use-row-book';

const everyLeg = Array.from({ length: 10 }, (_, leg) => leg);

describe('the row told of in full', () => {
  it('is the one pointed at, else the chosen one, else the one at the money', () => {
    const row = useRowBook(viewOf());
    expect(row.book.value).toBeNull();
    row.renew(everyLeg);
    expect(row.book.value).toMatchObject({ strike: '26,000', tag: 'ATM', why: 'at the money' });
    row.choose(3);
    row.point(0);
    expect(row.book.value).toMatchObject({ strike: '25,900', tag: 'ITM2', why: '' });
    row.point(-1);
    expect(row.book.value).toMatchObject({ strike: '26,050', tag: 'OTM1', why: 'chosen' });
    row.choose(-1);
    expect(row.book.value?.strike).toBe('26,000');
  });

  it('is read anew only when its own legs changed', () => {
    const view = viewOf();
    const row = useRowBook(view);
    row.renew(everyLeg);
    const before = row.book.value;
    row.renew([0, 1, 6, 9]);
    expect(row.book.value).toBe(before);
    setLeg(view.store, 5, { ltpPaise: 9_000, oi: 1_000 });
    row.renew([5]);
    expect(row.book.value).not.toBe(before);
  });
});
