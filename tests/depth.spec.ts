import { depthSchema, failoverSchema, liveChainSchema, type Depth } from '@strikewire/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApiServer, type ApiServer } from './support/api-server';

const path = '/api/optionchain/depth';
let server: ApiServer;
let reader: Record<string, string>;
/** Contracts around the money: alive on both sides. */
let legs: { key: string; token: string; strike: number; type: 'CE' | 'PE'; expiry: string }[];

const get = (query: string, headers = reader): Promise<Response> =>
  fetch(`${server.base}${path}?${query}`, { headers });
const depthOf = async (query: string): Promise<Depth> =>
  depthSchema.parse(await (await get(query)).json());
const keyQuery = (key: string): string => `key=${encodeURIComponent(key)}`;
const virtual = (ms: number): Promise<void> => server.market.clock.advance(ms);

beforeAll(async () => {
  server = await startApiServer();
  reader = await server.key(['chains:read']);
  const answer = await fetch(`${server.base}/api/optionchain/NIFTY`, { headers: reader });
  const { strikes, expiry } = liveChainSchema.parse(await answer.json());
  const middle = Math.floor(strikes.length / 2);
  legs = strikes.slice(middle - 2, middle + 2).flatMap(({ strike, CE, PE }) =>
    Object.entries({ CE, PE }).map(([type, { key, token }]) => (
      { key, token, strike, type: type as 'CE' | 'PE', expiry })));
});

afterAll(() => server.stop());

/** The truth's five levels as the API tells books. */
function truthOf(token: string): Pick<Depth, 'bids' | 'asks'> {
  const depth = server.market.simulator.truth.contract('NSE_FNO', Number(token))?.depth ?? [];
  const bids = depth.map(({ bid, bidQty, bidOrders }) => (
    { price: bid, quantity: bidQty, orders: bidOrders }));
  const asks = depth.map(({ ask, askQty, askOrders }) => (
    { price: ask, quantity: askQty, orders: askOrders }));
  const isThere = ({ price }: { price: number }): boolean => price > 0;
  return { bids: bids.filter(isThere), asks: asks.filter(isThere) };
}

describe(`GET ${path}`, () => {
  it('has the five levels of the market feed at once, and twenty a moment later', async () => {
    const { key, token, strike, type, expiry } = legs[0]!;
    const first = await depthOf(keyQuery(key));
    expect(first).toMatchObject({
      key, underlying: 'NIFTY', exchange: 'NSE', expiry, strike, type, levels: 5, stale: false,
      source: { broker: 'dhan', account: 'test' },
      ...truthOf(token),
    });
    await virtual(1_000);
    server.market.simulator.pause(true);
    await virtual(50);
    const full = await depthOf(keyQuery(key));
    const { bids, asks } = truthOf(token);
    expect(full).toMatchObject({
      levels: 20, stale: false, source: { broker: 'dhan', account: 'test' },
      receivedAt: expect.stringMatching(/^2026-11-24T.*\+05:30$/),
    });
    expect([full.bids.slice(0, 5), full.asks.slice(0, 5)]).toEqual([bids, asks]);
    expect([full.bids.length, full.asks.length]).toEqual([20, 20]);
    server.market.simulator.pause(false);
  });

  it('is told among what an account does', async () => {
    await depthOf(keyQuery(legs[0]!.key));
    const answer = await fetch(`${server.base}/api/failover`, {
      headers: await server.person('viewer'),
    });
    const { accounts } = failoverSchema.parse(await answer.json());
    expect(accounts.map(({ depth }) => depth)).toEqual([
      { state: 'live', reason: null, books: 1, max: 50 },
    ]);
  });

  it('is of what it is asked by, too, the nearest expiry unless another is named', async () => {
    const { key, strike, type, expiry } = legs[1]!;
    const query = `underlying=nifty&strike=${strike}&type=${type}`;
    expect((await depthOf(query)).key).toBe(key);
    expect((await depthOf(`${query}&expiry=${expiry}`)).key).toBe(key);
  });

  it('lies ready while nothing has changed', async () => {
    const { key } = legs[0]!;
    const etag = (await get(keyQuery(key))).headers.get('etag') ?? '';
    const again = await get(keyQuery(key), { ...reader, 'if-none-match': etag });
    expect([again.status, await again.text()]).toEqual([304, '']);
    await virtual(5_000);
    expect((await get(keyQuery(key), { ...reader, 'if-none-match': etag })).status).toBe(200);
  });

  it.each([
    ['', 400, 'key'],
    ['underlying=NIFTY&strike=24500', 400, 'type'],
    ['key=NSE:NIFTY', 400, 'EXCHANGE:SYMBOL'],
    ['underlying=NIFTY&strike=abc&type=CE', 400, 'strike'],
    ['underlying=NIFTY&strike=-1&type=CE', 400, 'strike'],
    ['underlying=NOSUCH&strike=100&type=CE', 404, 'NOSUCH'],
    ['underlying=NIFTY&strike=1&type=CE', 404, ':1:CE'],
    ['key=NSE:NIFTY:2030-01-01:24500:CE', 404, '2030-01-01'],
    ['key=BSE:NIFTY:2026-11-24:24500:CE', 404, 'BSE:NIFTY'],
  ])('refuses "%s" with %i, and names what is wrong', async (query, status, named) => {
    const answer = await get(query);
    expect([answer.status, await answer.text()]).toEqual([status, expect.stringContaining(named)]);
  });

  it('is for whoever may read chains', async () => {
    const query = keyQuery(legs[0]!.key);
    expect((await get(query, {})).status).toBe(401);
    expect((await get(query, await server.key(['metrics:read']))).status).toBe(403);
    expect((await get(query, await server.person('viewer'))).status).toBe(200);
  });

  it('has five levels of what is over fifty', async () => {
    const { simulator } = server.market;
    const answer = await fetch(`${server.base}/api/optionchain/NIFTY`, { headers: reader });
    const { strikes } = liveChainSchema.parse(await answer.json());
    const keys = strikes.flatMap(({ CE, PE }) => [CE.key, PE.key]).slice(0, 60);
    expect(keys).toHaveLength(60);
    await virtual(31_000);
    // One after the other: the first fifty are wanted first.
    for (const key of keys) await depthOf(keyQuery(key));
    await virtual(5_000);
    const books = await Promise.all(keys.map((key) => depthOf(keyQuery(key))));
    const levels = books.map((book) => book.levels);
    expect(levels).toEqual(keys.map((_, index) => (index < 50 ? 20 : 5)));
    expect(simulator.status().depth).toMatchObject({ sockets: 1, subscriptions: 50 });
    expect(simulator.violations().total).toBe(0);
  });

  it('goes on with five when full books alone are refused', async () => {
    const { simulator, engine } = server.market;
    const { key } = legs[0]!;
    await virtual(32_000);
    expect(simulator.status().depth?.sockets).toBe(0);
    const sockets = simulator.status().sockets.length;
    simulator.faults.add({ kind: 'handshakeStatus', status: 401, count: 1 });
    const before = simulator.status().depth?.handshakes ?? 0;
    for (let round = 0; round < 60; round++) {
      expect(await depthOf(keyQuery(key))).toMatchObject({ levels: 5, stale: false });
      await virtual(2_000);
    }
    expect(simulator.status().depth?.handshakes).toBe(before + 1);
    expect(simulator.status().sockets.length).toBe(sockets);
    expect(engine.supervision.view()).toMatchObject([{ standing: 'fit', losses: 0 }]);
  });
});
