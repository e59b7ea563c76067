import { describe, expect, it } from 'vitest';
import type { OrderBook } from './book';
import { analyseExit } from './exit-analysis';

const book: OrderBook = {
  bids: [{ pricePaise: 10_000, quantity: 65 }, { pricePaise: 9_950, quantity: 65 }],
  asks: [{ pricePaise: 10_050, quantity: 65 }, { pricePaise: 10_500, quantity: 650 }],
  atMs: 0,
};

describe('exit analysis', () => {
  it('sells a long into the bids', () => {
    expect(analyseExit(book, 130)).toMatchObject({
      side: 'SELL', quantity: 130, exitPaise: 9_975, limitPaise: 9_950, canExitAtOnce: true,
      reason: null, slippageTotalPaise: 65 * 50,
    });
  });

  it('buys a short back from the asks, unless that slips too far', () => {
    expect(analyseExit(book, -65)).toMatchObject({
      side: 'BUY', exitPaise: 10_050, canExitAtOnce: true, slippageTotalPaise: 0,
    });
    expect(analyseExit(book, -650)).toMatchObject({ canExitAtOnce: false, limitPaise: 10_500 });
    expect(analyseExit(book, -650)?.reason).toMatch(/slip 4\.03 %, at most 1 %/);
  });

  it('says what the book does not hold', () => {
    expect(analyseExit(book, 195)?.reason).toBe('the book shows 130 of 195 units');
    const empty: OrderBook = { bids: [], asks: [], atMs: 0 };
    expect(analyseExit(empty, 65)).toMatchObject({ canExitAtOnce: false, exitPaise: null });
  });

  it('has nothing to say of no position', () => {
    expect(analyseExit(book, 0)).toBeNull();
    expect(analyseExit(book, NaN)).toBeNull();
  });
});
