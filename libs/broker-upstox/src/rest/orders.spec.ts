import type { OrderRequest, OrdersPort } from '@strikewire/broker';
import { StrikewireError, type HttpRequest } from '@strikewire/runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failure, html, success } from '../fixtures/answers';
import { orderRow, positionRow, tradeRow } from '../fixtures/orders';
import { upstoxBroker } from '../plugin';
import {
  createAccount, credentials, type Answer, type TestAccount,
} from '../testing/upstox-account';

const id = '261124025562880';
const order: OrderRequest = {
  clientOrderId: 'sw-1', token: { segment: 'NSE_FO', id: '43919' }, side: 'BUY', type: 'LIMIT',
  product: 'carry', validity: 'DAY', quantity: 65, limitPaise: 13_405, triggerPaise: null,
};
const noChange = { quantity: null, limitPaise: null, triggerPaise: null };

type Account = TestAccount & { orders: OrdersPort };
function accountOf(
  reply: (request: HttpRequest) => Answer,
  options?: Parameters<typeof createAccount>[1],
): Account {
  const account = createAccount(reply, options);
  const { orders } = account;
  if (!orders) throw new Error('there is no orders side');
  return { ...account, orders };
}
const placed = success({ order_ids: [id] });
const jsonOf = (request: HttpRequest | undefined): unknown => JSON.parse(String(request?.body));

