import type { ReadRow as Read } from '@strikewire/broker';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderRow, positionRow, tradeRow } from '../fixtures/orders';
import {
  readOrder, readPosition, readTrade, withFills, withIds, type ReadOrder,
} from './order-rows';

const nowMs = Date.parse('2026-11-24T04:00:00Z');
const token = { segment: 'NFO', id: 'NIFTY24NOV2624500CE' };
const id = '261124000012345';

function rowIn<T>(read: Read<T>): T {
  if (!('row' in read)) throw new Error(`lacks ${read.lacks}`);
  return read.row;
}
const orderOf = (cells: Record<string, unknown> = {}): ReadOrder =>
  rowIn(readOrder(orderRow(cells), nowMs));
const tradesOf = (...rows: Record<string, unknown>[]) =>
  withIds(rows.map((cells) => rowIn(readTrade(tradeRow(cells), nowMs))));

describe('an order of the book', () => {
  it('is read whole; of what is filled it says nothing', () => {
    expect(orderOf()).toEqual({
      filledQuantity: null,
      unknownStatus: null,
      order: {
        brokerOrderId: id, clientOrderId: null, token, side: 'BUY', status: 'open', quantity: 65,
        averagePaise: null, limitPaise: 13_405, triggerPaise: null, reason: null,
        updatedMs: Date.parse('2026-11-24T09:20:06+05:30'),
      },
    });
  });

  it.each([
    ['open', 'open'], ['trigger_pending', 'open'], ['trigger pending', 'open'],
    ['TRANSIT', 'pending'], ['PART_TRADED', 'open'], ['Triggered', 'triggered'],
    ['complete', 'filled'], ['cancelled', 'cancelled'], ['rejected', 'rejected'],
    ['EXPIRED', 'expired'],
  ])('that is "%s" is %s', (word, status) => {
    const { order, unknownStatus } = orderOf({ order_status: word });
    expect([order.status, unknownStatus]).toEqual([status, null]);
  });

  it('counts as pending by a word that is not known, and says so', () => {
    const { order, unknownStatus } = orderOf({ order_status: 'constructor' });
    expect([order.status, unknownStatus]).toEqual(['pending', 'constructor']);
  });

  it('is filled by its own word where it has none for the quantity', () => {
    const filled = (cells: Record<string, unknown>): number | null =>
      orderOf(cells).filledQuantity;
    expect(filled({ order_status: 'complete' })).toBe(65);
    expect(filled({ order_status: 'rejected' })).toBe(0);
    expect(filled({ order_status: 'cancelled' })).toBeNull();
    expect(filled({ order_status: 'cancelled', filled_quantity: '40' })).toBe(40);
  });

  it('has null for prices that its type has none of, and nothing for what is not told', () => {
    expect(orderOf({ pricetype: 'SL', trigger_price: '133.5' }).order)
      .toMatchObject({ limitPaise: 13_405, triggerPaise: 13_350 });
    expect(orderOf({ pricetype: 'MARKET', price: 0 }).order)
      .toMatchObject({ limitPaise: null, triggerPaise: null });
    expect('limitPaise' in orderOf({ price: null }).order).toBe(false);
    const odd = orderOf({ pricetype: 'L' }).order;
    expect('limitPaise' in odd || 'triggerPaise' in odd).toBe(false);
  });

  it.each([
    ['24-Nov-2026 09:20:06', '2026-11-24T09:20:06+05:30'],
    ['09:20:06', '2026-11-24T09:20:06+05:30'],
  ])('has the time of %s', (timestamp, instant) => {
    expect(orderOf({ timestamp }).order.updatedMs).toBe(Date.parse(instant));
  });

  it.each([
    ['orderid', { orderid: '' }], ['symbol', { symbol: null }], ['symbol', { exchange: '' }],
    ['action', { action: 'B' }], ['quantity', { quantity: 0 }], ['quantity', { quantity: 'x' }],
    ['order_status', { order_status: '' }], ['filled_quantity', { filled_quantity: -1 }],
  ])('cannot be read without its %s: %o', (lacks, cells) => {
    expect(readOrder(orderRow(cells), nowMs)).toEqual({ lacks });
  });
});

