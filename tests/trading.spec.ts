import {
  orderedMessageSchema,
  orderEventSchema,
  orderPreviewSchema,
  ordersSchema,
  positionDifferencesSchema,
  positionsSchema,
  tradesSchema,
  tradingSchema,
  type Expiries,
  type Instruments,
  type Order,
  type OrderPreview,
  type PlatformStatus,
  type PositionDifferences,
} from '@strikewire/contracts';
import type { TrueOrders } from '@strikewire/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { eventually, startRealPlatform, type RealPlatform } from './support/real-platform';

/** More than anything takes on a busy machine. */
const withinMs = 60_000;
let platform: RealPlatform;
/** At the money when the tests begin, and above it. */
let contract: string;
let wing: string;
let live: string;

beforeAll(async () => {
  platform = await startRealPlatform();
  await untilLive();
  // The nearest may expire while the tests run, and is worth next to nothing on its last day.
  const { chains } = await read<Expiries>('/api/optionchain/expiries?underlying=NIFTY');
  const query = `underlying=NIFTY&expiry=${chains[1]?.expiry}`;
  const chain = await read<{ atmStrike: number }>(`/api/optionchain/live?${query}`);
  const { instruments } = await read<Instruments>(`/api/optionchain/instruments?${query}`);
  const calls = instruments.filter(({ type }) => type === 'CE');
  const above = (steps: number): string =>
    calls.find(({ strike }) => strike === chain.atmStrike + 50 * steps)?.key ?? '';
  [contract, wing] = [above(0), above(4)];
  const { accounts } = tradingSchema.parse(await read('/api/trading'));
  live = accounts.find(({ mode }) => mode === 'live')?.id ?? '';
});

afterAll(() => platform?.stop());

async function ask(path: string, method = 'GET', body?: object): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return platform.fetch(path, { method, ...(body && { headers, body: JSON.stringify(body) }) });
}

async function read<T>(path: string): Promise<T> {
  return (await (await ask(path)).json()) as T;
}

function ticket(more: object = {}): object {
  return { contract, side: 'BUY', type: 'SMART', product: 'carry', quantity: 65, ...more };
}

/** Far through the book: it fills there, however far the market goes meanwhile. */
function crossing(more: object = {}): object {
  const price = 'side' in more && more.side === 'SELL' ? 0.05 : 2_000;
  return ticket({ type: 'LIMIT', price, ...more });
}

/** So far from the market that nobody comes. */
function resting(): object {
  return ticket({ type: 'LIMIT', price: 0.05 });
}

async function place(account: string, ...legs: object[]): Promise<Order[]> {
  const body = { requestId: crypto.randomUUID(), account, legs };
  const answer = await ask('/api/orders', 'POST', body);
  const text = await answer.text();
  expect(answer.status, text).toBe(200);
  return ordersSchema.parse(JSON.parse(text)).orders;
}

async function refusal(account: string, leg: object): Promise<string> {
  const body = { requestId: crypto.randomUUID(), account, legs: [leg] };
  const answer = await ask('/api/orders', 'POST', body);
  expect(answer.status).toBe(422);
  return codeOf(answer);
}

async function codeOf(answer: Response): Promise<string> {
  return ((await answer.json()) as { error: { code: string } }).error.code;
}

const order = (id: string): Promise<Order> => read(`/api/orders/${id}`);
const untilOrder = (id: string, isFine: (one: Order) => boolean): Promise<Order> =>
  eventually(() => order(id), isFine, withinMs);
const untilNet = (account: string, key: string, wanted: number): Promise<number> =>
  eventually(() => netOf(account, key), (net) => net === wanted, withinMs);

async function netOf(account: string, key: string): Promise<number> {
  const path = `/api/positions?account=${account}`;
  const { positions } = positionsSchema.parse(await read(path));
  const held = positions.filter((one) => one.contract === key);
  return held.reduce((sum, { netQuantity }) => sum + netQuantity, 0);
}