describe('placing', () => {
  it('sends rupees, units and the tag to the host of orders', async () => {
    const { orders, requests, slots } = accountOf(() => placed);
    expect(await orders.place(order)).toEqual({ kind: 'accepted', brokerOrderId: id });
    expect(requests[0]).toMatchObject({
      method: 'POST', url: 'https://orders.example/v3/order/place',
      headers: {
        authorization: `Bearer ${credentials.accessToken}`, 'content-type': 'application/json',
      },
    });
    expect(jsonOf(requests[0])).toEqual({
      quantity: 65, product: 'D', validity: 'DAY', price: 134.05, tag: 'sw-1',
      instrument_token: 'NSE_FO|43919', order_type: 'LIMIT', transaction_type: 'BUY',
      disclosed_quantity: 0, trigger_price: 0, is_amo: false, slice: false,
    });
    expect(slots).toEqual([{ class: 'order', priority: 0 }]);
  });

  it('sends prices with at most two decimals', async () => {
    const { orders, requests } = accountOf(() => placed);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 100_000_00 }), async (limitPaise) => {
        await orders.place({ ...order, limitPaise });
        expect(String(requests.at(-1)?.body)).toMatch(/"price":\d+(?:\.\d{1,2})?,/);
        expect(jsonOf(requests.at(-1))).toMatchObject({ price: limitPaise / 100 });
      }),
      { seed: 63, numRuns: 300 },
    );
  });

  it('sends a stop with its trigger, for the day alone, at once or not at all', async () => {
    const { orders, requests } = accountOf(() => placed);
    await orders.place({
      ...order, type: 'SL', side: 'SELL', triggerPaise: 13_500, product: 'intraday',
      validity: 'IOC',
    });
    expect(jsonOf(requests[0])).toMatchObject({
      order_type: 'SL', transaction_type: 'SELL', trigger_price: 135, product: 'I', validity: 'IOC',
    });
  });

  it.each([
    ['type_not_served', { type: 'MARKET', limitPaise: null }],
    ['type_not_served', { type: 'SL-M', limitPaise: null, triggerPaise: 100 }],
    ['segment_not_served', { token: { segment: 'MCX_FO', id: '434855' } }],
    ['segment_not_served', { token: { segment: 'NSE_EQ', id: 'INE002A01018' } }],
    ['client_order_id_malformed', { clientOrderId: 'x'.repeat(41) }],
    ['client_order_id_malformed', { clientOrderId: '' }],
    ['number_malformed', { quantity: 0 }], ['number_malformed', { quantity: 6.5 }],
    ['number_malformed', { limitPaise: 13_405.5 }], ['number_malformed', { limitPaise: -5 }],
    ['price_missing', { limitPaise: null }], ['trigger_missing', { type: 'SL' }],
    ['trigger_unwanted', { triggerPaise: 13_000 }],
  ] as const)('is denied as %s: %o', async (code, change) => {
    const { orders, requests } = accountOf(() => placed);
    const outcome = await orders.place({ ...order, ...change });
    expect(outcome).toMatchObject({ kind: 'denied', code });
    expect(requests).toEqual([]);
  });

  it('is denied when its turn never comes, comes late, or nobody is signed in', async () => {
    const full = new StrikewireError({ kind: 'throttled', code: 'budget_full', message: 'full' });
    const refusing = accountOf(() => placed, { gate: { run: () => Promise.reject(full) } });
    expect(await refusing.orders.place(order))
      .toMatchObject({ kind: 'denied', code: 'budget_full' });
    const { clientId } = credentials;
    const signedOut = accountOf(() => placed, { credentials: { clientId } });
    expect(await signedOut.orders.place(order))
      .toMatchObject({ kind: 'denied', code: 'not_signed_in' });
    const late: Account = accountOf(() => placed, {
      gate: { run: async (_slot, send) => late.clock.advance(3_001).then(send) },
    });
    expect(await late.orders.place(order))
      .toMatchObject({ kind: 'denied', code: 'waited_too_long' });
    for (const { requests } of [refusing, signedOut, late]) expect(requests).toEqual([]);
    expect((await late.orders.cancel(id)).kind).toBe('accepted');
    expect(late.requests).toHaveLength(1);
  });

  it.each([
    ['market_closed', 400, 'UDAPI100057'], ['udapi1052', 400, 'UDAPI1052'],
    ['token_invalid', 401, 'UDAPI100050'], ['address_not_allowed', 403, 'UDAPI1154'],
    ['service_closed', 423, 'UDAPI100074'], ['order_unknown', 400, 'UDAPI100010'],
    ['udapi1004', 200, 'UDAPI1004'],
  ])('is rejected as %s by HTTP %i %s', async (code, status, brokerCode) => {
    const { orders } = accountOf(() => ({ status, body: failure(brokerCode, 'Not like this') }));
    expect(await orders.place(order))
      .toEqual({ kind: 'rejected', code, reason: `${brokerCode}: Not like this` });
  });

  it.each<[string, Answer]>([
    ['nothing', ''], ['a page', html], ['a refusal by a page', { status: 403, body: html }],
    ['a torn text', placed.slice(0, 30)], ['no id', success({})], ['no list', success(null)],
    ['an empty list', success({ order_ids: [] })], ['null', success({ order_ids: [null] })],
    ['two ids', success({ order_ids: ['1', '2'] })],
    ['an error of its servers', { status: 500, body: failure('UDAPI100500', 'Sorry') }],
    ['the same with another status', { status: 400, body: failure('UDAPI100500', 'Sorry') }],
    ['a gateway that waited', { status: 504, body: failure('UDAPI100036', 'x') }],
    ['a request that timed out', { status: 408, body: failure('UDAPI100036', 'x') }],
    ['too many requests', { status: 429, body: failure('UDAPI10005', 'x') }],
    ['the same in words alone', { status: 400, body: failure('UDAPI10005', 'x') }],
    ['an error without a code', { status: 400, body: '{"status":"error","errors":[]}' }],
    ['a refusal without an envelope', { status: 400, body: '{}' }],
  ])('is unknown after %s', async (_what, answer) => {
    const { orders } = accountOf(() => answer);
    expect((await orders.place(order)).kind).toBe('unknown');
  });

  it('is unknown when the connection is lost', async () => {
    const { orders } = accountOf(() => {
      throw new StrikewireError({ kind: 'retryable', code: 'network_failed', message: 'lost' });
    });
    expect(await orders.place(order)).toEqual({ kind: 'unknown', reason: 'lost' });
  });

  it('ends in one of the four ways, rejected only by a code, whatever comes', async () => {
    const envelope = fc.record({
      status: fc.constantFrom('success', 'error', 'partial_success'),
      errors: fc.oneof(fc.jsonValue(), fc.array(fc.record({ error_code: fc.jsonValue() }))),
      data: fc.oneof(fc.jsonValue(), fc.record({ order_ids: fc.jsonValue() })),
    }, { requiredKeys: [] });
    const body = fc.oneof(envelope, fc.jsonValue()).map((value) => JSON.stringify(value));
    const status = fc.constantFrom(200, 201, 204, 302, 400, 401, 403, 404, 408, 429, 500, 502, 504);
    await fc.assert(
      fc.asyncProperty(status, fc.oneof(body, fc.string()), async (httpStatus, text) => {
        const { orders } = accountOf(() => ({ status: httpStatus, body: text }));
        const outcome = await orders.place(order);
        expect(['accepted', 'rejected', 'unknown']).toContain(outcome.kind);
        if (outcome.kind === 'accepted') expect(httpStatus).toBeLessThan(300);
        if (outcome.kind === 'rejected') expect(text).toMatch(/"status":"error".*"error_code":"/);
      }),
      { seed: 64, numRuns: 500 },
    );
  });

  it('never names a secret', async () => {
    const { orders } = accountOf(() => ({ status: 401, body: failure('UDAPI100050', 'no') }));
    expect(JSON.stringify(await orders.place(order))).not.toContain('secret');
  });
});

