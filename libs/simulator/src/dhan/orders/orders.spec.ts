import { describe, expect, it } from 'vitest';
import { createHarness, optionNear, type Harness } from '../../testing/harness';
import { defaultAccount } from '../accounts';

const { clientId, token } = defaultAccount;
type Row = Record<string, unknown>;

interface Desk extends Harness {
  option: ReturnType<typeof optionNear>;
  /** Rupees. */
  ask: number;
  bid: number;
  body(fields?: Row): Row;
  place(fields?: Row): Promise<Row>;
  rows(): Promise<Row[]>;
  settle(ms?: number): Promise<void>;
}

function desk(options: Parameters<typeof createHarness>[0] = {}): Desk {
  const harness = createHarness(options);
  const option = optionNear(harness.simulator, 'NIFTY');
  const [bid, ask] = [(option.depth[4] ?? 0) / 100, (option.depth[5] ?? 0) / 100];
  const body = (fields: Row = {}): Row => ({
    dhanClientId: clientId, correlationId: 'mine-1', transactionType: 'BUY',
    exchangeSegment: 'NSE_FNO', productType: 'INTRADAY', orderType: 'LIMIT', validity: 'DAY',
    securityId: String(option.id), quantity: 65, price: ask, ...fields,
  });
  return {
    ...harness, option, bid, ask, body,
    place: async (fields) => (await harness.call('POST', '/v2/orders', body(fields))).json(),
    rows: async () => (await harness.call('GET', '/v2/orders')).json(),
    settle: (ms = 100) => harness.clock.advance(ms),
  };
}

/** Far below the market, and on the tick. */
const farBelow = 0.05;