async function untilLive(): Promise<void> {
  const status = (): Promise<PlatformStatus> => read('/api/optionchain/status');
  await eventually(status, ({ phase }) => phase === 'live', withinMs);
}

/** The process ends as by a power cut, and another one begins. */
async function powerCut(): Promise<void> {
  await platform.api.stop('SIGKILL');
  await platform.restartApi();
  await untilLive();
}

describe('paper trading', () => {
  it('previews, fills a hedged basket at the book, and blocks margin for it', async () => {
    const smart = [ticket({ side: 'SELL' }), ticket({ contract: wing })];
    const look = async (): Promise<OrderPreview> => {
      const answer = await ask('/api/orders/preview', 'POST', { account: 'paper', legs: smart });
      return orderPreviewSchema.parse(await answer.json());
    };
    // At a moment a book may be too wide to cross, or its quote too old.
    const preview = await eventually(look, ({ problems }) => problems.length === 0, withinMs);
    expect(preview.legs.map(({ price }) => (price ?? 0) > 0)).toEqual([true, true]);
    expect(preview.margin.legOrder.map(({ leg }) => leg)).toEqual([1, 0]);
    const legs = [crossing({ side: 'SELL' }), crossing({ contract: wing })];
    const [first, second] = await place('paper', ...legs);
    for (const one of [first, second]) {
      const { averagePrice } = await untilOrder(one?.id ?? '', ({ status }) => status === 'filled');
      expect(averagePrice).toBeGreaterThan(0);
    }
    await untilNet('paper', contract, -65);
    await untilNet('paper', wing, 65);
    const { trades } = tradesSchema.parse(await read('/api/trades?account=paper'));
    // A book may give them in parts.
    expect(new Set(trades.map(({ orderId }) => orderId))).toEqual(new Set([first?.id, second?.id]));
    expect(trades.filter(({ charges }) => !(charges > 0))).toEqual([]);
    const margin = await read<{ funds: { used: number }; estimate: { margin: number } }>(
      '/api/margin?account=paper');
    // A hedged pair needs a fraction of a sold call by itself.
    expect(margin.estimate.margin).toBeGreaterThan(10_000);
    expect(margin.estimate.margin).toBeLessThan(100_000);
    expect(Math.abs(margin.funds.used / margin.estimate.margin - 1)).toBeLessThan(0.2);
  });

  it('tells every change of an order over the socket', async () => {
    const socket = new WebSocket(platform.socketUrl(), { headers: platform.headers });
    const told: unknown[] = [];
    socket.on('message', (data: Buffer) => told.push(JSON.parse(data.toString())));
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send(JSON.stringify({ type: 'subscribe', id: 1, channel: 'orders' }));
    await eventually(async () => told.length, (count) => count > 0, withinMs);
    const before = await netOf('paper', contract);
    const [placed] = await place('paper', crossing());
    const statuses = (): Promise<string[]> => Promise.resolve(told.slice(1).flatMap((message) => {
      const event = orderedMessageSchema.parse(message);
      if (event.type !== 'event' || event.channel !== 'orders') return [];
      const { order: now } = orderEventSchema.parse(event.data);
      return now.id === placed?.id ? [now.status] : [];
    }));
    await eventually(statuses, (all) => all.at(-1) === 'filled', withinMs);
    expect(await statuses()).toContain('accepted');
    socket.terminate();
    await untilNet('paper', contract, before + 65);
  });

  it('makes a SMART order a limit at the book, which fills there or rests', async () => {
    const before = await netOf('paper', wing);
    const legs = [ticket({ contract: wing })];
    const send = async (): Promise<{ status: number; text: string }> => {
      const body = { requestId: crypto.randomUUID(), account: 'paper', legs };
      const answer = await ask('/api/orders', 'POST', body);
      return { status: answer.status, text: await answer.text() };
    };
    // Refused while the book gives no price.
    const { text } = await eventually(send, ({ status }) => status === 200, withinMs);
    const [placed] = ordersSchema.parse(JSON.parse(text)).orders;
    expect(placed).toMatchObject({ type: 'LIMIT', price: expect.any(Number) });
    const id = placed?.id ?? '';
    const stood = await untilOrder(id, ({ ended, status }) => ended || status === 'open');
    if (!stood.ended) await ask(`/api/orders/${id}`, 'DELETE');
    const { filledQuantity, averagePrice } = await untilOrder(id, ({ ended }) => ended);
    if (filledQuantity > 0) expect(averagePrice).toBeLessThanOrEqual(placed?.price ?? 0);
    await untilNet('paper', wing, before + filledQuantity);
  });

  it('refuses each bad order by its name', async () => {
    const limit = { type: 'LIMIT', price: 10 };
    expect(await refusal('paper', ticket({ quantity: 64 }))).toBe('lot_multiple');
    expect(await refusal('paper', ticket({ quantity: -65 }))).toBe('quantity_malformed');
    expect(await refusal('paper', ticket({ quantity: 65e9 }))).toBe('quantity_absurd');
    expect(await refusal('paper', ticket({ ...limit, price: 10.03 }))).toBe('price_tick');
    expect(await refusal('paper', ticket({ ...limit, price: -1 }))).toBe('price_malformed');
    expect(await refusal('paper', ticket({ type: 'LIMIT' }))).toBe('price_missing');
    const unknown = contract.replace(/:\d+:CE$/, ':1:CE');
    expect(await refusal('paper', ticket({ contract: unknown }))).toBe('contract_unknown');
    const many = ticket({ side: 'SELL', ...limit, price: 500, quantity: 65 * 200 });
    expect(await refusal('paper', many)).toBe('funds_short');
    expect(await refusal(live, ticket())).toBe('account_closed');
  });

  it('loses nothing by a power cut, and fills nothing twice', async () => {
    const before = await netOf('paper', contract);
    const [waiting] = await place('paper', resting());
    await untilOrder(waiting?.id ?? '', ({ status }) => status === 'open');
    const [taking] = await place('paper', crossing());
    await powerCut();
    const filled = await untilOrder(taking?.id ?? '', ({ ended }) => ended);
    expect(filled.filledQuantity).toBe(65);
    await untilNet('paper', contract, before + 65);
    await untilOrder(waiting?.id ?? '', ({ status }) => status === 'open');
    expect((await ask(`/api/orders/${waiting?.id}`, 'DELETE')).status).toBe(200);
    await untilOrder(waiting?.id ?? '', ({ status }) => status === 'cancelled');
  });
});

