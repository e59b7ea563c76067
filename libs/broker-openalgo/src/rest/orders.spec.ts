import type { OrderRequest, OrdersPort } from '@strikewire/broker';
import { StrikewireError, type HttpRequest } from '@strikewire/runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failure, html, success } from '../fixtures/answers';
import { orderRow, positionRow, tradeRow } from '../fixtures/orders';
import { openalgoBroker } from '../plugin';
import {
  createAccount, credentials, type Answer, type TestAccount,
} from '../testing/openalgo-account';

const id = '261124000012345';
const order: OrderRequest = {
  clientOrderId: 'sw-1', token: { segment: 'NFO', id: 'NIFTY24NOV2624500CE' }, side: 'BUY',
  type: 'LIMIT', product: 'carry', validity: 'DAY', quantity: 65, limitPaise: 13_405,
  triggerPaise: null,
};
const noChange = { quantity: null, limitPaise: null, triggerPaise: null };

type Account = TestAccount & { orders: OrdersPort };
function accountOf(
  reply: (request: HttpRequest) => Answer,
  ...more: [Parameters<typeof createAccount>[1]?, Parameters<typeof createAccount>[2]?]
): Account {
  const account = createAccount(reply, ...more);
  const { orders } = account;
  if (!orders) throw new Error('there is no orders side');
  return { ...account, orders };
}
const taken = JSON.stringify({ status: 'success', orderid: id });
const jsonOf = (request: HttpRequest | undefined): unknown => JSON.parse(String(request?.body));

