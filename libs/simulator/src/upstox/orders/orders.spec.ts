import { describe, expect, it } from 'vitest';
import { defaultUpstoxAccount } from '../accounts';
import { createUpstoxHarness } from '../testing/upstox-harness';
import { optionNear } from '../../testing/harness';

type Row = Record<string, unknown>;
interface Told { status: string; data: Row; errors?: { error_code: string; message: string }[] }

const { clientId } = defaultUpstoxAccount;
const farBelow = 0.05;

function desk() {
  const harness = createUpstoxHarness();
  const { call, data, clock, simulator } = harness;
  const option = optionNear(simulator, 'NIFTY');
  const instrument_token = `NSE_FO|${option.id}`;
  const ask = (option.depth[5] ?? 0) / 100;
  const order = (fields: Row = {}): Row => ({
    quantity: 65, product: 'D', validity: 'DAY', price: ask, tag: 'mine', instrument_token,
    order_type: 'LIMIT', transaction_type: 'BUY', disclosed_quantity: 0, trigger_price: 0,
    is_amo: false, slice: false, ...fields,
  });
  const send = async (method: 'POST' | 'PUT' | 'DELETE', path: string, body?: Row) => {
    const answer = await call(path, method, body && JSON.stringify(body));
    return { http: answer.status, ...(answer.json() as Told) };
  };
  return {
    ...harness, option, instrument_token, ask, send,
    place: (fields?: Row) => send('POST', '/v3/order/place', order(fields)),
    rows: () => data<Row[]>('/v2/order/retrieve-all'),
    settle: (ms = 100) => clock.advance(ms),
  };
}

describe('orders at Upstox', () => {
  it('are taken with a list of ids, and stand in all books', async () => {
    const { place, rows, settle, data, instrument_token, ask } = desk();
    const placed = await place();
    expect(placed).toEqual({
      http: 200, status: 'success', metadata: { latency: 30 },
      data: { order_ids: [expect.stringMatching(/^\d{15}$/)] },
    });
    const [id] = placed.data['order_ids'] as string[];
    await settle();
    expect(await rows()).toMatchObject([{
      exchange: 'NFO', product: 'D', quantity: 65, status: 'complete', tag: 'mine',
      instrument_token, order_type: 'LIMIT', validity: 'DAY', transaction_type: 'BUY',
      filled_quantity: 65, pending_quantity: 0, order_id: id, is_amo: false,
      order_timestamp: '2026-11-21 10:30:00', price: ask, average_price: ask,
    }]);
    expect(await data(`/v2/order/details?order_id=${String(id)}`)).toMatchObject({ order_id: id });
    const history = await data<Row[]>('/v2/order/history?tag=mine');
    expect(history.map(({ status }) => status)).toEqual([
      'put order req received', 'open', 'complete',
    ]);
    expect(await data(`/v2/order/trades?order_id=${String(id)}`)).toMatchObject([{
      order_id: id, quantity: 65, average_price: ask, trade_id: expect.any(String),
    }]);
    expect(await data('/v2/order/trades/get-trades-for-day')).toHaveLength(1);
    expect(await data('/v2/portfolio/short-term-positions')).toMatchObject([{
      instrument_token, product: 'D', quantity: 65, average_price: ask, day_buy_quantity: 65,
    }]);
    const { equity } = await data<{ equity: Row }>('/v2/user/get-funds-and-margin');
    expect(equity['available_margin']).toBeCloseTo(1_000_000 - 65 * ask, 2);
    const funds = await data<{ available_to_trade: Row }>('/v3/user/get-funds-and-margin');
    expect(funds.available_to_trade['total']).toBeCloseTo(1_000_000 - 65 * ask, 2);
  });

  it('are modified and cancelled, and have other words when they are closed', async () => {
    const { place, rows, settle, send } = desk();
    const placed = await place({ price: farBelow });
    const [order_id] = placed.data['order_ids'] as string[];
    await settle();
    const change = {
      order_id, quantity: 130, validity: 'DAY', price: 0.1, order_type: 'LIMIT',
      disclosed_quantity: 0, trigger_price: 0,
    };
    expect(await send('PUT', '/v3/order/modify', change)).toMatchObject({ data: { order_id } });
    expect(await rows()).toMatchObject([{ quantity: 130, price: 0.1, status: 'open' }]);
    const cancel = `/v3/order/cancel?order_id=${String(order_id)}`;
    expect(await send('DELETE', cancel)).toMatchObject({ status: 'success', data: { order_id } });
    expect(await rows()).toMatchObject([{ status: 'cancelled', filled_quantity: 0 }]);
    const codes = [
      await send('DELETE', cancel), await send('PUT', '/v3/order/modify', change),
      await send('DELETE', '/v3/order/cancel?order_id=42'),
      await send('DELETE', '/v3/order/cancel'),
    ].map(({ errors }) => errors?.[0]?.error_code);
    expect(codes).toEqual(['UDAPI100040', 'UDAPI100041', 'UDAPI100010', 'UDAPI1023']);
  });

  it.each([
    ['UDAPI1026', { instrument_token: undefined }], ['UDAPI100011', { instrument_token: 'x|1' }],
    ['UDAPI1004', { order_type: 'STOP' }], ['UDAPI1007', { validity: 'GTC' }],
    ['UDAPI1052', { quantity: 0 }], ['UDAPI100036', { quantity: 66 }],
    ['UDAPI1119', { tag: 'x'.repeat(41) }], ['UDAPI1029', { price: 0 }],
    ['UDAPI1030', { order_type: 'SL-M', trigger_price: 0 }], ['UDAPI100036', { product: 'X' }],
  ])('are refused with %s for %o', async (error_code, fields) => {
    const { place, rows } = desk();
    expect(await place(fields)).toMatchObject({
      http: 400, status: 'error', errors: [{ error_code, errorCode: error_code }],
    });
    expect(await rows()).toEqual([]);
  });

  it('are rejected in the book without the money, and sliced when that is asked', async () => {
    const { place, rows, settle, simulator } = desk();
    simulator.orders.setFunds({ account: clientId, broker: 'upstox', rupees: 100 });
    await place();
    await settle();
    expect(await rows()).toMatchObject([{
      status: 'rejected', status_message: 'Insufficient funds to place this order',
    }]);
    const sliced = await place({ slice: true, quantity: 60 * 65, price: farBelow });
    expect(sliced.data['order_ids']).toHaveLength(2);
  });

  it('are counted: ten of a kind in a second', async () => {
    const { place, simulator } = desk();
    for (let time = 0; time < 10; time++) await place({ price: farBelow });
    expect(await place()).toMatchObject({ http: 429, errors: [{ error_code: 'UDAPI10005' }] });
    expect(simulator.violations().byKind).toEqual({ upstox_order_rate: 1 });
  });

  it('can be taken without an answer', async () => {
    const { place, rows, simulator, settle } = desk();
    simulator.faults.add({
      kind: 'orderAnswer', when: 'after', answer: 'drop', broker: 'upstox', count: 1,
    });
    await expect(place()).rejects.toMatchObject({ kind: 'retryable' });
    await settle();
    expect(await rows()).toMatchObject([{ tag: 'mine', status: 'complete' }]);
  });
});