describe('live orders', () => {
  const truth = async (): Promise<TrueOrders> => {
    const [account] = (await platform.sim('accounts')) as { clientId: string }[];
    return (await platform.sim(`orders?account=${account?.clientId}`)) as TrueOrders;
  };

  it('go to the broker once they are switched on', async () => {
    expect((await ask(`/api/accounts/${live}/live`, 'PUT', { live: true })).status).toBe(200);
    const [placed] = await place(live, crossing());
    // The answer to a slow order is without the broker's number of it.
    const { brokerOrderId } =
      await untilOrder(placed?.id ?? '', ({ status }) => status === 'filled');
    const { orders } = await truth();
    const there = orders.find(({ clientOrderId }) => clientOrderId === placed?.id);
    expect(there).toMatchObject({ state: 'filled', filled: 65, orderId: brokerOrderId });
    // A row says that it is filled before the trades tell at which prices.
    await untilNet(live, contract, 65);
  });

  it('whose answer is lost are found, after a power cut too, and sent once', async () => {
    await platform.sim('faults', { kind: 'orderAnswer', when: 'after', answer: 'drop', count: 2 });
    const [lost] = await place(live, crossing());
    await untilOrder(lost?.id ?? '', ({ status }) => status === 'filled');
    const [cut] = await place(live, crossing());
    await powerCut();
    const { filledQuantity } = await untilOrder(cut?.id ?? '', ({ ended }) => ended);
    expect(filledQuantity).toBe(65);
    const { orders } = await truth();
    for (const id of [lost?.id, cut?.id]) {
      expect(orders.filter(({ clientOrderId }) => clientOrderId === id)).toHaveLength(1);
    }
    await untilNet(live, contract, 195);
  });

  it('tell what was traded elsewhere; adopted it is closed with the rest', async () => {
    const [mine] = (await truth()).trades;
    const [account] = (await platform.sim('accounts')) as { clientId: string }[];
    const { segment, securityId } = mine ?? {};
    await platform.sim('orders', {
      account: account?.clientId, segment, securityId, side: 'BUY', type: 'MARKET', quantity: 65,
    });
    const compare = async (): Promise<PositionDifferences['differences']> => {
      const answer = await ask('/api/positions/compare', 'POST', { account: live });
      return positionDifferencesSchema.parse(await answer.json()).differences;
    };
    const [found] = await eventually(compare, (all) => all.length === 1, withinMs);
    expect(found).toMatchObject({ contract, here: 195, there: 260, blocked: null });
    expect(found?.averagePrice).toBeGreaterThan(0);
    const body = { account: live, contract, product: 'carry', netQuantity: 260, reason: 'a test' };
    // Right after a trade the broker's list proves nothing yet.
    const odd = { ...body, netQuantity: 325 };
    await eventually(async () => codeOf(await ask('/api/positions/adopt', 'POST', odd)),
      (code) => code === 'position_changed', withinMs);
    expect((await ask('/api/positions/adopt', 'POST', body)).status).toBe(200);
    expect(await netOf(live, contract)).toBe(260);
    expect(await compare()).toEqual([]);
    await powerCut();
    expect(await netOf(live, contract)).toBe(260);
    const { entries } = await read<{ entries: { action: string }[] }>(
      '/api/activity?action=position.adopted');
    expect(entries).toHaveLength(1);
  });

  it('of an account that is switched off cannot be cancelled, and say so', async () => {
    const [waiting] = await place(live, resting());
    await untilOrder(waiting?.id ?? '', ({ status }) => status === 'open');
    const off = (enabled: boolean): Promise<Response> =>
      ask(`/api/accounts/${live}?force=true`, 'PATCH', { enabled });
    expect((await off(false)).status).toBe(200);
    const cancelled = await ask(`/api/orders/${waiting?.id}`, 'DELETE');
    expect([cancelled.status, await codeOf(cancelled)]).toEqual([422, 'account_off']);
    expect((await off(true)).status).toBe(200);
    await eventually(async () => (await ask(`/api/orders/${waiting?.id}`, 'DELETE')).status,
      (status) => status === 200, withinMs);
    await untilOrder(waiting?.id ?? '', ({ status }) => status === 'cancelled');
    await untilLive();
  });

  // A closing order that the market leaves behind is made anew, ever later.
  it('stop at the kill switch, which cancels, closes and stays', { timeout: 300_000 }, async () => {
    const [waiting] = await place(live, resting());
    await untilOrder(waiting?.id ?? '', ({ status }) => status === 'open');
    const pulled = await ask('/api/kill-switch', 'POST', { reason: 'a test', flatten: true });
    expect(pulled.status).toBe(200);
    expect(await refusal(live, ticket())).toBe('kill_switch');
    await untilOrder(waiting?.id ?? '', ({ status }) => status === 'cancelled');
    await eventually(() => netOf(live, contract), (net) => net === 0, 180_000);
    await powerCut();
    expect(await refusal('paper', ticket())).toBe('kill_switch');
    expect((await ask('/api/kill-switch', 'DELETE')).status).toBe(200);
    await place('paper', crossing());
    const { positions } = await truth();
    expect(positions.reduce((sum, { net }) => sum + Math.abs(net), 0)).toBe(0);
  });
});
