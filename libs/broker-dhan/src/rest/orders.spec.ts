import type { OrderRequest, OrdersPort } from '@strikewire/broker';
import { StrikewireError, type HttpRequest } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { dataError, gatewayError, html, internalError, tradingError } from '../fixtures/answers';
import { orderRow, positionRow, tradeRow } from '../fixtures/orders';
import { createTestAccount, sentBody, testCredentials, type Reply } from '../testing/dhan-account';

const order: OrderRequest = {
  clientOrderId: 'sw-1', token: { segment: 'NSE_FNO', id: '42528' }, side: 'BUY', type: 'LIMIT',
  product: 'intraday', validity: 'DAY', quantity: 130, limitPaise: 12_005, triggerPaise: null,
};
const id = '112111182198';
const taken = JSON.stringify({ orderId: id, orderStatus: 'TRANSIT' });
const asIs = { quantity: null, limitPaise: null, triggerPaise: null };

/** Reads are answered by the book, requests about orders by the reply. */
function setUp(
  reply: Reply | ((request: HttpRequest) => Reply),
  { book = [orderRow()] as unknown }: { book?: unknown } = {},
) {
  const account = createTestAccount((request) => {
    if (request.method === 'GET') return JSON.stringify(book);
    return typeof reply === 'function' ? reply(request) : reply;
  });
  return { ...account, orders: account.instance.orders as OrdersPort };
}

describe('an order', () => {
  it('goes out in rupees, with the keys that it needs and no others', async () => {
    const { orders, requests, slots } = setUp(taken);
    expect(await orders.place(order)).toEqual({ kind: 'accepted', brokerOrderId: id });
    const [request] = requests;
    expect([request?.method, request?.url]).toEqual(['POST', 'https://rest.example/v2/orders']);
    expect(request?.headers).toMatchObject({ 'access-token': testCredentials.accessToken });
    expect(sentBody(request)).toEqual({
      dhanClientId: '1000000001', correlationId: 'sw-1', transactionType: 'BUY',
      exchangeSegment: 'NSE_FNO', productType: 'INTRADAY', orderType: 'LIMIT', validity: 'DAY',
      securityId: '42528', quantity: 130, price: 120.05,
    });
    expect(slots.map((slot) => slot.class)).toEqual(['orders']);
  });

  it.each([
    [{ type: 'SL', triggerPaise: 11_900 },
      { orderType: 'STOP_LOSS', price: 120.05, triggerPrice: 119 }],
    [{ type: 'SL-M', limitPaise: null, triggerPaise: 11_905 },
      { orderType: 'STOP_LOSS_MARKET', triggerPrice: 119.05 }],
    [{ side: 'SELL', product: 'carry', validity: 'IOC' },
      { transactionType: 'SELL', productType: 'MARGIN', validity: 'IOC', price: 120.05 }],
    [{ limitPaise: 10_007 }, { price: 100.07 }],
    [{ token: { segment: 'BSE_FNO', id: '869900' } },
      { exchangeSegment: 'BSE_FNO', securityId: '869900' }],
  ] as const)('of %o is written as %o', async (changes, written) => {
    const { orders, requests } = setUp(taken);
    await orders.place({ ...order, ...changes });
    expect(sentBody(requests[0])).toMatchObject(written);
    const hasLimit = 'price' in written || !('orderType' in written);
    expect('price' in sentBody(requests[0])).toBe(hasLimit);
  });

  it('has a price of two decimals at the most, whatever its paise', async () => {
    const { orders, requests } = setUp(taken);
    for (let limitPaise = 1; limitPaise < 4_000_000; limitPaise += 39_119) {
      await orders.place({ ...order, limitPaise });
    }
    const prices = requests.map(({ body }) => /"price":([\d.]+)/.exec(String(body))?.[1]);
    expect(prices.length).toBeGreaterThan(100);
    expect(prices.filter((one) => !/^\d+(?:\.\d{1,2})?$/.test(one ?? ''))).toEqual([]);
  });

  it.each([
    ['client_id_unfit', { clientOrderId: 'x'.repeat(31) }],
    ['client_id_unfit', { clientOrderId: 'a:b' }],
    ['client_id_unfit', { clientOrderId: '' }],
    ['segment_not_traded', { token: { segment: 'IDX_I', id: '13' } }],
    ['segment_not_served', { token: { segment: 'MCX_COMM', id: '569900' } }],
    ['instrument_unfit', { token: { segment: 'NSE_FNO', id: '1 or 2' } }],
    ['market_unprotected', { type: 'MARKET', limitPaise: null }],
    ['quantity_unfit', { quantity: 0 }],
    ['quantity_unfit', { quantity: 65.5 }],
    ['limit_unfit', { limitPaise: null }],
    ['limit_unfit', { limitPaise: 100.5 }],
    ['limit_unfit', { type: 'SL-M', triggerPaise: 100 }],
    ['trigger_unfit', { triggerPaise: 100 }],
    ['trigger_unfit', { type: 'SL' }],
  ] as const)('is denied as %s when it cannot be expressed: %o', async (code, changes) => {
    const { orders, requests } = setUp(taken);
    const outcome = await orders.place({ ...order, ...changes } as OrderRequest);
    expect(outcome).toMatchObject({ kind: 'denied', code });
    expect(requests).toEqual([]);
  });
});