describe('placing', () => {
  it('sends rupees, units and where a person finds it', async () => {
    const { orders, requests, slots } = accountOf(() => taken);
    expect(await orders.place(order)).toEqual({ kind: 'accepted', brokerOrderId: id });
    expect(requests[0]?.url).toBe('http://algo.example/api/v1/placeorder');
    expect(jsonOf(requests[0])).toEqual({
      apikey: credentials.apiKey, strategy: 'sw-1', exchange: 'NFO',
      symbol: 'NIFTY24NOV2624500CE', action: 'BUY', product: 'NRML', pricetype: 'LIMIT',
      quantity: 65, price: 134.05, trigger_price: 0, disclosed_quantity: 0,
    });
    expect(slots).toEqual([{ class: 'order', priority: 0 }]);
    const stop = { ...order, type: 'SL', triggerPaise: 13_300, product: 'intraday' } as const;
    await orders.place(stop);
    expect(jsonOf(requests[1]))
      .toMatchObject({ pricetype: 'SL', product: 'MIS', trigger_price: 133 });
  });

  it.each([
    ['type_not_served', { type: 'MARKET', limitPaise: null }],
    ['type_not_served', { type: 'SL-M', limitPaise: null, triggerPaise: 100 }],
    ['validity_not_served', { validity: 'IOC' }],
    ['segment_not_served', { token: { segment: 'MCX', id: 'CRUDEOIL18DEC26FUT' } }],
    ['client_order_id_malformed', { clientOrderId: 'x'.repeat(65) }],
    ['number_malformed', { quantity: 0 }], ['number_malformed', { limitPaise: 13_405.5 }],
    ['price_missing', { limitPaise: null }], ['trigger_missing', { type: 'SL' }],
    ['trigger_unwanted', { triggerPaise: 13_000 }],
  ] as const)('is denied as %s: %o', async (code, change) => {
    const { orders, requests } = accountOf(() => taken);
    expect(await orders.place({ ...order, ...change })).toMatchObject({ kind: 'denied', code });
    expect(requests).toEqual([]);
  });

  it('is denied when its turn never comes, or comes late', async () => {
    const full = new StrikewireError({ kind: 'throttled', code: 'budget_full', message: 'full' });
    const refusing = accountOf(() => taken, undefined, { run: () => Promise.reject(full) });
    expect(await refusing.orders.place(order))
      .toMatchObject({ kind: 'denied', code: 'budget_full' });
    const late: Account = accountOf(() => taken, undefined, {
      run: async (_slot, send) => late.clock.advance(3_001).then(send),
    });
    expect(await late.orders.place(order))
      .toMatchObject({ kind: 'denied', code: 'waited_too_long' });
    expect([refusing.requests, late.requests]).toEqual([[], []]);
    expect((await late.orders.cancel(id)).kind).toBe('accepted');
  });

  it.each([
    ['broker_refused', 200, 'Margin shortfall'], ['broker_refused', 400, 'Insufficient funds'],
    ['api_key_invalid', 403, 'Invalid openalgo apikey'], ['not_there', 404, 'Symbol not found'],
    ['api_key_missing', 401, 'Invalid token'], ['broker_refused', 423, 'Market is closed'],
  ])('is rejected as %s by HTTP %i %s', async (code, status, message) => {
    const { orders } = accountOf(() => ({ status, body: failure(message) }));
    expect(await orders.place(order)).toEqual({ kind: 'rejected', code, reason: message });
  });

  it('is rejected when it went to the sandbox', async () => {
    const body = JSON.stringify({ status: 'success', mode: 'analyze', orderid: '7' });
    expect(await accountOf(() => body).orders.place(order))
      .toMatchObject({ kind: 'rejected', code: 'analyze_mode' });
  });

  const queued = JSON.stringify({
    status: 'success', mode: 'semi_auto', message: 'Order queued', pending_order_id: 7,
  });
  it.each<[string, Answer]>([
    ['nothing', ''], ['a page', html], ['a refusal by a page', { status: 403, body: html }],
    ['a torn text', taken.slice(0, 20)], ['no id', success({})], ['an order put aside', queued],
    ['no order id', JSON.stringify({ status: 'success', orderid: null })],
    ['an error of its servers', { status: 500, body: failure('Failed to place order') }],
    ['too many requests', { status: 429, body: failure('Rate limit exceeded') }],
    ['what went wrong on the way', { status: 400, body: failure('Read timed out') }],
    ['the same with a success', failure('Connection aborted')],
    ['an error without words', { status: 400, body: '{"status":"error"}' }],
    ['a refusal without an envelope', { status: 400, body: '{"message":"no"}' }],
  ])('is unknown after %s', async (_what, answer) => {
    expect((await accountOf(() => answer).orders.place(order)).kind).toBe('unknown');
  });

  it('is unknown when the connection is lost', async () => {
    const { orders } = accountOf(() => {
      throw new StrikewireError({ kind: 'retryable', code: 'network_failed', message: 'lost' });
    });
    expect(await orders.place(order)).toEqual({ kind: 'unknown', reason: 'lost' });
  });

  it('ends in one of the four ways, rejected only by an envelope, whatever comes', async () => {
    const envelope = fc.record({
      status: fc.constantFrom('success', 'error'), orderid: fc.jsonValue(),
      message: fc.jsonValue(), mode: fc.constantFrom('live', 'semi_auto'),
    }, { requiredKeys: [] });
    const body = fc.oneof(envelope, fc.jsonValue()).map((value) => JSON.stringify(value));
    const status = fc.constantFrom(200, 201, 302, 400, 401, 403, 404, 408, 429, 500, 501, 502);
    await fc.assert(
      fc.asyncProperty(status, fc.oneof(body, fc.string()), async (httpStatus, text) => {
        const outcome = await accountOf(() => ({ status: httpStatus, body: text }))
          .orders.place(order);
        expect(['accepted', 'rejected', 'unknown']).toContain(outcome.kind);
        if (outcome.kind === 'accepted') expect(httpStatus).toBeLessThan(300);
        if (outcome.kind === 'rejected') expect(text).toContain('"status":"error"');
        if (httpStatus >= 500) expect(outcome.kind).toBe('unknown');
      }),
      { seed: 73, numRuns: 500 },
    );
  });

  it('never names the key', async () => {
    const { orders } = accountOf(() => ({ status: 403, body: failure('Invalid apikey') }));
    expect(JSON.stringify(await orders.place(order))).not.toContain('secret');
  });
});

describe('cancelling', () => {
  it('asks for the order, ahead of all others', async () => {
    const { orders, requests, slots } = accountOf(() => taken);
    expect(await orders.cancel(id)).toEqual({ kind: 'accepted', brokerOrderId: id });
    expect(requests[0]?.url).toBe('http://algo.example/api/v1/cancelorder');
    expect(jsonOf(requests[0]))
      .toEqual({ apikey: credentials.apiKey, strategy: 'strikewire', orderid: id });
    expect(slots).toEqual([{ class: 'order', priority: -1 }]);
  });

  it('is rejected in plain words, denied without an id, unknown for another', async () => {
    const { orders, requests } = accountOf(() => ({ status: 400, body: failure('Not open') }));
    expect(await orders.cancel(id)).toMatchObject({ kind: 'rejected', reason: 'Not open' });
    expect(await orders.cancel('a b')).toMatchObject({ code: 'order_id_malformed' });
    expect(requests).toHaveLength(1);
    const other = accountOf(() => taken);
    expect((await other.orders.cancel('7')).kind).toBe('unknown');
  });
});