describe('orders at Dhan', () => {
  it('are taken in transit, filled by what is shown, and stand in all books', async () => {
    const { place, rows, settle, call, option, ask } = desk();
    const placed = await place();
    expect(placed).toEqual({ orderId: expect.stringMatching(/^\d{15}$/), orderStatus: 'TRANSIT' });
    await settle();
    expect(await rows()).toEqual([{
      dhanClientId: clientId, orderId: placed['orderId'],
      exchangeOrderId: expect.stringMatching(/^11\d{14}$/), correlationId: 'mine-1',
      orderStatus: 'TRADED', transactionType: 'BUY', exchangeSegment: 'NSE_FNO',
      productType: 'INTRADAY', orderType: 'LIMIT', validity: 'DAY',
      tradingSymbol: `NIFTY-Nov2026-${option.strikePaise / 100}-CE`, securityId: String(option.id),
      quantity: 65, disclosedQuantity: 0, price: ask, triggerPrice: 0, afterMarketOrder: false,
      boProfitValue: 0, boStopLossValue: 0, legName: 'NA',
      createTime: '2026-11-21 10:30:00', updateTime: '2026-11-21 10:30:00',
      exchangeTime: '2026-11-21 10:30:00', drvExpiryDate: '2026-11-23', drvOptionType: 'CALL',
      drvStrikePrice: option.strikePaise / 100, omsErrorCode: '0',
      omsErrorDescription: 'CONFIRMED', algoId: '0', remainingQuantity: 0,
      averageTradedPrice: ask, filledQty: 65,
    }]);
    const trades = (await call('GET', `/v2/trades/${String(placed['orderId'])}`)).json();
    expect(trades).toMatchObject([{ tradedQuantity: 65, tradedPrice: ask }]);
    expect((await call('GET', '/v2/positions')).json()).toMatchObject([{
      positionType: 'LONG', netQty: 65, buyAvg: ask, dayBuyQty: 65, sellQty: 0,
    }]);
    expect((await call('GET', '/v2/fundlimit')).json()).toMatchObject({
      sodLimit: 1_000_000, availabelBalance: Math.round((1_000_000 - 65 * ask) * 100) / 100,
    });
  });

  it('are found by id as a list and by correlation id, which is unknown in transit', async () => {
    const { place, settle, call } = desk();
    const { orderId } = await place({ price: farBelow });
    const external = (): ReturnType<typeof call> => call('GET', '/v2/orders/external/mine-1');
    expect((await external()).status).toBe(404);
    await settle();
    expect((await external()).json()).toMatchObject({ orderId, orderStatus: 'PENDING' });
    expect((await call('GET', `/v2/orders/${String(orderId)}`)).json())
      .toMatchObject([{ orderId, correlationId: 'mine-1' }]);
    expect((await call('GET', '/v2/orders/42')).json()).toEqual([]);
  });

  it('take no more than is shown, and the rest from later books', async () => {
    const { place, rows, settle, option, ask } = desk();
    const shown = option.depth[1] ?? 0;
    const quantity = Math.min(27 * 65, shown + 65);
    await place({ quantity, price: ask });
    await settle(45);
    const [row] = await rows();
    expect(row).toMatchObject({
      orderStatus: 'PART_TRADED', filledQty: shown, remainingQuantity: 65,
      averageTradedPrice: ask,
    });
    await place({ quantity: 65, price: ask, correlationId: 'mine-2' });
    await settle(45);
    expect((await rows())[0]).toMatchObject({ correlationId: 'mine-2', filledQty: 0 });
  });

  it('are modified up to 25 times, cancelled, and then closed', async () => {
    const { place, rows, settle, call, simulator, clock } = desk();
    const { orderId } = await place({ price: farBelow });
    const path = `/v2/orders/${String(orderId)}`;
    expect((await call('DELETE', path)).json()).toMatchObject({
      errorCode: 'DH-906', errorMessage: 'Order is in Transit state',
    });
    await settle();
    const change = { dhanClientId: clientId, orderId, orderType: 'LIMIT', validity: 'DAY' };
    for (let time = 0; time < 25; time++) {
      const answer = await call('PUT', path, { ...change, quantity: 130, price: 0.1 });
      expect(answer.json()).toEqual({ orderId, orderStatus: 'PENDING' });
      await clock.advance(200);
    }
    expect(await rows()).toMatchObject([{ quantity: 130, price: 0.1, orderStatus: 'PENDING' }]);
    const refused = await call('PUT', path, { ...change, quantity: 65, price: 0.1 });
    expect([refused.status, refused.json()]).toMatchObject([400, { errorCode: 'DH-906' }]);
    expect(simulator.violations().byKind).toEqual({ order_modifications: 1 });
    expect((await call('DELETE', path)).json()).toEqual({ orderId, orderStatus: 'CANCELLED' });
    expect(await rows()).toMatchObject([{ orderStatus: 'CANCELLED', filledQty: 0 }]);
    expect((await call('DELETE', path)).status).toBe(400);
  });

  it('wait for their trigger, and are protected where they have no price', async () => {
    const { place, rows, settle, ask, bid } = desk();
    await place({ orderType: 'STOP_LOSS', price: ask + 60, triggerPrice: ask + 50 });
    await place({
      correlationId: 'mine-2', orderType: 'MARKET', transactionType: 'SELL', price: undefined,
    });
    await settle(45);
    const [market, stop] = await rows();
    expect(stop).toMatchObject({ orderType: 'STOP_LOSS', orderStatus: 'PENDING', filledQty: 0 });
    expect(market).toMatchObject({ orderType: 'LIMIT', orderStatus: 'TRADED' });
    expect(market?.['price']).toBeLessThan(bid);
    expect(market?.['averageTradedPrice']).toBeGreaterThanOrEqual(Number(market?.['price']));
  });

  it.each([
    ['DH-905', { quantity: '65' }], ['DH-905', { price: '' }], ['DH-905', { price: -1 }],
    ['DH-905', { dhanClientId: undefined }], ['DH-905', { securityId: '1' }],
    ['DH-905', { securityId: 42 }], ['DH-905', { exchangeSegment: 'NSE' }],
    ['DH-905', { correlationId: 'x'.repeat(31) }], ['DH-905', { orderType: 'SL' }],
    ['DH-906', { quantity: 66 }], ['DH-906', { quantity: 0 }], ['DH-906', { price: 0 }],
    ['DH-906', { productType: 'CNC' }],
    ['DH-906', { orderType: 'STOP_LOSS', price: 10, triggerPrice: 11 }],
    ['DH-906', { exchangeSegment: 'IDX_I', securityId: '13' }],
  ])('are refused with %s for %o', async (errorCode, fields) => {
    const { place, rows } = desk();
    expect(await place(fields)).toMatchObject({ errorCode });
    expect(await rows()).toEqual([]);
  });

  it.each([
    ['RMS: Insufficient funds', { transactionType: 'SELL', quantity: 27 * 65 }],
    ['EXCH:16283', { price: 10.02 }],
    ['EXCH:17070', { quantity: 28 * 65, price: 1 }],
  ])('are rejected in the book: %s', async (words, fields) => {
    const { place, rows, settle } = desk();
    expect(await place(fields)).toMatchObject({ orderStatus: 'TRANSIT' });
    await settle();
    expect(await rows()).toMatchObject([{
      orderStatus: 'REJECTED', omsErrorDescription: expect.stringContaining(words), filledQty: 0,
    }]);
  });

  it('are sliced below the freeze quantity', async () => {
    const { call, body } = desk();
    const sliced = await call('POST', '/v2/orders/slicing', body({ quantity: 60 * 65, price: 1 }));
    expect(sliced.json()).toHaveLength(3);
  });

  it('are closed with the market, and what stands expires at its end', async () => {
    const hours = { openMinute: 555, closeMinute: 635 };
    const eras = [{ from: '2020-01-01', cash: hours, derivatives: hours }];
    const extraDays = ['2026-11-21'];
    const { place, rows, settle, call, clock } = desk({
      sessions: { kind: 'hours', eras, extraDays },
    });
    await place({ price: farBelow });
    await settle();
    await clock.advance(301_000);
    expect(await rows()).toMatchObject([{ orderStatus: 'EXPIRED' }]);
    expect(await place()).toEqual({
      errorType: 'Order_Error', errorCode: 'DH-906',
      errorMessage: 'Market is Closed! Want to place an offline order?',
    });
    await clock.advance(24 * 3_600_000);
    expect((await call('GET', '/v2/orders')).json()).toEqual([]);
  });

  it('are counted: ten a second, refused ones apart', async () => {
    const { place, simulator, clock } = desk();
    for (let time = 0; time < 10; time++) {
      expect(await place({ price: farBelow })).toMatchObject({ orderStatus: 'TRANSIT' });
    }
    expect(await place({ price: farBelow })).toMatchObject({ errorCode: 'DH-904' });
    expect(simulator.violations().byKind).toEqual({ order_second: 1 });
    await clock.advance(1_000);
    expect(await place({ price: farBelow })).toMatchObject({ orderStatus: 'TRANSIT' });
  });

  it('are stopped by the kill switch, which is not for who has open ones', async () => {
    const { call, place, settle } = desk();
    const set = async (status: string): Promise<Row> =>
      (await call('POST', `/v2/killswitch?killSwitchStatus=${status}`)).json();
    const { orderId } = await place({ price: farBelow });
    await settle();
    expect(await set('ACTIVATE')).toMatchObject({ errorCode: 'DH-906' });
    await call('DELETE', `/v2/orders/${String(orderId)}`);
    expect(await set('ACTIVATE')).toEqual({
      dhanClientId: clientId, killSwitchStatus: 'Kill Switch has been successfully activated',
    });
    expect((await call('GET', '/v2/killswitch')).json()).toMatchObject({
      killSwitchStatus: 'ACTIVATE',
    });
    expect(await place()).toMatchObject({ errorCode: 'DH-906' });
  });
});

