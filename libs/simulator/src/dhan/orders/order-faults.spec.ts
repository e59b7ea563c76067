import { describe, expect, it } from 'vitest';
import { defaultAccount } from '../accounts';
import type { Fault } from '../../faults/fault';
import { createHarness, optionNear } from '../../testing/harness';

const { clientId } = defaultAccount;
type Row = Record<string, unknown>;

function desk() {
  const harness = createHarness();
  const { call, clock, simulator } = harness;
  const option = optionNear(simulator, 'NIFTY');
  const ask = (option.depth[5] ?? 0) / 100;
  const order = (fields: Row = {}): Row => ({
    dhanClientId: clientId, correlationId: 'mine', transactionType: 'BUY',
    exchangeSegment: 'NSE_FNO', productType: 'MARGIN', orderType: 'LIMIT', validity: 'DAY',
    securityId: String(option.id), quantity: 65, price: ask, ...fields,
  });
  return {
    ...harness,
    add: (fault: Fault) => simulator.faults.add(fault),
    send: (fields?: Row) => call('POST', '/v2/orders', order(fields)),
    rows: async (): Promise<Row[]> => (await call('GET', '/v2/orders')).json(),
    truth: () => simulator.orders.truth({ account: clientId }),
    settle: (ms = 100) => clock.advance(ms),
  };
}

describe('faults of orders', () => {
  it.each([['before', 0], ['after', 1]] as const)(
    'drop the connection %s the order is taken', async (when, count) => {
      const { add, send, truth } = desk();
      add({ kind: 'orderAnswer', when, answer: 'drop', count: 1 });
      await expect(send()).rejects.toMatchObject({ kind: 'retryable' });
      expect(truth().orders).toHaveLength(count);
      expect((await send()).status).toBe(200);
    },
  );

  it('never answer, though the order is in the book', async () => {
    const { add, send, rows, settle } = desk();
    add({ kind: 'orderAnswer', when: 'after', answer: 'hang', count: 1 });
    const refused = expect(send()).rejects.toMatchObject({ kind: 'retryable' });
    await settle(6_000);
    await refused;
    expect(await rows()).toMatchObject([{ correlationId: 'mine', orderStatus: 'TRADED' }]);
  });

  it('answer with half of the text, with it twice, or with an error of one account', async () => {
    const { add, send, truth } = desk();
    const whole = (await send()).text;
    add({ kind: 'orderAnswer', when: 'after', answer: 'torn', count: 1 });
    expect((await send()).text).toHaveLength(whole.length >> 1);
    add({ kind: 'orderAnswer', when: 'after', answer: 'twice', count: 1 });
    expect((await send()).text).toHaveLength(2 * whole.length);
    add({ kind: 'orderAnswer', when: 'after', answer: 'status', status: 504, clientId: 'other' });
    expect((await send()).status).toBe(200);
    add({ kind: 'orderAnswer', when: 'after', answer: 'status', status: 504, clientId, count: 1 });
    expect((await send()).status).toBe(504);
    add({ kind: 'orderAnswer', when: 'before', answer: 'status', status: 429, count: 1 });
    expect([(await send()).status, truth().orders.length]).toEqual([429, 5]);
  });

  it('tell a fill late, even after a cancellation was answered', async () => {
    const { add, send, rows, settle, truth, call } = desk();
    add({ kind: 'lateFill', delayMs: 5_000, showCancelled: true, count: 1 });
    const { orderId } = (await send()).json() as { orderId: string };
    await settle();
    expect(truth()).toMatchObject({
      orders: [{ state: 'filled', toldState: 'open', filled: 65, clientOrderId: 'mine' }],
      trades: [{ quantity: 65, told: false }], positions: [{ net: 65 }],
    });
    expect(await rows()).toMatchObject([{ orderStatus: 'PENDING', filledQty: 0 }]);
    expect((await call('GET', '/v2/positions')).json()).toEqual([]);
    expect((await call('DELETE', `/v2/orders/${orderId}`)).status).toBe(200);
    expect(await rows()).toMatchObject([{ orderStatus: 'CANCELLED', filledQty: 0 }]);
    await settle(5_000);
    expect(await rows()).toMatchObject([{ orderStatus: 'TRADED', filledQty: 65 }]);
    expect((await call('GET', '/v2/trades')).json()).toHaveLength(1);
  });

  it('reject the rest after a part, or fill by lots', async () => {
    const { add, send, rows, settle } = desk();
    add({ kind: 'rejectAfterPartFill', count: 1 });
    await send({ quantity: 195 });
    await settle();
    expect(await rows()).toMatchObject([{ orderStatus: 'REJECTED', filledQty: 65 }]);
    add({ kind: 'partFills', lots: 1, count: 1 });
    await send({ quantity: 130 });
    await settle(45);
    expect((await rows())[0]).toMatchObject({ orderStatus: 'PART_TRADED', filledQty: 65 });
    add({ kind: 'holdFills', forMs: 500 });
    await send();
    await settle(400);
    expect((await rows())[0]).toMatchObject({ orderStatus: 'PENDING', filledQty: 0 });
  });

  it('hide an order, keep it on its way, show it twice and in strange words', async () => {
    const { add, send, rows, settle } = desk();
    add({ kind: 'hideOrder', hideMs: 2_000, count: 1 });
    await send();
    await settle();
    expect(await rows()).toEqual([]);
    await settle(2_000);
    add({ kind: 'duplicateRows', count: 1 });
    expect(await rows()).toHaveLength(2);
    add({ kind: 'strangeStatus', in: 'book', count: 1 });
    expect(await rows()).toMatchObject([{ orderStatus: 'ON_HOLD_BY_NOBODY' }]);
    add({ kind: 'slowTransit', delayMs: 1_000, count: 1 });
    await send({ correlationId: 'slow' });
    await settle(500);
    expect((await rows())[0]).toMatchObject({ correlationId: 'slow', orderStatus: 'TRANSIT' });
  });

  it('say what they need', async () => {
    const { call } = desk();
    const wrong = await call('POST', '/_sim/faults', {
      kind: 'orderAnswer', when: 'never', answer: 'hang',
    });
    expect([wrong.status, wrong.json()]).toMatchObject([400, {
      error: { message: 'when was "never", needs to be one of before, after' },
    }]);
  });
});