describe('modifying', () => {
  const replying = (row: object | null, answer: Answer = taken) =>
    (request: HttpRequest): Answer =>
      (request.url.endsWith('/orderstatus') ? success(row) : answer);

  it('sends the whole order as it stands, with what is to be others', async () => {
    const row = orderRow({ pricetype: 'SL', trigger_price: 133.5 });
    const { orders, requests, slots } = accountOf(replying(row));
    expect(await orders.modify(id, { ...noChange, limitPaise: 13_600 }))
      .toEqual({ kind: 'accepted', brokerOrderId: id });
    expect(jsonOf(requests[1])).toEqual({
      apikey: credentials.apiKey, strategy: 'strikewire', orderid: id, exchange: 'NFO',
      symbol: 'NIFTY24NOV2624500CE', action: 'BUY', product: 'NRML', pricetype: 'SL',
      quantity: 65, price: 136, trigger_price: 133.5, disclosed_quantity: 0,
    });
    expect(requests.map(({ url }) => url.split('/').at(-1)))
      .toEqual(['orderstatus', 'modifyorder']);
    expect(slots.map((slot) => slot.class)).toEqual(['book', 'order']);
  });

  it.each([
    ['order_not_read', null], ['order_not_read', orderRow({ orderid: '7' })],
    ['order_not_read', orderRow({ product: null })], ['order_not_read', orderRow({ price: 0 })],
    ['type_not_served', orderRow({ pricetype: 'SL-M' })],
  ])('is denied as %s before anything is sent', async (code, row) => {
    const { orders, requests } = accountOf(replying(row));
    expect(await orders.modify(id, { ...noChange, quantity: 130 }))
      .toMatchObject({ kind: 'denied', code });
    expect(requests).toHaveLength(1);
  });

  it('is unknown after an answer that proves nothing', async () => {
    const { orders } = accountOf(replying(orderRow(), { status: 502, body: html }));
    expect((await orders.modify(id, { ...noChange, quantity: 130 })).kind).toBe('unknown');
    const trigger = await orders.modify(id, { ...noChange, triggerPaise: 5 });
    expect(trigger).toMatchObject({ kind: 'denied', code: 'trigger_unwanted' });
  });
});

describe('the books', () => {
  const books: Readonly<Record<string, string>> = {
    orderbook: success({ orders: [orderRow()], statistics: {} }),
    tradebook: success([tradeRow({ quantity: 40 })]),
    positionbook: success([positionRow(), positionRow({ quantity: '0' })]),
  };
  const bookOf = ({ url }: HttpRequest): string => books[url.split('/').at(-1) ?? ''] ?? '';

  it('are read in a class of their own; trades tell what is filled', async () => {
    const { orders, requests, slots } = accountOf(bookOf);
    expect(await orders.orders()).toMatchObject([
      { brokerOrderId: id, clientOrderId: null, filledQuantity: 40, averagePaise: 13_400 },
    ]);
    expect(requests.map(({ url }) => url.split('/').at(-1))).toEqual(['orderbook', 'tradebook']);
    expect(await orders.trades()).toMatchObject([{ quantity: 40, pricePaise: 13_400 }]);
    expect(await orders.positions()).toMatchObject([{ netQuantity: 65 }]);
    expect(new Set(slots.map((slot) => slot.class))).toEqual(new Set(['book']));
    const classes = openalgoBroker.limits.rest.map((rule) => rule.class);
    expect(classes).toEqual(['api', 'book', 'order']);
  });

  it('of orders that tell it themselves needs no trades', async () => {
    const rows = [
      orderRow({ filled_quantity: 0 }), orderRow({ order_status: 'rejected' }),
      orderRow({ order_status: 'complete', average_price: 134.2 }),
    ];
    const { orders, requests } = accountOf(() => success({ orders: rows }));
    expect((await orders.orders()).map((one) => one.filledQuantity)).toEqual([0, 0, 65]);
    expect(requests).toHaveLength(1);
  });

  it('are not there when a row cannot be read, no list came, or the sandbox answered', async () => {
    const sandbox = JSON.stringify({ status: 'success', mode: 'analyze', data: { orders: [] } });
    const odd = success({ orders: [orderRow({ orderid: null })] });
    for (const body of [odd, success({}), success(null), '{}', html, sandbox]) {
      await expect(accountOf(() => body).orders.orders())
        .rejects.toMatchObject({ kind: 'retryable' });
    }
  });

  it('tell of a status that is not known once', async () => {
    const told: unknown[] = [];
    const log = { debug() {}, info() {}, error() {}, warn: (...all: unknown[]) => told.push(all) };
    const row = orderRow({ order_status: 'odd', filled_quantity: 0 });
    const { orders } = accountOf(() => success({ orders: [row, row] }), log);
    expect((await orders.orders()).map(({ status }) => status)).toEqual(['pending', 'pending']);
    expect(told).toHaveLength(1);
  });
});
