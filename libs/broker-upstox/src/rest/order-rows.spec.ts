import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderRow, positionRow, tradeRow } from '../fixtures/orders';
import { readOrder, readPosition, readTrade } from './order-rows';

const token = { segment: 'NSE_FO', id: '43919' };
const orderOf = (cells: Record<string, unknown> = {}) => {
  const read = readOrder(orderRow(cells));
  if (!('row' in read)) throw new Error(`lacks ${read.lacks}`);
  return read.row;
};

describe('an order of the book', () => {
  it('is read whole', () => {
    expect(orderOf()).toEqual({
      unknownStatus: null,
      order: {
        brokerOrderId: '261124025562880', clientOrderId: 'sw-1', token, side: 'BUY',
        status: 'open', quantity: 65, filledQuantity: 0, averagePaise: null, limitPaise: 13_405,
        triggerPaise: null, reason: null, updatedMs: Date.parse('2026-11-24T09:20:06+05:30'),
      },
    });
  });

  it.each([
    ['put order req received', 'pending'], ['validation pending', 'pending'],
    ['after market order req received', 'pending'], ['open', 'open'], ['modified', 'open'],
    ['modify pending', 'open'], ['cancel pending', 'open'], ['trigger pending', 'open'],
    ['complete', 'filled'], ['cancelled', 'cancelled'], ['rejected', 'rejected'],
    ['Cancelled after market order', 'cancelled'],
  ])('that is "%s" is %s', (word, status) => {
    const { order, unknownStatus } = orderOf({ status: word, filled_quantity: 65 });
    expect([order.status, unknownStatus]).toEqual([status, null]);
  });

  it('counts as pending by a word that is not known, and says so', () => {
    const { order, unknownStatus } = orderOf({ status: 'frozen by exchange' });
    expect([order.status, unknownStatus]).toEqual(['pending', 'frozen by exchange']);
  });

  it('that stops is triggered once it is open', () => {
    const stop = { order_type: 'SL', trigger_price: 133.5 };
    expect(orderOf({ ...stop, status: 'trigger pending' }).order)
      .toMatchObject({ status: 'open', limitPaise: 13_405, triggerPaise: 13_350 });
    expect(orderOf({ ...stop, status: 'open' }).order.status).toBe('triggered');
  });

  it('has null for prices that its type has none of, and nothing for what is not told', () => {
    expect(orderOf({ order_type: 'MARKET', price: 0 }).order)
      .toMatchObject({ limitPaise: null, triggerPaise: null });
    const badly = orderOf({ price: null }).order;
    expect('limitPaise' in badly).toBe(false);
    expect(badly.triggerPaise).toBeNull();
    const odd = orderOf({ order_type: 'BRACKET' }).order;
    expect('limitPaise' in odd || 'triggerPaise' in odd).toBe(false);
  });

  it('has an average once something is filled', () => {
    const cells = { filled_quantity: 40, average_price: 133.975 };
    expect(orderOf(cells).order).toMatchObject({ filledQuantity: 40, averagePaise: 13_398 });
    expect(orderOf({ average_price: 7 }).order.averagePaise).toBeNull();
  });

  it('of someone else has no client order id; refusals keep their words', () => {
    const cells = { tag: null, status: 'rejected', status_message: 'RMS: margin exceeds' };
    expect(orderOf(cells).order).toMatchObject({
      clientOrderId: null, status: 'rejected', reason: 'RMS: margin exceeds',
    });
  });

  it('may have no times', () => {
    const cells = { order_timestamp: '', exchange_timestamp: '0001-01-01 00:00:00' };
    expect(orderOf(cells).order.updatedMs).toBeNull();
  });

  it.each([
    ['order_id', { order_id: '' }], ['instrument_token', { instrument_token: '43919' }],
    ['transaction_type', { transaction_type: 'B' }], ['quantity', { quantity: 0 }],
    ['quantity', { quantity: 6.5 }], ['status', { status: null }],
    ['filled_quantity', { filled_quantity: -1 }],
    ['filled_quantity', { status: 'complete', filled_quantity: null }],
  ])('cannot be read without its %s', (lacks, cells) => {
    expect(readOrder(orderRow(cells))).toEqual({ lacks });
  });
});

describe('a trade', () => {
  it('is read whole, with its own time', () => {
    expect(readTrade(tradeRow())).toEqual({
      row: {
        tradeId: '261124025562880-74012345', brokerOrderId: '261124025562880',
        token, side: 'BUY', quantity: 65,
        pricePaise: 13_400, tradedMs: Date.parse('2026-11-24T09:20:07+05:30'),
      },
    });
  });

  it.each([
    ['trade_id', { trade_id: null }], ['order_id', { order_id: null }],
    ['instrument_token', { instrument_token: null }], ['transaction_type', {
      transaction_type: 'buy',
    }], ['quantity', { quantity: 0 }], ['average_price', { average_price: 0 }],
    ['exchange_timestamp', { exchange_timestamp: null, order_timestamp: 'x' }],
  ])('cannot be read without its %s', (lacks, cells) => {
    expect(readTrade(tradeRow(cells))).toEqual({ lacks });
  });
});

describe('a position', () => {
  it.each([
    [{}, { product: 'carry', netQuantity: 65, averagePaise: 13_400 }],
    [{ product: 'I', quantity: -65, average_price: null, sell_price: 140.5 },
      { product: 'intraday', netQuantity: -65, averagePaise: 14_050 }],
    [{ quantity: 2, multiplier: 100 }, { netQuantity: 200 }],
    [{ quantity: '-2', multiplier: undefined, average_price: 0 },
      { netQuantity: -2, averagePaise: null }],
  ])('%o is %o', (cells, position) => {
    expect(readPosition(positionRow(cells))).toMatchObject({ row: position });
  });

  it.each([
    ['instrument_token', { instrument_token: 7 }], ['quantity', { quantity: null }],
    ['multiplier', { multiplier: 0 }],
  ])('cannot be read without its %s', (lacks, cells) => {
    expect(readPosition(positionRow(cells))).toEqual({ lacks });
  });
});

describe('whatever there is', () => {
  it('is read or not, and never throws', () => {
    const cell = fc.oneof(fc.anything(), fc.constantFrom('complete', 'BUY', 'NSE_FO|1', 65, 'SL'));
    const names = Object.keys(orderRow());
    const row = fc.dictionary(fc.constantFrom(...names), cell).map((cells) => orderRow(cells));
    fc.assert(
      fc.property(fc.oneof(fc.anything(), row), (value) => {
        for (const read of [readOrder, readTrade, readPosition]) {
          const found = read(value);
          expect('row' in found || 'lacks' in found).toBe(true);
        }
        const found = readOrder(value);
        if ('row' in found) expect(found.row.order.quantity).toBeGreaterThan(0);
      }),
      { seed: 62, numRuns: 1_000 },
    );
  });
});
