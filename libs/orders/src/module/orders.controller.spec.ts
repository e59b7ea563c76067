import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  adoptPositionSchema,
  executionSchema,
  exitAnalysesSchema,
  orderPreviewSchema,
  orderSchema,
  orderSettleSchema,
  ordersSchema,
  positionDifferencesSchema,
  positionsSchema,
  tradesSchema,
  tradingSchema,
} from '@strikewire/contracts';
import { createOriginPolicy, guardRoutes, type Caller } from '@strikewire/platform';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openOrderBench, put24500, requestId, ticket, type OrderBench }
  from '../engine/testing/order-bench';
import { OrderService } from './order-service';
import { OrdersModule } from './orders.module';

const { signal: ended } = new AbortController();
const person = (role: 'trader' | 'admin', userId: string, steppedUpUntilMs = 0): Caller => ({
  kind: 'person', userId, username: userId, role, sessionId: 's', steppedUpUntilMs,
  mustChangePassword: false, ended,
});
const account = '11111111-1111-4111-8111-111111111111';

let bench: OrderBench;
let caller: Caller;
let app: NestFastifyApplication;

beforeAll(async () => {
  bench = await openOrderBench();
  Object.assign(bench.venue, { account });
  const service = new OrderService(bench.orders, bench.journal);
  const adapter = new FastifyAdapter();
  const origins = createOriginPolicy({ allowedOrigins: [] });
  const server = adapter.getInstance() as unknown as FastifyInstance;
  guardRoutes(server, { clock: bench.clock, identify: () => caller, origins });
  app = await NestFactory.create<NestFastifyApplication>(
    OrdersModule.over({ service }), adapter as never, { logger: false },
  );
  await app.init();
});
afterAll(async () => {
  await app?.close();
  bench.orders.stop();
});

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

async function ask(
  method: Method,
  url: string,
  payload?: object,
): Promise<{ status: number; body: unknown }> {
  const headers = { 'sec-fetch-site': 'same-origin' };
  const asked = app.inject({ method, url: `/api/${url}`, headers, ...(payload && { payload }) });
  // Whatever waits for the broker's answer gets it, or its time passes.
  const [answer] = await Promise.all([asked, bench.clock.advance(4_000)]);
  return { status: answer.statusCode, body: answer.json() };
}

