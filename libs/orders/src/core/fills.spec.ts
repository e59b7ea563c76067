import type { OrderRequest } from '@strikewire/broker';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderBook } from './book';
import { matchOrder, withoutTaken, type MarketTrade, type PaperFill } from './fills';
import { changePaperOrder, paperOrder, type PaperMarketSettings, type PaperOrder }
  from './paper-order';
import { optionProtection } from './price-protection';

const settings: PaperMarketSettings = {
  latencyMs: 50, protection: optionProtection, bookAgeMaxMs: 2_000,
};
const contract = { tickPaise: 5, lowerCircuitPaise: null, upperCircuitPaise: null };
const request: OrderRequest = {
  clientOrderId: 'p1',
  token: { segment: 'NSE_FNO', id: '42528' },
  side: 'BUY',
  type: 'LIMIT',
  product: 'carry',
  validity: 'DAY',
  quantity: 260,
  limitPaise: 10_010,
  triggerPaise: null,
};
const bookAt = (atMs: number, changes: Partial<OrderBook> = {}): OrderBook => ({
  bids: [{ pricePaise: 9_990, quantity: 130 }, { pricePaise: 9_980, quantity: 650 }],
  asks: [{ pricePaise: 10_000, quantity: 65 }, { pricePaise: 10_010, quantity: 130 },
    { pricePaise: 10_050, quantity: 650 }],
  atMs,
  ...changes,
});
const sent = (changes: Partial<OrderRequest> = {}): PaperOrder =>
  paperOrder({ ...request, ...changes }, contract, 1_000, settings);

/** Meets one view after the other; the book is of the same moment. */
function meet(
  order: PaperOrder,
  ...views: { atMs: number; book?: OrderBook; trade?: Partial<MarketTrade> }[]
): { order: PaperOrder; fills: PaperFill[] } {
  const fills: PaperFill[] = [];
  let now = order;
  for (const { atMs, book = bookAt(atMs), trade } of views) {
    const printed = trade ? { pricePaise: 10_000, quantity: 65, atMs, ...trade } : null;
    const view = { book, bookVersion: book.atMs, trade: printed, nowMs: atMs };
    const match = matchOrder(now, view, settings);
    now = match.order;
    fills.push(...match.fills);
  }
  return { order: now, fills };
}
const quiet: Partial<OrderBook> = { asks: [{ pricePaise: 10_050, quantity: 650 }] };

