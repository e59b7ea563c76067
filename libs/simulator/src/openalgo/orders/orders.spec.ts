import { describe, expect, it } from 'vitest';
import { optionNear } from '../../testing/harness';
import { createOpenalgoHarness, type Json } from '../testing/openalgo-harness';

const broker = 'openalgo';
const farBelow = 0.05;

function desk() {
  const harness = createOpenalgoHarness();
  const { post, clock, simulator } = harness;
  const option = optionNear(simulator, 'NIFTY');
  const ask = (option.depth[5] ?? 0) / 100;
  const symbol = `NIFTY23NOV26${option.strikePaise / 100}CE`;
  const order = (fields: Json = {}): Json => ({
    strategy: 'test', exchange: 'NFO', symbol, action: 'BUY', quantity: '65', product: 'NRML',
    pricetype: 'LIMIT', price: String(ask), trigger_price: '0', disclosed_quantity: '0', ...fields,
  });
  return {
    ...harness, ask, symbol, order,
    place: (fields?: Json) => post('placeorder', order(fields)),
    book: async () => (await post('orderbook'))['data'] as { orders: Json[]; statistics: Json },
    settle: (ms = 100) => clock.advance(ms),
  };
}

describe('orders at OpenAlgo', () => {
  it('are taken, and stand in all books', async () => {
    const { place, book, post, settle, symbol, ask, simulator } = desk();
    const placed = await place();
    expect(placed).toEqual({
      http: 200, status: 'success', orderid: expect.stringMatching(/^\d{15}$/),
    });
    await settle();
    const { orderid } = placed;
    const row = {
      action: 'BUY', exchange: 'NFO', order_status: 'complete', orderid, price: ask,
      pricetype: 'LIMIT', product: 'NRML', quantity: 65, symbol,
      timestamp: '21-Nov-2026 10:30:00', trigger_price: 0,
    };
    expect(await book()).toEqual({ orders: [row], statistics: {
      total_buy_orders: 1, total_sell_orders: 0, total_completed_orders: 1, total_open_orders: 0,
      total_rejected_orders: 0,
    } });
    expect((await post('orderstatus', { strategy: 'test', orderid }))['data'])
      .toEqual({ ...row, average_price: ask });
    const truth = simulator.orders.truth({ account: 'simulator', broker });
    expect(truth.orders).toMatchObject([{ orderId: orderid, state: 'filled', source: 'api' }]);
    expect((await post('tradebook'))['data']).toMatchObject([{
      orderid, quantity: 65, average_price: ask,
    }]);
    expect((await post('positionbook'))['data']).toMatchObject([{
      symbol, quantity: '65', average_price: ask.toFixed(2), product: 'NRML',
    }]);
    expect((await post('funds'))['data']).toMatchObject({
      availablecash: (1_000_000 - 65 * ask).toFixed(2), collateral: '0.00',
    });
  });

  it('are modified with all their fields, cancelled, and refused with HTTP 200', async () => {
    const { place, book, post, order, settle } = desk();
    const { orderid } = await place({ price: farBelow });
    await settle();
    expect(await post('modifyorder', { orderid, strategy: 'test' })).toMatchObject({
      http: 400, message: { exchange: ['Missing data for required field.'] },
    });
    const change = order({ orderid, quantity: '130', price: 0.1 });
    expect(await post('modifyorder', change)).toMatchObject({ status: 'success', orderid });
    expect((await book()).orders).toMatchObject([{ quantity: 130, price: 0.1 }]);
    const cancel = { strategy: 'test', orderid };
    expect(await post('cancelorder', cancel)).toEqual({ http: 200, status: 'success', orderid });
    expect((await book()).orders).toMatchObject([{ order_status: 'cancelled' }]);
    expect(await post('cancelorder', cancel)).toMatchObject({ http: 200, status: 'error' });
    expect(await place({ quantity: '66' })).toMatchObject({ http: 200, status: 'error' });
  });

  it.each([
    [400, { strategy: '' }], [400, { action: 'HOLD' }], [400, { quantity: '-1' }],
    [400, { exchange: 'NYSE' }], [404, { symbol: 'NIFTY23NOV261CE' }], [400, { pricetype: 'X' }],
    [400, { product: 'X' }], [400, { price: 'dear' }],
  ])('are refused with %i for %o', async (http, fields) => {
    const { place } = desk();
    expect(await place(fields)).toMatchObject({ http, status: 'error' });
  });

  it('are counted: ten in a second, from one address', async () => {
    const { place, simulator } = desk();
    for (let time = 0; time < 10; time++) await place({ price: farBelow });
    expect(await place()).toMatchObject({ http: 429, status: 'error' });
    expect(simulator.violations().byKind).toEqual({ openalgo_order_rate: 1 });
  });

  it('have a margin, unless its broker can not tell it', async () => {
    const { post, order, simulator } = desk();
    const positions = [order({ action: 'SELL' })];
    const told = (await post('margin', { positions }))['data'] as Json;
    const spot = simulator.truth.underlyings()[0]?.ltp ?? 0;
    expect(told['total_margin_required']).toBeCloseTo(0.12 * 65 * spot, 1);
    expect(Object.keys(told)).toEqual([
      'total_margin_required', 'span_margin', 'exposure_margin',
    ]);
    simulator.faults.add({
      kind: 'orderAnswer', on: 'margin', when: 'before', answer: 'status', status: 501, broker,
    });
    expect(await post('margin', { positions })).toMatchObject({ http: 501, status: 'error' });
  });

  it('are told over the socket to who asks for them', async () => {
    const { signIn, place, settle, simulator, symbol } = desk();
    const client = await signIn();
    await place({ price: farBelow });
    await settle();
    client.send({ action: 'subscribe_orders' });
    await settle();
    await place();
    await settle();
    const updates = client.messages.filter(({ type }) => type === 'order_update');
    expect(updates.map(({ order_status: status }) => status)).toEqual(['open', 'open', 'complete']);
    expect(updates[2]).toMatchObject({
      mode: 'live', broker: 'simulated', symbol, exchange: 'NFO', action: 'BUY',
      filled_quantity: 65, pending_quantity: 0, rejection_reason: '', user_id: 'simulator',
    });
    simulator.faults.add({ kind: 'breakOrderSocket', on: 'filled', broker, count: 1 });
    await place({ price: 5_000 });
    await settle();
    expect(client.closed).toBe(1006);
  });
});