describe('orders over REST', () => {
  it('takes an order from its preview to its position and its exit', async () => {
    caller = person('admin', 'a1', bench.clock.wallMs() + 1e9);
    expect((await ask('PUT', `accounts/${account}/live`, { live: true })).status).toBe(200);
    caller = person('trader', 'u1');
    const trial = { account, legs: [ticket({ quantity: 1_820 })] };
    const preview = orderPreviewSchema.parse((await ask('POST', 'orders/preview', trial)).body);
    expect(preview).toMatchObject({ ok: true, problems: [], legs: [{ slices: [1_755, 65] }] });
    expect(preview.charges).toBeGreaterThan(40);
    expect(bench.venue.countOf('place')).toBe(0);

    const body = { requestId: requestId(1), account, legs: [ticket({ quantity: 130 })] };
    const placed = await ask('POST', 'orders', body);
    const [order] = ordersSchema.parse(placed.body).orders;
    expect(order).toMatchObject({
      status: 'accepted', account: { id: account, mode: 'live' }, price: 100, placedBy: 'u1',
    });
    const id = order?.id ?? '';
    const changed = await ask('PATCH', `orders/${id}`, { price: 101.5 });
    expect(orderSchema.parse(changed.body)).toMatchObject({ price: 101.5 });
    bench.venue.fill(id, 130, 10_100);
    await bench.clock.advance(2_000);
    expect(orderSchema.parse((await ask('GET', `orders/${id}`)).body))
      .toMatchObject({ status: 'filled', averagePrice: 101, ended: true });
    const { trades } = tradesSchema.parse((await ask('GET', 'trades')).body);
    expect(trades).toMatchObject([{ orderId: id, quantity: 130, price: 101 }]);
    const held = positionsSchema.parse((await ask('GET', `positions?account=${account}`)).body);
    expect(held.positions).toMatchObject([{ netQuantity: 130, ltp: 100, unrealised: -130 }]);
    expect(held.positions[0]?.net).toBeCloseTo(-130 - (trades[0]?.charges ?? 0), 6);
    expect(held.totals).toMatchObject([{ unrealised: -130 }]);
    const exits = await ask('GET', `positions/exit-analysis?account=${account}`);
    expect(exitAnalysesSchema.parse(exits.body).exits)
      .toMatchObject([{ netQuantity: 130, exitPrice: 99.9, canExitNow: true }]);
    const exit = await ask('POST', 'positions/exit', { requestId: requestId(2), account });
    expect(ordersSchema.parse(exit.body).orders)
      .toMatchObject([{ side: 'SELL', quantity: 130, type: 'MARKET', price: 96.95 }]);
    const all = await ask('POST', 'orders/cancel-all', { account });
    expect(ordersSchema.parse(all.body).orders).toHaveLength(1);
    expect(ordersSchema.parse((await ask('GET', 'orders')).body).orders).toHaveLength(2);
  });

  it('tells what a quantity costs now', async () => {
    const found = await ask(
      'GET', `execution?contract=${ticket().contract}&side=BUY&quantity=65`,
    );
    expect(executionSchema.parse(found.body)).toMatchObject({
      bid: 99.9, ask: 100, spread: 0.1, averagePrice: 100, slippage: 0, impact: 3.25,
      advice: 'ENTER_NOW', reason: null,
    });
  });

  it('tells what is another at the broker, and lets an admin adopt it, as it is read', async () => {
    const token = { segment: 'FNO', id: put24500 };
    const row = { token, product: 'carry', netQuantity: -65, averagePaise: 8_000 } as const;
    bench.venue.held = [...bench.venue.held, row];
    await bench.clock.advance(10_000);
    const read = await ask('POST', 'positions/compare', { account });
    const { differences } = positionDifferencesSchema.parse(read.body);
    expect(differences.find(({ contract }) => contract === put24500))
      .toMatchObject({ here: 0, there: -65, averagePrice: 80, ltp: 100, blocked: null });
    const body = {
      account, contract: put24500, product: 'carry', netQuantity: -65, reason: 'by phone',
    };
    expect(adoptPositionSchema.safeParse(body).success).toBe(true);
    for (const odd of [
      { netQuantity: 1.5 }, { price: -1 }, { price: 0 }, { reason: '' }, { product: 'x' },
      { contract: 'a b' }, { more: 1 },
    ]) expect(adoptPositionSchema.safeParse({ ...body, ...odd }).success).toBe(false);
    expect((await ask('POST', 'positions/adopt', body)).status).not.toBe(200);
    caller = person('admin', 'a1');
    expect((await ask('POST', 'positions/adopt', body)).status).not.toBe(200);
    caller = person('admin', 'a1', bench.clock.wallMs() + 1e9);
    const odd = { ...body, netQuantity: 65 };
    expect((await ask('POST', 'positions/adopt', odd)).status).not.toBe(200);
    const adopted = await ask('POST', 'positions/adopt', body);
    expect(adopted.status).toBe(200);
    const left = positionDifferencesSchema.parse((await ask('GET', 'positions/differences')).body);
    expect(left.differences.map(({ contract }) => contract)).not.toContain(put24500);
    const held = positionsSchema.parse((await ask('GET', `positions?account=${account}`)).body);
    expect(held.positions).toContainEqual(
      expect.objectContaining({ contract: put24500, netQuantity: -65, averagePrice: 80 }),
    );
    expect((await ask('GET', 'settlements')).body).toEqual({ waiting: [] });
    caller = person('trader', 'u1');
    expect((await ask('GET', 'settlements')).status).not.toBe(200);
  });

  it.each([
    { filledQuantity: 65 }, { averagePrice: 1 }, { filledQuantity: 0, averagePrice: 1 },
    { filledQuantity: 65.5, averagePrice: 1 }, { filledQuantity: 65, averagePrice: -1 },
    { filledQuantity: 65, averagePrice: NaN },
  ])('takes no half of a stated fill, and no odd figure: %o', (odd) => {
    expect(orderSettleSchema.safeParse({ reason: 'x', ...odd }).success).toBe(false);
    const good = { reason: 'x', filledQuantity: 65, averagePrice: 100.5 };
    expect(orderSettleSchema.safeParse(good).success).toBe(true);
  });

  it('shows nobody what is another\'s, and lets people pull and admins release', async () => {
    caller = person('trader', 'u2');
    expect(ordersSchema.parse((await ask('GET', 'orders')).body).orders).toEqual([]);
    expect((await ask('GET', `orders?account=${account}`)).status).not.toBe(200);
    expect((await ask('POST', 'positions/exit', { requestId: requestId(3), account })).status)
      .not.toBe(200);
    caller = person('trader', 'u1');
    const pulled = await ask('POST', 'kill-switch', { reason: 'enough' });
    expect(tradingSchema.parse(pulled.body).kill).toMatchObject({ active: true, by: 'u1' });
    expect((await ask('DELETE', 'kill-switch')).status).not.toBe(200);
    expect((await ask('PUT', `accounts/${account}/live`, { live: false })).status).not.toBe(200);
    caller = person('admin', 'a1', bench.clock.wallMs() + 1e9);
    const released = await ask('DELETE', 'kill-switch');
    expect(tradingSchema.parse(released.body)).toMatchObject({
      kill: { active: false }, accounts: [{ id: account, open: true }],
    });
  });
});