describe('the paper market', () => {
  it('does nothing with an order that is still on its way', () => {
    expect(meet(sent(), { atMs: 1_049 })).toEqual({ order: sent(), fills: [] });
    expect(meet(sent(), { atMs: 1_050 }).fills).toHaveLength(2);
  });

  it('fills a limit at the touch, then by depth, and rests what is left', () => {
    const { order, fills } = meet(sent(), { atMs: 1_050 });
    expect(fills).toEqual([
      { quantity: 65, pricePaise: 10_000, liquidity: 'taken', atMs: 1_050 },
      { quantity: 130, pricePaise: 10_010, liquidity: 'taken', atMs: 1_050 },
    ]);
    expect(order).toMatchObject({ stage: 'resting', filledQuantity: 195, workingPaise: 10_010 });
  });

  it('takes no unit of one book twice, and goes on with the next', () => {
    const once = meet(sent(), { atMs: 1_050 }, { atMs: 1_060, book: bookAt(1_050) });
    expect(once.fills).toHaveLength(2);
    const next = meet(once.order, { atMs: 1_100 });
    expect(next.fills).toEqual([
      { quantity: 65, pricePaise: 10_010, liquidity: 'rested', atMs: 1_100 },
    ]);
    expect(next.order.stage).toBe('filled');
    expect(meet(next.order, { atMs: 1_200 }).fills).toEqual([]);
  });

  it('knows a book that was only confirmed by its version', () => {
    const order = meet(sent(), { atMs: 1_050 }).order;
    const view = { book: bookAt(1_500), bookVersion: 1_050, trade: null, nowMs: 1_500 };
    expect(matchOrder(order, view, settings).fills).toEqual([]);
    expect(matchOrder(order, { ...view, bookVersion: 1_051 }, settings).fills).toHaveLength(1);
  });

  it('cancels what an IOC cannot have at once', () => {
    const { order, fills } = meet(sent({ validity: 'IOC' }), { atMs: 1_050 });
    expect(fills).toHaveLength(2);
    expect(order).toMatchObject({ stage: 'cancelled', filledQuantity: 195 });
    expect(order.reason).toMatch(/IOC/);
  });

  it('fills what rests only when the touch comes to it or a trade goes through it', () => {
    const resting = meet(sent({ limitPaise: 9_950 }), { atMs: 1_050 }).order;
    expect(resting.stage).toBe('resting');
    // At its price there is a queue that nobody knows.
    expect(meet(resting, { atMs: 1_100, trade: { pricePaise: 9_950 } }).fills).toEqual([]);
    expect(meet(resting, { atMs: 1_100, trade: { pricePaise: 9_945 } }).fills).toEqual([
      { quantity: 65, pricePaise: 9_950, liquidity: 'rested', atMs: 1_100 },
    ]);
    const crossed = bookAt(1_100, { asks: [{ pricePaise: 9_940, quantity: 130 }] });
    expect(meet(resting, { atMs: 1_100, book: crossed }).fills).toEqual([
      { quantity: 130, pricePaise: 9_950, liquidity: 'rested', atMs: 1_100 },
    ]);
    // The trade may be of the units that the book shows.
    const both = { atMs: 1_100, book: crossed, trade: { pricePaise: 9_940, quantity: 65 } };
    expect(meet(resting, both).fills).toMatchObject([{ quantity: 130 }]);
  });

  it('protects a market order, and rests what its protection does not reach', () => {
    const market = sent({ type: 'MARKET', limitPaise: null, quantity: 1_000 });
    const { order, fills } = meet(market, {
      atMs: 1_050,
      book: bookAt(1_050, { asks: [{ pricePaise: 10_000, quantity: 65 },
        { pricePaise: 10_500, quantity: 650 }] }),
    });
    expect(fills).toMatchObject([{ quantity: 65, pricePaise: 10_000 }]);
    expect(order).toMatchObject({ stage: 'resting', workingPaise: 10_200 });
  });

  it('rejects a market order without a fresh touch', () => {
    const market = sent({ type: 'MARKET', limitPaise: null });
    expect(meet(market, { atMs: 5_000, book: bookAt(1_000) }).order).toMatchObject({
      stage: 'rejected', reason: 'the touch is 4000 ms old, needs 2000 or less',
    });
    expect(meet(market, { atMs: 1_050, book: bookAt(1_050, { asks: [] }) }).order.stage)
      .toBe('rejected');
  });

  it('takes nothing from a book that is old', () => {
    expect(meet(sent(), { atMs: 5_000, book: bookAt(2_999) }).fills).toEqual([]);
    expect(meet(sent(), { atMs: 5_000, book: bookAt(3_000) }).fills).toHaveLength(2);
  });

  it('triggers a stop by a trade after its arrival, then works its limit', () => {
    const stop = sent({ type: 'SL', triggerPaise: 10_005 });
    const before = meet(stop,
      { atMs: 1_050, trade: { pricePaise: 10_005, atMs: 1_049 } },
      { atMs: 1_060, trade: { pricePaise: 10_000 } },
    );
    expect(before).toMatchObject({ order: { stage: 'stopped' }, fills: [] });
    const hit = meet(before.order, { atMs: 1_070, trade: { pricePaise: 10_005 } });
    expect(hit.fills).toMatchObject([{ pricePaise: 10_000 }, { pricePaise: 10_010 }]);
  });

  it('turns a stop without a price into a protected limit, and waits for somebody', () => {
    const stop = sent({ type: 'SL-M', side: 'SELL', limitPaise: null, triggerPaise: 9_900 });
    const empty = bookAt(1_060, { bids: [] });
    const hit = meet(stop, { atMs: 1_060, book: empty, trade: { pricePaise: 9_895 } });
    expect(hit).toMatchObject({ order: { stage: 'triggered' }, fills: [] });
    const later = meet(hit.order, { atMs: 1_100 });
    expect(later.order).toMatchObject({ stage: 'filled', workingPaise: 9_695 });
    expect(later.fills).toMatchObject([
      { pricePaise: 9_990, quantity: 130 }, { pricePaise: 9_980, quantity: 130 },
    ]);
  });

  it('comes to the book anew with another price, and keeps what it filled', () => {
    const resting = meet(sent({ limitPaise: 9_950 }), { atMs: 1_050 }).order;
    const change = { quantity: 195, limitPaise: 10_010, triggerPaise: null };
    const changed = changePaperOrder(resting, change);
    if ('refused' in changed) throw new Error(changed.refused);
    const { order, fills } = meet(changed, { atMs: 1_100 });
    expect(fills).toMatchObject([{ pricePaise: 10_000, liquidity: 'taken' }, { quantity: 130 }]);
    expect(order.stage).toBe('filled');
    expect(changePaperOrder(order, change)).toEqual({ refused: 'the order is filled' });
    const part = meet(sent(), { atMs: 1_050 }).order;
    expect(changePaperOrder(part, { ...change, quantity: 130 })).toHaveProperty('refused');
    expect(changePaperOrder(part, { ...change, quantity: 195 })).toMatchObject({ stage: 'filled' });
  });

  it('leaves the next order what the first did not take', () => {
    const book = bookAt(1_050);
    const first = meet(sent({ quantity: 130 }), { atMs: 1_050, book });
    const left = withoutTaken(book, 'BUY', first.fills);
    expect(left.asks).toEqual([
      { pricePaise: 10_010, quantity: 65 }, { pricePaise: 10_050, quantity: 650 },
    ]);
    expect(left.bids).toEqual(book.bids);
  });

  it('survives being stored, and is the same on every run', () => {
    const order = meet(sent(), { atMs: 1_050 }).order;
    expect(JSON.parse(JSON.stringify(order))).toEqual(order);
    expect(meet(sent(), { atMs: 1_050, book: bookAt(1_050, quiet) }, { atMs: 1_060 }))
      .toEqual(meet(sent(), { atMs: 1_050, book: bookAt(1_050, quiet) }, { atMs: 1_060 }));
  });

  it('never fills more than was asked, shown or printed, nor beyond a limit', () => {
    const level = fc.record({
      pricePaise: fc.integer({ min: 1_980, max: 2_020 }).map((ticks) => ticks * 5),
      quantity: fc.integer({ min: 0, max: 200 }),
    });
    const view = fc.record({
      gapMs: fc.integer({ min: 0, max: 40 }),
      bids: fc.array(level, { maxLength: 5 }),
      asks: fc.array(level, { maxLength: 5 }),
      isNewBook: fc.boolean(),
      trade: fc.option(level),
    });
    const order = fc.record({
      side: fc.constantFrom('BUY' as const, 'SELL' as const),
      type: fc.constantFrom('LIMIT' as const, 'MARKET' as const, 'SL' as const, 'SL-M' as const),
      validity: fc.constantFrom('DAY' as const, 'IOC' as const),
      quantity: fc.integer({ min: 1, max: 600 }),
      price: fc.integer({ min: 1_980, max: 2_020 }).map((ticks) => ticks * 5),
    });
    fc.assert(
      fc.property(order, fc.array(view, { maxLength: 20 }), (wanted, views) => {
        const { price, ...terms } = wanted;
        const isPriced = wanted.type === 'LIMIT' || wanted.type === 'SL';
        const isStop = wanted.type === 'SL' || wanted.type === 'SL-M';
        let paper = sent({
          ...terms, limitPaise: isPriced ? price : null, triggerPaise: isStop ? price : null,
        });
        let nowMs = 1_000;
        let book: OrderBook = { bids: [], asks: [], atMs: 0 };
        let total = 0;
        let ofBook = 0;
        let printedOfBook = 0;
        for (const { gapMs, bids, asks, isNewBook, trade } of views) {
          nowMs += gapMs;
          if (isNewBook && book.atMs !== nowMs) {
            book = { bids, asks, atMs: nowMs };
            ofBook = 0;
            printedOfBook = 0;
          }
          const printed = trade === null ? null : { ...trade, atMs: nowMs };
          const met = { book, bookVersion: book.atMs, trade: printed, nowMs };
          const match = matchOrder(paper, met, settings);
          const isOver = ['filled', 'cancelled', 'rejected'].includes(paper.stage);
          const sum = match.fills.reduce((all, one) => all + one.quantity, 0);
          if (isOver || nowMs < 1_050) expect(match.fills).toEqual([]);
          ofBook += sum;
          printedOfBook += trade?.quantity ?? 0;
          total += sum;
          const shown = (wanted.side === 'BUY' ? book.asks : book.bids)
            .reduce((all, one) => all + one.quantity, 0);
          expect(sum).toBeLessThanOrEqual(Math.max(shown, trade?.quantity ?? 0));
          expect(ofBook).toBeLessThanOrEqual(shown + printedOfBook);
          for (const fill of match.fills) {
            const { workingPaise } = match.order;
            const beyond = wanted.side === 'BUY'
              ? fill.pricePaise - workingPaise! : workingPaise! - fill.pricePaise;
            expect(beyond).toBeLessThanOrEqual(0);
            if (isPriced) expect(workingPaise).toBe(price);
          }
          paper = match.order;
          expect(paper.filledQuantity).toBe(total);
          expect(total).toBeLessThanOrEqual(wanted.quantity);
          expect(paper.stage === 'filled').toBe(total === wanted.quantity);
        }
      }),
      { seed: 8, numRuns: 500 },
    );
  });
});
