import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  denialOfClientId,
  denialOfOrderId,
  denialOfSegment,
  figuresOfChange,
  figuresOfOrder,
  pricesAsTold,
} from './order-figures';
import type { OrderRequest } from './orders-port';

const order: OrderRequest = {
  clientOrderId: 'sw-1', token: { segment: 'NFO', id: '7' }, side: 'BUY', type: 'LIMIT',
  product: 'carry', validity: 'DAY', quantity: 65, limitPaise: 13_405, triggerPaise: null,
};
const told = { type: 'SL', price: '134.05', trigger: 133.5, quantity: '65' };
const noChange = { quantity: null, limitPaise: null, triggerPaise: null };

describe('names', () => {
  it('of orders have letters and digits', () => {
    expect(['7', 'a_B-9', 'x'.repeat(64)].map(denialOfOrderId)).toEqual([null, null, null]);
    for (const bad of ['', 'a b', '1&tag=x', '../7', 'x'.repeat(65)]) {
      expect(denialOfOrderId(bad)).toMatchObject({ kind: 'denied', code: 'order_id_malformed' });
    }
  });

  it('that are ours have no spaces, and no more characters than the broker takes', () => {
    expect(['!', 'x'.repeat(40)].map((id) => denialOfClientId(id, 40))).toEqual([null, null]);
    for (const bad of ['', 'a b', 'x\n', 'é', 'x'.repeat(41)]) {
      expect(denialOfClientId(bad, 40)).toEqual({
        kind: 'denied', code: 'client_order_id_malformed',
        reason: 'needs 1 to 40 characters without spaces',
      });
    }
  });

  it('of segments are those that are served', () => {
    expect(denialOfSegment('BFO', ['NFO', 'BFO'])).toBeNull();
    expect(denialOfSegment('MCX', ['NFO', 'BFO'])).toEqual({
      kind: 'denied', code: 'segment_not_served',
      reason: 'orders go to NFO and BFO, this one was for MCX',
    });
  });
});

describe('figures of an order', () => {
  it('are units and rupees', () => {
    expect(figuresOfOrder(order)).toEqual({ quantity: 65, price: 134.05, trigger: 0 });
    expect(figuresOfOrder({ ...order, type: 'SL', triggerPaise: 13_350 }))
      .toEqual({ quantity: 65, price: 134.05, trigger: 133.5 });
  });

  it.each([
    ['type_not_served', 'LIMIT and SL are sent, not MARKET', { type: 'MARKET', quantity: 0 }],
    ['type_not_served', 'LIMIT and SL are sent, not SL-M', { type: 'SL-M', triggerPaise: 5 }],
    ['number_malformed', 'quantity and paise need whole numbers above 0', { quantity: 0 }],
    ['number_malformed', 'quantity and paise need whole numbers above 0', { limitPaise: 0.5 }],
    ['price_missing', 'a LIMIT order needs a price', { limitPaise: null }],
    ['trigger_missing', 'of an order of type SL', { type: 'SL' }],
    ['trigger_unwanted', 'of an order of type LIMIT', { triggerPaise: 13_000 }],
  ] as const)('are none: %s, %s', (code, reason, change) => {
    expect(figuresOfOrder({ ...order, ...change })).toEqual({ kind: 'denied', code, reason });
  });
});

describe('figures of a change', () => {
  it('are as the order stands, with what is to be others', () => {
    expect(figuresOfChange(told, noChange))
      .toEqual({ quantity: 65, price: 134.05, trigger: 133.5 });
    expect(figuresOfChange(told, { quantity: 130, limitPaise: 13_600, triggerPaise: 13_500 }))
      .toEqual({ quantity: 130, price: 136, trigger: 135 });
    expect(figuresOfChange({ ...told, type: 'LIMIT' }, noChange)).toMatchObject({ trigger: 0 });
  });

  it.each([
    ['type_not_served', { type: 'MARKET' }, {}], ['type_not_served', { type: undefined }, {}],
    ['number_malformed', {}, { quantity: 0 }], ['number_malformed', {}, { triggerPaise: -1 }],
    ['trigger_unwanted', { type: 'LIMIT' }, { triggerPaise: 5 }],
    ['order_not_read', { price: 0 }, {}], ['order_not_read', { trigger: null }, {}],
    ['order_not_read', { quantity: 0 }, {}],
  ])('are none: %s', (code, cells, change) => {
    expect(figuresOfChange({ ...told, ...cells }, { ...noChange, ...change }))
      .toMatchObject({ kind: 'denied', code });
  });

  it('never throw, and have nothing below or at zero but a trigger', () => {
    const value = fc.oneof(fc.anything(), fc.constantFrom('LIMIT', 'SL', '134.05', 65));
    const row = fc.record({ type: value, price: value, trigger: value, quantity: value });
    fc.assert(
      fc.property(row, fc.option(fc.double()), (cells, limitPaise) => {
        const found = figuresOfChange(cells, { ...noChange, limitPaise });
        const { quantity, price, trigger } =
          'kind' in found ? { quantity: 1, price: 1, trigger: 0 } : found;
        expect(Math.min(quantity, price)).toBeGreaterThan(0);
        expect(trigger).toBeGreaterThanOrEqual(0);
      }),
      { seed: 81, numRuns: 500 },
    );
  });
});

describe('prices as they are told', () => {
  it.each([
    ['LIMIT', { limitPaise: 13_405, triggerPaise: null }],
    ['SL', { limitPaise: 13_405, triggerPaise: 13_350 }],
    ['SL-M', { limitPaise: null, triggerPaise: 13_350 }],
    ['MARKET', { limitPaise: null, triggerPaise: null }],
    ['odd', {}],
  ])('of %s are %o', (type, prices) => {
    expect(pricesAsTold({ ...told, type })).toStrictEqual(prices);
  });

  it('are left out where they are told badly', () => {
    expect(pricesAsTold({ type: 'SL', price: 'x', trigger: 0 })).toStrictEqual({});
    expect(pricesAsTold({ type: 'LIMIT', price: null, trigger: 0 }))
      .toStrictEqual({ triggerPaise: null });
  });
});