describe('cancelling', () => {
  it('asks for the order, ahead of all others', async () => {
    const { orders, requests, slots } = accountOf(() => success({ order_id: id }));
    expect(await orders.cancel(id)).toEqual({ kind: 'accepted', brokerOrderId: id });
    expect(requests[0]).toMatchObject({
      method: 'DELETE', url: `https://orders.example/v3/order/cancel?order_id=${id}`,
    });
    expect(slots).toEqual([{ class: 'order', priority: -1 }]);
  });

  it('is rejected for what has ended, denied for what is no id', async () => {
    const { orders, requests } = accountOf(() =>
      ({ status: 400, body: failure('UDAPI100040', 'Cannot cancel') }));
    expect(await orders.cancel(id)).toMatchObject({ kind: 'rejected', code: 'order_ended' });
    const malformed = { kind: 'denied', code: 'order_id_malformed' };
    for (const bad of ['', 'a b', '1&tag=x', 'x'.repeat(65)]) {
      expect(await orders.cancel(bad)).toMatchObject(malformed);
    }
    expect(requests).toHaveLength(1);
  });

  it('is unknown when the answer is about another order', async () => {
    const { orders } = accountOf(() => success({ order_id: '7' }));
    expect((await orders.cancel(id)).kind).toBe('unknown');
  });
});

