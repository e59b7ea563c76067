import { describe, expect, it } from 'vitest';
import type { OrderBook } from './book';
import { analyseExecution } from './execution-analysis';

const bookOf = (bidPaise: number, askPaise: number, quantity = 6_500): OrderBook => ({
  bids: [{ pricePaise: bidPaise, quantity }],
  asks: [{ pricePaise: askPaise, quantity }],
  atMs: 0,
});

describe('execution analysis', () => {
  it('enters now at the touch of a narrow, deep book', () => {
    expect(analyseExecution(bookOf(19_990, 20_010), 'BUY', 65)).toMatchObject({
      advice: 'ENTER_NOW', pricePaise: 20_010, spreadPaise: 20, liquidityScore: 99,
    });
    expect(analyseExecution(bookOf(19_990, 20_010), 'SELL', 65).pricePaise).toBe(19_990);
  });

  it('waits for a tighter spread at the mid above 2 %', () => {
    expect(analyseExecution(bookOf(9_800, 10_100), 'BUY', 65)).toMatchObject({
      advice: 'WAIT_FOR_TIGHTER_SPREAD', pricePaise: 9_950,
    });
  });

  it('waits in between, and when the book is too thin', () => {
    expect(analyseExecution(bookOf(9_950, 10_050), 'BUY', 65)).toMatchObject({
      advice: 'WAIT', pricePaise: null, spreadPercent: 1,
    });
    // Exactly 2 % is not above 2 %, exactly 0.5 % not below 0.5 %.
    expect(analyseExecution(bookOf(9_900, 10_100), 'BUY', 65).advice).toBe('WAIT');
    expect(analyseExecution(bookOf(39_900, 40_100), 'BUY', 65).advice).toBe('WAIT');
    const thin = analyseExecution(bookOf(19_990, 20_010, 65), 'BUY', 130);
    expect(thin.advice).toBe('WAIT');
    expect(thin.liquidityScore).toBeLessThan(80);
  });

  it('waits without two sides', () => {
    const book: OrderBook = { ...bookOf(19_990, 20_010), bids: [] };
    expect(analyseExecution(book, 'BUY', 65)).toMatchObject({
      advice: 'WAIT', pricePaise: null, spreadPercent: null, liquidityScore: 0,
    });
  });
});
