import type { OrderFeed } from '@strikewire/broker';
import { createSeededRandom } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { orderAlert } from '../fixtures/orders';
import { createDhanOrderFeed } from './order-feed';

const credentials = { clientId: '1000000001', accessToken: 'eyJhbGciOiJIUzUxMiJ9.secret' };
const endpoints = {
  rest: 'https://rest.example/v2', feed: 'wss://feed.example', auth: 'https://auth.example',
  master: 'https://files.example/m', orders: 'wss://orders.example',
};
const feed = createDhanOrderFeed({ credentials, endpoints }) as OrderFeed;
const read = (text: string) => feed.read(new TextEncoder().encode(text), false);
const id = '112111182198';
const row = {
  brokerOrderId: id, clientOrderId: 'sw-1', token: { segment: 'NSE_FNO', id: '42528' },
  side: 'BUY', status: 'open', quantity: 130, filledQuantity: 0, averagePaise: null,
  limitPaise: 12_005, triggerPaise: null, reason: null,
  updatedMs: Date.parse('2026-11-24T09:30:01+05:30'),
};

describe('the connection', () => {
  it('is signed in by its first message; nothing secret is in the address', () => {
    expect(feed.address()).toEqual({ url: 'wss://orders.example' });
    expect(feed.hello?.().map((message) => JSON.parse(String(message)) as unknown)).toEqual([{
      LoginReq: { MsgCode: 42, ClientId: '1000000001', Token: credentials.accessToken },
      UserType: 'SELF',
    }]);
  });

  it('is not there without an address', () => {
    const { rest, feed: quotes, auth, master } = endpoints;
    const others = { rest, feed: quotes, auth, master };
    expect(createDhanOrderFeed({ credentials, endpoints: others })).toBeUndefined();
  });

  it.each([[401, 'auth'], [403, 'auth'], [429, 'throttled'], [500, 'other']])(
    'refused with %d has ended as %s',
    (httpStatus, kind) => expect(feed.classifyEnd({ httpStatus })).toBe(kind),
  );
});

describe('a message', () => {
  it('is a row of the order', () => {
    expect(read(orderAlert())).toEqual([{ kind: 'row', row }]);
  });

  it('is the same with its keys in camel case', () => {
    const camel = orderAlert().replaceAll(/"([A-Z])(\w*)":/g, (_all, first: string, rest: string) =>
      `"${first.toLowerCase()}${rest}":`);
    expect(camel).toContain('"orderNo"');
    expect(read(camel)).toEqual([{ kind: 'row', row }]);
  });

  it('may have a key twice, once without a value', () => {
    expect(read(orderAlert({ orderNo: '' }))).toEqual([{ kind: 'row', row }]);
  });

  it.each([
    [{ Status: 'Traded', TradedQty: 130, AvgTradedPrice: 119.95 },
      { status: 'filled', filledQuantity: 130, averagePaise: 11_995 }],
    [{ Status: 'PART_TRADED', TradedQty: 65, AvgTradedPrice: 119.95 },
      { status: 'open', filledQuantity: 65 }],
    [{ Status: 'Part Traded', TradedQty: 65 }, { status: 'open', filledQuantity: 65 }],
    [{ Status: 'TRANSIT' }, { status: 'pending' }],
    [{ Status: 'Cancelled' }, { status: 'cancelled', reason: null }],
    [{ Status: 'Expired' }, { status: 'expired' }],
    [{ Status: 'Rejected', ReasonDescription: 'RMS: no funds' },
      { status: 'rejected', reason: 'RMS: no funds' }],
    [{ OrderType: 'SL', TriggerPrice: 119 }, { limitPaise: 12_005, triggerPaise: 11_900 }],
    [{ OrderType: 'SLM', TriggerPrice: 119 }, { limitPaise: null, triggerPaise: 11_900 }],
    [{ OrderType: 'MKT' }, { limitPaise: null, triggerPaise: null }],
    [{ TxnType: 'S' }, { side: 'SELL' }],
    [{ Exchange: 'BSE' }, { token: { segment: 'BSE_FNO', id: '42528' } }],
    [{ Exchange: 'MCX', Segment: 'M' }, { token: { segment: 'MCX_COMM', id: '42528' } }],
    [{ Segment: 'E' }, { token: { segment: 'NSE_EQ', id: '42528' } }],
    [{ CorrelationId: 'NA' }, { clientOrderId: null }],
    [{ LastUpdatedTime: '0001-01-01 00:00:00' }, { updatedMs: null }],
  ])('with %o is a row with %o', (fields, needed) => {
    expect(read(orderAlert(fields))).toMatchObject([{ kind: 'row', row: needed }]);
  });

  it.each([
    { Status: 'HELD_BY_NOBODY' }, { Status: 'Inactive' }, { TxnType: 'X' }, { OrderType: 'ICE' },
    { Quantity: 0 }, { Quantity: 'many' }, { TradedQty: 131 }, { TradedQty: -1 },
    { Exchange: 'NASDAQ' }, { SecurityId: '' },
  ])('that cannot be read whole is an order to look at: %o', (fields) => {
    expect(read(orderAlert(fields))).toEqual([{ kind: 'look', brokerOrderId: id }]);
  });

  it.each([
    'no JSON', '{"Data":{"OrderNo":', '7', 'null', '"text"',
    orderAlert({ OrderNo: '' }), '{"Type":"order_alert"}', '{"Type":"order_alert","Data":[]}',
  ])('of which nothing is known has all of the book read: %s', (text) => {
    expect(read(text)).toEqual([{ kind: 'look', brokerOrderId: null }]);
  });

  it.each([
    '', ' ', '{}', '{"Type":"heartbeat"}', '[]',
  ])('that says nothing is none: %j', (text) => expect(read(text)).toEqual([]));

  it('may be several', () => {
    expect(read(`[${orderAlert()},${orderAlert({ Status: '?' })}]`).map(({ kind }) => kind))
      .toEqual(['row', 'look']);
  });

  it('never throws, whatever it holds', () => {
    const random = createSeededRandom(77);
    const whole = new TextEncoder().encode(orderAlert());
    let rows = 0;
    for (let round = 0; round < 3_000; round++) {
      const bytes = whole.slice(0, 1 + Math.floor(random.next() * whole.length));
      const at = Math.floor(random.next() * bytes.length);
      bytes[at] = Math.floor(random.next() * 256);
      const news = feed.read(bytes, random.next() < 0.5);
      expect(news.length).toBeLessThanOrEqual(1);
      if (news[0]?.kind === 'row') rows++;
    }
    expect(rows).toBeLessThan(100);
  });
});