describe('order news of Dhan', () => {
  const login = (Token = token): string =>
    JSON.stringify({ LoginReq: { MsgCode: 42, ClientId: clientId, Token }, UserType: 'SELF' });

  it('tell each state with small keys, or with great ones', async () => {
    const { listen, place, settle, simulator, option } = desk();
    const client = listen('/');
    await settle();
    client.socket.send(login());
    await settle();
    const { orderId } = await place();
    await settle();
    const told = client.texts.map((text) => JSON.parse(text) as { Type: string; Data: Row });
    expect(told.map(({ Data }) => Data['status'])).toEqual(['Transit', 'Pending', 'Traded']);
    const { average } = simulator.orders.truth({ account: clientId }).orders[0] ?? {};
    expect(told[2]).toMatchObject({ Type: 'order_alert', Data: {
      orderNo: orderId, securityId: String(option.id), clientId, source: 'P', segment: 'D',
      product: 'I', txnType: 'B', orderType: 'LMT', quantity: 65, tradedQty: 65,
      remainingQuantity: 0, avgTradedPrice: average, correlationId: 'mine-1', optType: 'CE',
    } });
    simulator.faults.add({ kind: 'orderKeys', keys: 'pascal' });
    await place({ price: farBelow, correlationId: 'mine-2' });
    expect(JSON.parse(client.texts[3] ?? '')).toMatchObject({
      Data: {
        OrderNo: expect.any(String), Status: 'TRANSIT', CorrelationId: 'mine-2', series: 'NA',
      },
    });
  });

  it('break off after a wrong token, without a close frame', async () => {
    const { listen, settle, simulator } = desk();
    const client = listen('/');
    await settle();
    expect(simulator.status().orders).toEqual({ sockets: 1, handshakes: 1 });
    client.socket.send(login('wrong'));
    await settle();
    expect([client.refused, client.closed]).toEqual([undefined, 1006]);
    expect(simulator.status().orders).toEqual({ sockets: 0, handshakes: 1 });
  });

  it('come twice, out of order, not at all, or end with the connection', async () => {
    const { listen, place, settle, simulator } = desk();
    const open = async (): Promise<ReturnType<typeof listen>> => {
      const client = listen('/');
      await settle();
      client.socket.send(login());
      await settle();
      return client;
    };
    const client = await open();
    const statuses = (): unknown[] => client.texts.splice(0)
      .map((text) => (JSON.parse(text) as { Data: Row }).Data['status']);
    simulator.faults.add({ kind: 'duplicateOrderNews', probability: 1, count: 1 });
    await place();
    await settle();
    expect(statuses()).toEqual(['Transit', 'Transit', 'Pending', 'Traded']);
    simulator.faults.add({ kind: 'outOfOrderNews', probability: 1, count: 1 });
    await place({ price: farBelow });
    await settle();
    expect(statuses()).toEqual(['Pending', 'Transit']);
    simulator.faults.add({ kind: 'lostOrderNews', probability: 1, count: 1 });
    simulator.faults.add({ kind: 'strangeStatus', in: 'news', count: 1, word: 'ODD' });
    await place({ price: farBelow });
    await settle();
    expect(statuses()).toEqual(['ODD']);
    simulator.faults.add({ kind: 'breakOrderSocket', on: 'taken', count: 1 });
    await place({ price: farBelow });
    await settle();
    expect(client.closed).toBe(1006);
    const next = await open();
    simulator.faults.add({ kind: 'dropSocket', socket: 'orders', closeCode: 1001 });
    await settle();
    expect(next.closed).toBe(1001);
  });
});