describe('margins of Upstox', () => {
  it('are told of each leg and of all, after what they save', async () => {
    const { send, simulator, instrument_token } = desk();
    const { id } = optionNear(simulator, 'NIFTY', 'CE', 4);
    const leg = { quantity: 65, product: 'D', price: 10 };
    const instruments = [
      { ...leg, instrument_key: instrument_token, transaction_type: 'SELL' },
      { ...leg, instrument_key: `NSE_FO|${id}`, transaction_type: 'BUY' },
    ];
    const told = (await send('POST', '/v2/charges/margin', { instruments })).data as {
      margins: Row[]; required_margin: number; final_margin: number;
    };
    expect(told.margins[1]).toEqual({
      span_margin: 0, exposure_margin: 0, equity_margin: 0, net_buy_premium: 650,
      additional_margin: 0, total_margin: 650, tender_margin: 0,
    });
    expect(told.final_margin).toBeLessThan(0.6 * told.required_margin);
    const [one] = instruments;
    const twice = await send('POST', '/v2/charges/margin', { instruments: [one, one] });
    expect(twice).toMatchObject({ http: 400, errors: [{ error_code: 'UDAPI100036' }] });
  });
});

describe('the portfolio stream', () => {
  it('tells orders and positions to who has an address for once', async () => {
    const { data, connectTo, place, settle, option } = desk();
    const types = 'update_types=order%2Cposition';
    const { authorized_redirect_uri: uri } = await data<{ authorized_redirect_uri: string }>(
      `/v2/feed/portfolio-stream-feed/authorize?${types}`,
    );
    const client = await connectTo(uri);
    await place();
    await settle();
    const told = client.texts.map((text) => JSON.parse(text) as Row);
    expect(told.map(({ update_type: type, status }) => [type, status])).toEqual([
      ['order', 'put order req received'], ['order', 'open'], ['order', 'complete'],
      ['position', undefined],
    ]);
    expect(told[2]).toMatchObject({
      user_id: clientId, instrument_key: `NSE_FO|${option.id}`, filled_quantity: 65, tag: 'mine',
    });
    expect(told[3]).toMatchObject({ quantity: 65 });
    expect((await connectTo(uri)).refused).toBe(403);
  });
});