describe('orders under /_sim', () => {
  it('are told as they are, placed from another front end, and cancelled', async () => {
    const { call, settle, rows, simulator } = desk();
    const { id } = optionNear(simulator, 'NIFTY');
    const owner = { account: clientId };
    const order = { ...owner, segment: 'NSE_FNO', securityId: id, quantity: 65, price: 0.05 };
    const placed = (await call('POST', '/_sim/orders', { ...order, side: 'BUY' })).json() as Row;
    await settle();
    expect(await rows()).toMatchObject([{ correlationId: 'NA', orderStatus: 'PENDING' }]);
    const truth = (await call('GET', `/_sim/orders?account=${clientId}`)).json();
    expect(truth).toMatchObject({
      orders: [{ ...placed, source: 'other', state: 'open', segment: 'NSE_FNO', price: 0.05 }],
      trades: [], positions: [], funds: { opening: 1_000_000 },
    });
    expect((await call('POST', '/_sim/orders/cancel', { ...owner, ...placed })).status).toBe(200);
    expect(await rows()).toMatchObject([{ orderStatus: 'CANCELLED' }]);
    const odd = await call('POST', '/_sim/orders', { ...order, side: 'BUY', quantity: 1 });
    expect(odd.status).toBe(400);
    expect((await call('GET', '/_sim/orders?account=nobody')).status).toBe(404);
    expect((await call('GET', `/_sim/orders?account=${clientId}&broker=x`)).status).toBe(404);
  });

  it('have the funds that are set', async () => {
    const { call } = desk();
    const set = { account: clientId, rupees: 250 };
    expect((await call('POST', '/_sim/funds', set)).status).toBe(200);
    expect((await call('GET', '/v2/fundlimit')).json()).toMatchObject({ availabelBalance: 250 });
    expect((await call('POST', '/_sim/funds', { ...set, rupees: 'much' })).status).toBe(400);
  });
});