describe('an answer', () => {
  it.each([
    ['DH-901', 401, 'authentication_failed'],
    ['DH-902', 401, 'trading_not_permitted'],
    ['DH-903', 403, 'account_blocked'],
    ['DH-905', 400, 'request_malformed'],
    ['DH-906', 400, 'order_refused'],
    ['DH-907', 400, 'no_data'],
    ['DH-906', 200, 'order_refused'],
  ])('with %s and HTTP %d proves that nothing was done', async (code, status, ours) => {
    const { orders } = setUp({ status, body: tradingError(code, 'Market is Closed!') });
    const rejected = { kind: 'rejected', code: ours, reason: `Market is Closed! (${code})` };
    expect(await orders.place(order)).toEqual(rejected);
    expect(await orders.modify(id, { ...asIs, limitPaise: 5 })).toEqual(rejected);
    expect(await orders.cancel(id)).toEqual(rejected);
  });

  it('names the address that is not listed, and a token that is dead', async () => {
    const address = setUp({ status: 400, body: tradingError('DH-905', 'Invalid IP') }).orders;
    expect(await address.place(order)).toMatchObject({
      kind: 'rejected', code: 'address_not_listed', reason: expect.stringContaining('static'),
    });
    const dead = setUp({ status: 400, body: tradingError('DH-906', 'Invalid Token') }).orders;
    expect(await dead.place(order)).toMatchObject({ kind: 'rejected', code: 'token_invalid' });
  });

  const oddAnswers: readonly (readonly [what: string, reply: Reply])[] = [
    ['too many requests', { status: 429, body: tradingError('DH-904', 'too many') }],
    ['too many requests, in a body of another code',
      { status: 429, body: tradingError('DH-906', 'too many') }],
    ['a server error', { status: 500, body: tradingError('DH-908', 'internal') }],
    ['a server error that says it was refused',
      { status: 502, body: tradingError('DH-906', 'refused') }],
    ['a back end that was not reached', { status: 400, body: tradingError('DH-909', 'network') }],
    ['a code that was never met', { status: 400, body: tradingError('DH-999', 'what?') }],
    ['a refusal beside an order id',
      { status: 400, body: JSON.stringify({ orderId: id, errorCode: 'DH-906' }) }],
    ['an internal error', { status: 500, body: internalError }],
    ['the gateway\'s 404', { status: 404, body: gatewayError }],
    ['an error of the data APIs', { status: 400, body: dataError('814', 'invalid') }],
    ['a page in HTML', { status: 502, body: html }],
    ['a page in HTML as a success', html],
    ['nothing', ''],
    ['half an answer', taken.slice(0, 20)],
    ['the answer twice', taken + taken],
    ['a success without an id', '{"orderStatus":"TRANSIT"}'],
    ['a success with an empty id', '{"orderId":"","orderStatus":"TRANSIT"}'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a redirect', { status: 302, body: '' }],
    ['a lost connection', new StrikewireError({
      kind: 'retryable', code: 'network_failed', message: 'POST rest.example: ECONNRESET',
    })],
    ['something else that is thrown', new TypeError('no')],
  ];
  it.each(oddAnswers)('that is %s proves nothing: unknown', async (_what, reply) => {
    const { orders } = setUp(reply);
    for (const outcome of [
      await orders.place(order),
      await orders.modify(id, { ...asIs, quantity: 65 }),
      await orders.cancel(id),
    ]) expect(outcome).toMatchObject({ kind: 'unknown' });
  });

  it.each([
    JSON.stringify({ orderId: '7', orderStatus: 'CANCELLED' }),
    JSON.stringify({ orderId: id, orderStatus: 'REJECTED' }),
  ])('about another order, or without a reason, is unknown: %s', async (answer) => {
    const { orders } = setUp(answer);
    expect(await orders.cancel(id)).toMatchObject({ kind: 'unknown' });
  });

  it('has no secret in it, even when the broker repeats one', async () => {
    const said = `bad token ${testCredentials.accessToken}`;
    for (const code of ['DH-901', 'DH-908']) {
      const { orders } = setUp({ status: 400, body: tradingError(code, said) });
      const outcome = JSON.stringify(await orders.place(order));
      expect(outcome).toContain('***');
      expect(outcome).not.toContain('secret-part');
    }
  });
});

describe('a change', () => {
  it('is the whole order again, with what is to stay from its row', async () => {
    const { orders, requests, slots } = setUp(taken);
    expect(await orders.modify(id, { ...asIs, limitPaise: 12_110 })).toMatchObject({
      kind: 'accepted',
    });
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET https://rest.example/v2/orders/${id}`, `PUT https://rest.example/v2/orders/${id}`,
    ]);
    expect(sentBody(requests[1])).toEqual({
      dhanClientId: '1000000001', orderId: id, orderType: 'LIMIT', validity: 'DAY',
      quantity: 130, price: 121.1,
    });
    expect(slots.map((slot) => slot.class)).toEqual(['books', 'orders']);
  });

  it('of a stop keeps its limit and what it discloses; a bare row does as well', async () => {
    const row = orderRow({ orderType: 'STOP_LOSS', triggerPrice: 119, disclosedQuantity: 65 });
    const { orders, requests } = setUp(taken, { book: row });
    await orders.modify(id, { quantity: 65, limitPaise: null, triggerPaise: 11_850 });
    expect(sentBody(requests[1])).toMatchObject({
      orderType: 'STOP_LOSS', quantity: 65, price: 120.05, triggerPrice: 118.5,
      disclosedQuantity: 65,
    });
  });

  it.each([
    ['order_not_read', [], {}],
    ['order_not_read', [orderRow({ orderId: '5' })], {}],
    ['order_not_read', [orderRow({ orderType: 'ICEBERG' })], {}],
    ['order_not_read', 'no list', {}],
    ['order_ended', [orderRow({ orderStatus: 'TRADED' })], {}],
    ['market_unprotected', [orderRow({ orderType: 'MARKET' })], {}],
    ['trigger_unfit', [orderRow()], { triggerPaise: 100 }],
    ['quantity_unfit', [orderRow()], { quantity: 0 }],
    ['limit_unfit', [orderRow()], { limitPaise: -5 }],
  ])('is denied as %s where there is nothing to change: %o', async (code, book, change) => {
    const { orders, requests } = setUp(taken, { book });
    const outcome = await orders.modify(id, { ...asIs, ...change });
    expect(outcome).toMatchObject({ kind: 'denied', code });
    expect(requests.filter(({ method }) => method === 'PUT')).toEqual([]);
  });

  it('of an id that could be a path is not asked for', async () => {
    const { orders, requests } = setUp(taken);
    expect(await orders.cancel('../killswitch?a=b')).toMatchObject({ code: 'order_id_unfit' });
    expect(await orders.modify('1/2', asIs)).toMatchObject({ code: 'order_id_unfit' });
    expect(requests).toEqual([]);
  });
});

