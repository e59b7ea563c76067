import { describe, expect, it } from 'vitest';
import type { OrderBook } from './book';
import { smartOrder, smartOrderSettings } from './smart-order';

const bookOf = (bidPaise: number, askPaise: number): OrderBook => ({
  bids: [{ pricePaise: bidPaise, quantity: 650 }],
  asks: [{ pricePaise: askPaise, quantity: 65 }, { pricePaise: askPaise + 20, quantity: 650 }],
  atMs: 1_000,
});
const terms = { side: 'BUY' as const, quantity: 130, tickPaise: 5, nowMs: 1_500 };

describe('a smart order', () => {
  it('buys at the ask and 0.05, sells at the bid less 0.05', () => {
    const book = bookOf(12_000, 12_050);
    expect(smartOrder(book, terms)).toMatchObject({
      kind: 'limit', limitPaise: 12_055, basis: 'touch', spreadPaise: 50,
    });
    expect(smartOrder(book, { ...terms, side: 'SELL' })).toMatchObject({
      limitPaise: 11_995, basis: 'touch',
    });
  });

  it('goes to the mid when the spread is wider than 0.5 points', () => {
    const book = bookOf(12_000, 12_055);
    expect(smartOrder(book, terms)).toMatchObject({ limitPaise: 12_025, basis: 'mid' });
    expect(smartOrder(book, { ...terms, side: 'SELL' })).toMatchObject({ limitPaise: 12_030 });
  });

  it('is on the tick, whatever the buffer', () => {
    const settings = { ...smartOrderSettings, bufferPaise: 7 };
    const book = bookOf(12_000, 12_050);
    expect(smartOrder(book, terms, settings)).toMatchObject({ limitPaise: 12_060 });
    const sold = smartOrder(book, { ...terms, side: 'SELL' }, settings);
    expect(sold).toMatchObject({ limitPaise: 11_990 });
    expect(smartOrder(bookOf(5, 10), { ...terms, side: 'SELL' })).toMatchObject({ limitPaise: 5 });
  });

  it('tells slippage and impact of the whole quantity', () => {
    const order = smartOrder(bookOf(12_000, 12_050), terms);
    expect(order).toMatchObject({
      walk: { filledQuantity: 130, averagePaise: 12_060, slippagePaise: 10, impactPaise: 20 },
    });
  });

  it('is refused without two sides, crossed, or old', () => {
    const oneSided: OrderBook = { ...bookOf(12_000, 12_050), bids: [] };
    expect(smartOrder(oneSided, terms)).toMatchObject({ kind: 'refused', code: 'no_touch' });
    expect(smartOrder(bookOf(12_100, 12_050), terms)).toMatchObject({ code: 'no_touch' });
    const late = { ...terms, nowMs: 3_001 };
    expect(smartOrder(bookOf(12_000, 12_050), late)).toMatchObject({ code: 'stale_touch' });
  });
});
