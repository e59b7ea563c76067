import { bookAt, bookInts, field, levelInts } from '@strikewire/market-data';
import { describe, expect, it } from 'vitest';
import { setLeg, viewOf } from '../../../testing';
import { readLegBook } from './leg-book';

/** A store whose leg 2 has so many levels: bids 99, 98, …; asks 101, 102, … */
function storeWith(levels: number) {
  const { store } = viewOf();
  setLeg(store, 2, { ltpPaise: 10_000, oi: 1_000 });
  for (let level = 0; level < levels; level++) {
    const at = 2 * bookInts + level * levelInts;
    store.book[at + bookAt.bidPaise] = 9_900 - level * 100;
    store.book[at + bookAt.askPaise] = 10_100 + level * 100;
    store.book[at + bookAt.bidQty] = 65;
    store.book[at + bookAt.askQty] = 130;
  }
  return store;
}

describe('the book of a leg', () => {
  it('has the top alone while nothing is known behind it, whatever the market tells', () => {
    const store = storeWith(1);
    store.known[2]! |= field.depth;
    const book = readLegBook(store, 2, 65);
    expect(book).toMatchObject({ isDepth: false, spread: { text: '2.00%', band: 'wide' } });
    expect(book.bids).toEqual([{ pricePaise: 9_900, qty: 65 }]);
    expect(book.asks).toEqual([{ pricePaise: 10_100, qty: 130 }]);
  });

  it('has five levels with depth, best first', () => {
    const book = readLegBook(storeWith(3), 2, 65);
    expect(book.isDepth).toBe(true);
    expect(book.bids.map(({ pricePaise }) => pricePaise)).toEqual([9_900, 9_800, 9_700, 0, 0]);
    expect(book.asks.map(({ pricePaise }) => pricePaise)).toEqual([10_100, 10_200, 10_300, 0, 0]);
  });

  it('is empty before the market has told it', () => {
    const store = storeWith(1);
    store.known[2] = field.ltp;
    const book = readLegBook(store, 2, 65);
    expect(book).toMatchObject({ bids: [], asks: [], isDepth: false, spread: null });
    expect(book.score).toBeNaN();
  });
});