describe('modifying', () => {
  const replying = (row: object | null, answer: Answer = success({ order_id: id })) =>
    (request: HttpRequest): Answer => (request.method === 'GET' ? success(row) : answer);

  it('sends the whole order as it stands, with what is to be others', async () => {
    const row = orderRow({ order_type: 'SL', trigger_price: 133.5, validity: 'IOC' });
    const { orders, requests, slots } = accountOf(replying(row));
    const change = { ...noChange, limitPaise: 13_600 };
    expect(await orders.modify(id, change)).toEqual({ kind: 'accepted', brokerOrderId: id });
    expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET https://rest.example/v2/order/details?order_id=${id}`,
      'PUT https://orders.example/v3/order/modify',
    ]);
    expect(jsonOf(requests[1])).toEqual({
      order_id: id, quantity: 65, validity: 'IOC', price: 136, order_type: 'SL',
      disclosed_quantity: 0, trigger_price: 133.5,
    });
    expect(slots.map((slot) => slot.class)).toEqual(['book', 'order']);
    await orders.modify(id, { quantity: 130, limitPaise: null, triggerPaise: 13_400 });
    expect(jsonOf(requests[3])).toMatchObject({ quantity: 130, price: 134.05, trigger_price: 134 });
  });

  it.each([
    ['order_not_read', null], ['order_not_read', orderRow({ order_id: '7' })],
    ['order_not_read', orderRow({ validity: null })], ['order_not_read', orderRow({ price: 0 })],
    ['type_not_served', orderRow({ order_type: 'MARKET' })],
  ])('is denied as %s before anything is sent', async (code, row) => {
    const { orders, requests } = accountOf(replying(row));
    const change = { ...noChange, quantity: 130 };
    expect(await orders.modify(id, change)).toMatchObject({ kind: 'denied', code });
    expect(requests.map(({ method }) => method)).toEqual(['GET']);
  });

  it('is denied for numbers that are none, and for the trigger of what has none', async () => {
    const { orders } = accountOf(replying(orderRow()));
    expect(await orders.modify(id, { ...noChange, quantity: 0.5 }))
      .toMatchObject({ kind: 'denied', code: 'number_malformed' });
    expect(await orders.modify(id, { ...noChange, triggerPaise: 5 }))
      .toMatchObject({ kind: 'denied', code: 'trigger_unwanted' });
  });

  it('is rejected by the broker\'s code, and unknown after anything else', async () => {
    const refused = { status: 400, body: failure('UDAPI100041', 'Cannot modify') };
    const change = { ...noChange, quantity: 130 };
    expect(await accountOf(replying(orderRow(), refused)).orders.modify(id, change))
      .toMatchObject({ kind: 'rejected', code: 'order_ended' });
    const torn = accountOf(replying(orderRow(), { status: 502, body: html }));
    expect((await torn.orders.modify(id, change)).kind).toBe('unknown');
  });
});

describe('the books', () => {
  it('are read in a class of their own', async () => {
    const { orders, requests, slots } = accountOf(({ url }) =>
      success(url.includes('trades') ? [tradeRow()] : url.includes('order') ? [orderRow()]
        : [positionRow(), positionRow({ quantity: 0 })]));
    expect(await orders.orders()).toMatchObject([{ brokerOrderId: id, clientOrderId: 'sw-1' }]);
    expect(await orders.trades())
      .toMatchObject([{ tradeId: `${id}-74012345`, pricePaise: 13_400 }]);
    expect(await orders.positions()).toMatchObject([{ netQuantity: 65 }]);
    expect(requests.map(({ url }) => new URL(url).pathname)).toEqual([
      '/v2/order/retrieve-all', '/v2/order/trades/get-trades-for-day',
      '/v2/portfolio/short-term-positions',
    ]);
    expect(new Set(slots.map((slot) => slot.class))).toEqual(new Set(['book']));
    const classes = upstoxBroker.limits.rest.map((rule) => rule.class);
    for (const name of ['book', 'order', 'margin']) expect(classes).toContain(name);
  });

  it('are empty when there is nothing', async () => {
    const { orders } = accountOf(() => success(null));
    expect([await orders.orders(), await orders.trades()]).toEqual([[], []]);
  });

  it('are not there when a row cannot be read, or no list came', async () => {
    const bodies = [success([orderRow(), orderRow({ order_id: null })]), success({}), '{}', html];
    for (const body of bodies) {
      await expect(accountOf(() => body).orders.orders()).rejects.toMatchObject({
        kind: 'retryable',
      });
    }
  });

  it('tell of a status that is not known once', async () => {
    const told: unknown[] = [];
    const log = { debug() {}, info() {}, error() {}, warn: (...all: unknown[]) => told.push(all) };
    const rows = success([orderRow({ status: 'odd' }), orderRow(), orderRow({ status: 'odd' })]);
    const { orders } = accountOf(() => rows, { log });
    const read = [await orders.orders(), await orders.orders()];
    expect(read[1]?.map(({ status }) => status)).toEqual(['pending', 'open', 'pending']);
    expect(told).toHaveLength(1);
  });
});