describe('what is filled', () => {
  it('is the sum of the trades where the row does not tell', () => {
    const trades = tradesOf({ quantity: 40, average_price: 134 },
      { quantity: 20, average_price: 134.3 }, { orderid: '7', quantity: 5 });
    expect(withFills([orderOf(), orderOf({ orderid: '8' })], trades)).toMatchObject([
      { filledQuantity: 60, averagePaise: 13_410 }, { filledQuantity: 0, averagePaise: null },
    ]);
  });

  it('has no average while some of its trades are not there', () => {
    const filled = orderOf({ order_status: 'complete' });
    expect(withFills([filled], tradesOf({ quantity: 40 })))
      .toMatchObject([{ filledQuantity: 65, averagePaise: null }]);
    expect(withFills([orderOf({ order_status: 'complete', average_price: 134.2 })], []))
      .toMatchObject([{ filledQuantity: 65, averagePaise: 13_420 }]);
  });
});

describe('trades', () => {
  it('are read whole', () => {
    expect(tradesOf({})).toEqual([{
      tradeId: `${id}/2026-11-24 09:20:07/65/13400/1`, brokerOrderId: id, token, side: 'BUY',
      quantity: 65, pricePaise: 13_400, tradedMs: Date.parse('2026-11-24T09:20:07+05:30'),
    }]);
  });

  it('keep their ids whenever and in whatever order they are read', () => {
    const row = fc.record({
      orderid: fc.constantFrom('1', '2'), quantity: fc.constantFrom(65, 130),
      average_price: fc.constantFrom(134, 134.05), timestamp: fc.constantFrom('a', 'b', null),
    });
    const shuffled = fc.array(row, { maxLength: 12 }).chain((rows) =>
      fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })));
    fc.assert(
      fc.property(shuffled, ([rows, again]) => {
        const ids = (all: typeof rows): string[] => tradesOf(...all).map((one) => one.tradeId);
        expect(new Set(ids(rows)).size).toBe(rows.length);
        expect(ids(again).sort()).toEqual(ids(rows).sort());
      }),
      { seed: 71, numRuns: 300 },
    );
  });

  it.each([
    ['orderid', { orderid: null }], ['symbol', { exchange: 7.5 }], ['action', { action: null }],
    ['quantity', { quantity: 0 }], ['average_price', { average_price: 0 }],
  ])('cannot be read without their %s', (lacks, cells) => {
    expect(readTrade(tradeRow(cells), nowMs)).toEqual({ lacks });
  });
});

describe('a position', () => {
  it('has numbers in texts', () => {
    expect(readPosition(positionRow({ product: 'MIS', quantity: '-65' }))).toEqual({
      row: { token, product: 'intraday', netQuantity: -65, averagePaise: 13_400 },
    });
    expect(readPosition(positionRow({ product: 'NRML', average_price: '0.00' })))
      .toMatchObject({ row: { product: 'carry', netQuantity: 65, averagePaise: null } });
    expect(readPosition(positionRow({ quantity: '' }))).toEqual({ lacks: 'quantity' });
    expect(readPosition(positionRow({ symbol: '' }))).toEqual({ lacks: 'symbol' });
  });
});

describe('whatever there is', () => {
  it('is read or not, and never throws', () => {
    const names = Object.keys(orderRow());
    const row = fc.dictionary(fc.constantFrom(...names), fc.anything()).map(orderRow);
    fc.assert(
      fc.property(fc.oneof(fc.anything(), row), (value) => {
        for (const read of [readOrder, readTrade, readPosition]) {
          const found = read(value, nowMs);
          expect('row' in found || 'lacks' in found).toBe(true);
        }
      }),
      { seed: 72, numRuns: 1_000 },
    );
  });
});