describe('the books', () => {
  it('have orders in paise and Indian time', async () => {
    const { orders, slots } = setUp('', { book: [
      orderRow({ filledQty: 65, averageTradedPrice: 119.95, orderStatus: 'PART_TRADED' }),
    ] });
    expect(await orders.orders()).toEqual([{
      brokerOrderId: id, clientOrderId: 'sw-1', token: order.token, side: 'BUY', status: 'open',
      quantity: 130, filledQuantity: 65, averagePaise: 11_995, limitPaise: 12_005,
      triggerPaise: null, reason: null, updatedMs: Date.parse('2026-11-24T09:30:01+05:30'),
    }]);
    expect(slots).toEqual([{ class: 'books' }]);
  });

  it.each([
    ['TRANSIT', 'pending'], ['PENDING', 'open'], ['PART_TRADED', 'open'], ['MODIFIED', 'open'],
    ['TRIGGERED', 'triggered'], ['TRADED', 'filled'], ['CANCELLED', 'cancelled'],
    ['REJECTED', 'rejected'], ['EXPIRED', 'expired'], ['Cancelled', 'cancelled'],
    ['INACTIVE', 'pending'], ['HELD_BY_NOBODY', 'pending'],
  ])('call %s %s', async (word, status) => {
    const { orders } = setUp('', { book: [orderRow({ orderStatus: word })] });
    expect(await orders.orders()).toMatchObject([{ status }]);
  });

  it('say why: of a refusal in the broker\'s words, of a strange word by the word', async () => {
    const { orders } = setUp('', { book: [
      orderRow({ orderStatus: 'REJECTED', omsErrorDescription: 'RMS: Insufficient funds' }),
      orderRow({ orderStatus: 'REJECTED', omsErrorDescription: '' }),
      orderRow({ orderStatus: 'INACTIVE' }),
    ] });
    const reasons = (await orders.orders()).map(({ reason }) => reason);
    expect(reasons.slice(0, 2)).toEqual(['RMS: Insufficient funds', 'no reason given']);
    expect(reasons[2]).toContain('INACTIVE');
  });

  it('have limits and triggers by their types, and no ids but the platform\'s', async () => {
    const { orders } = setUp('', { book: [
      orderRow({ orderType: 'STOP_LOSS', triggerPrice: 119 }),
      orderRow({ orderType: 'STOP_LOSS_MARKET', price: 0, triggerPrice: 119 }),
      orderRow({ orderType: 'MARKET', correlationId: 'NA' }),
      orderRow({ correlationId: '1000000001-1764131400123' }),
      orderRow({ correlationId: '' }),
    ] });
    const rows = await orders.orders();
    expect(rows.map(({ limitPaise, triggerPaise }) => [limitPaise, triggerPaise])).toEqual([
      [12_005, 11_900], [null, 11_900], [null, null], [12_005, null], [12_005, null],
    ]);
    expect(rows.map(({ clientOrderId }) => clientOrderId))
      .toEqual(['sw-1', 'sw-1', null, null, null]);
  });

  it('have orders of which the exchange has not heard', async () => {
    const none = '0001-01-01 00:00:00';
    const { orders } = setUp('', { book: [
      orderRow({ updateTime: none, exchangeTime: none, exchangeOrderId: '0' }),
      orderRow({ updateTime: none, exchangeTime: none, createTime: none }),
    ] });
    const times = (await orders.orders()).map(({ updatedMs }) => updatedMs);
    expect(times).toEqual([Date.parse('2026-11-24T09:30:00+05:30'), null]);
  });

  it('have trades, each by an id of its own', async () => {
    const { orders, clock } = setUp('', { book: [
      tradeRow(), tradeRow({ orderId: '9', transactionType: 'SELL', exchangeTime: 'NA',
        updateTime: 'NA', createTime: 'NA' }),
    ] });
    const trades = await orders.trades();
    expect(trades).toEqual([
      {
        tradeId: `${id}-76351`, brokerOrderId: id, token: order.token, side: 'BUY', quantity: 65,
        pricePaise: 11_995, tradedMs: Date.parse('2026-11-24T09:30:02+05:30'),
      },
      {
        tradeId: '9-76351', brokerOrderId: '9', token: order.token, side: 'SELL', quantity: 65,
        pricePaise: 11_995, tradedMs: clock.wallMs(),
      },
    ]);
  });

  it('have positions: long, short and closed', async () => {
    const { orders } = setUp('', { book: [
      positionRow(),
      positionRow({ netQty: -130, buyAvg: 0, sellAvg: 88.35, productType: 'INTRADAY' }),
      positionRow({ netQty: 0, sellAvg: 121, positionType: 'CLOSED' }),
    ] });
    const found = (await orders.positions()).map(({ product, netQuantity, averagePaise }) =>
      [product, netQuantity, averagePaise]);
    expect(found).toEqual([['carry', 65, 12_050], ['intraday', -130, 8_835], ['carry', 0, null]]);
  });

  it.each([
    ['orders', { data: [] }], ['orders', [orderRow({ orderId: '' })]], ['orders', [null]],
    ['orders', [orderRow({ quantity: 'many' })]], ['orders', [orderRow({ filledQty: -1 })]],
    ['orders', [orderRow({ transactionType: '?' })]], ['orders', 'none'],
    ['trades', [tradeRow({ exchangeTradeId: '' })]], ['trades', [tradeRow({ tradedPrice: 0 })]],
    ['trades', [tradeRow({ tradedQuantity: 0 })]], ['positions', [positionRow({ netQty: 'x' })]],
    ['positions', [positionRow({ netQty: 0.5 })]], ['positions', {}],
  ] as const)('that cannot be read prove nothing: %s %o', async (name, book) => {
    const { orders } = setUp('', { book });
    await expect(orders[name]()).rejects.toMatchObject({ kind: 'retryable' });
  });

  it.each([['DH-902', 'trading_not_permitted'], ['DH-903', 'account_blocked']])(
    'that are refused with %s are no end of the account: its market data may be well',
    async (brokerCode, code) => {
      const body = tradingError(brokerCode, 'Segment not active');
      const { instance } = createTestAccount(() => ({ status: 403, body }));
      const refused = { kind: 'rejected', code };
      await expect(instance.orders?.orders()).rejects.toMatchObject(refused);
      await expect(instance.margin?.funds()).rejects.toMatchObject(refused);
      await expect(instance.check()).rejects.toMatchObject({ kind: 'fatal' });
    },
  );

  it('that are empty are empty', async () => {
    const { orders } = setUp('', { book: [] });
    expect([await orders.orders(), await orders.trades(), await orders.positions()])
      .toEqual([[], [], []]);
  });
});
