import { describe, expect, it } from 'vitest';
import { createOpenalgoHarness, type OpenalgoHarness } from '../testing/openalgo-harness';

/** Symbols of the first `count` options of NIFTY's nearest chain around the middle. */
function options({ simulator: { truth } }: OpenalgoHarness, count: number) {
  const strikes = truth.chain('NIFTY', '2026-11-23')?.strikes ?? [];
  const from = Math.max(0, Math.floor(strikes.length / 2) - Math.floor(count / 2));
  return strikes.slice(from, from + count).map(({ strike, CE }) => ({
    symbol: `NIFTY23NOV26${strike}CE`, exchange: 'NFO', id: CE.securityId,
  }));
}
const nifty = { symbol: 'NIFTY', exchange: 'NSE_INDEX' };

describe('the socket proxy', () => {
  it('wants a key within 15 s', async () => {
    const harness = createOpenalgoHarness();
    const [silent, signedIn] = [await harness.connect(), await harness.signIn()];
    silent.send({ action: 'subscribe', mode: 1, symbols: [nifty] });
    silent.socket.send('{');
    await harness.clock.advance(16_000);
    expect(silent.messages).toEqual([
      { status: 'error', code: 'NOT_AUTHENTICATED', message: expect.any(String) },
      { status: 'error', code: 'INVALID_JSON', message: expect.any(String) },
    ]);
    expect([silent.closed, signedIn.closed]).toEqual([4401, undefined]);
    expect(signedIn.messages).toEqual([{
      type: 'auth', status: 'success', message: expect.any(String), broker: 'simulated',
      user_id: 'simulator', supported_features: { ltp: true, quote: true, depth: true },
    }]);
  });

  it('answers a wrong key, and counts a loop of them', async () => {
    const harness = createOpenalgoHarness();
    const client = await harness.connect();
    for (let round = 0; round < 11; round++) client.send({ action: 'auth', apikey: 'wrong' });
    await harness.clock.advance(100);
    expect(client.messages[0]).toMatchObject({ code: 'AUTHENTICATION_ERROR' });
    expect(harness.simulator.violations().byKind).toEqual({ openalgo_auth_loop: 1 });
  });

  it('acknowledges each symbol by itself, and sends nothing before it changes', async () => {
    const harness = createOpenalgoHarness({ rates: { ticksPerSecond: 0 } });
    const client = await harness.signIn();
    const [option] = options(harness, 1);
    client.send({
      action: 'subscribe', mode: 'Quote', request_id: 'r1', depth: 5,
      symbols: [{ symbol: option?.symbol, exchange: 'NFO' }, { symbol: 'X', exchange: 'NFO' }],
    });
    client.send({ action: 'subscribe', mode: 1, ...nifty });
    client.send({ action: 'subscribe', mode: 7, ...nifty });
    client.send({ action: 'subscribe', mode: 1 });
    client.send({ action: 'dance' });
    client.send({ action: 'ping', timestamp: 5, _pingId: 'p' });
    await harness.clock.advance(2_000);
    expect(client.messages.slice(1)).toMatchObject([
      {
        type: 'subscribe', status: 'partial', request_id: 'r1', subscriptions: [
          { symbol: option?.symbol, status: 'success', mode: 2, broker: 'simulated' },
          { symbol: 'X', status: 'error', message: expect.any(String) },
        ],
      },
      { type: 'subscribe', status: 'success', subscriptions: [{ ...nifty, mode: 1 }] },
      { code: 'INVALID_MODE' },
      { code: 'INVALID_PARAMETERS' },
      { code: 'INVALID_ACTION' },
      { type: 'pong', client_timestamp: 5, _pingId: 'p', server_timestamp: expect.any(Number) },
    ]);
  });

  it('tells in each mode what is true', async () => {
    const harness = createOpenalgoHarness({ rates: { ticksPerSecond: 2_000 } });
    const client = await harness.signIn();
    const named = options(harness, 3);
    named.forEach(({ symbol, exchange }, index) =>
      client.send({ action: 'subscribe', mode: index + 1, symbols: [{ symbol, exchange }] }));
    await harness.clock.advance(3_000);
    harness.simulator.pause(true);
    await harness.clock.advance(50);
    const fields = ['ltp', 'volume', 'depth'];
    named.forEach(({ symbol, id }, index) => {
      const last = client.ticks().findLast((tick) => tick['symbol'] === symbol);
      const truth = harness.simulator.truth.contract('NSE_FNO', id);
      expect(last).toMatchObject({ exchange: 'NFO', mode: index + 1, broker: 'simulated' });
      expect(last?.data).toMatchObject({ symbol, mode: index + 1, ltp: truth?.ltp });
      expect(fields.filter((field) => field in (last?.data ?? {}))).toEqual(
        fields.slice(0, index + 1),
      );
    });
    const { data } = client.ticks().findLast((tick) => tick['mode'] === 3) ?? {};
    const truth = harness.simulator.truth.contract('NSE_FNO', named[2]?.id ?? 0);
    expect(data).toMatchObject({
      oi: truth?.oi, volume: truth?.volume, depth_level: 5,
      depth: { buy: [{ price: truth?.bid, quantity: truth?.bidQty }, {}, {}, {}, {}] },
    });
  });

  it('gives readers of a lower mode the data of a higher one', async () => {
    const harness = createOpenalgoHarness();
    const [low, high] = [await harness.signIn(), await harness.signIn()];
    const [{ symbol, exchange } = nifty] = options(harness, 1);
    low.send({ action: 'subscribe', mode: 1, symbols: [{ symbol, exchange }] });
    high.send({ action: 'subscribe', mode: 3, symbols: [{ symbol, exchange }] });
    await harness.clock.advance(2_000);
    const last = low.ticks().at(-1);
    expect([last?.['mode'], last?.data['mode']]).toEqual([1, 3]);
    expect(last?.data).toHaveProperty('depth');
  });

  it('stops after an unsubscription of that mode, or of all', async () => {
    const harness = createOpenalgoHarness();
    const client = await harness.signIn();
    const [{ symbol, exchange } = nifty, other = nifty] = options(harness, 2);
    client.send({ action: 'subscribe', mode: 3, symbols: [{ symbol, exchange }, other] });
    await harness.clock.advance(500);
    client.send({ action: 'unsubscribe', symbols: [{ symbol, exchange, mode: 1 }] });
    client.send({ action: 'unsubscribe', symbols: [{ symbol, exchange, mode: 3 }] });
    await harness.clock.advance(100);
    const acks = client.messages.filter(({ type }) => type === 'unsubscribe');
    expect(acks).toMatchObject([
      { status: 'partial', successful: [], failed: [{ symbol, mode: 1 }] },
      { status: 'success', successful: [{ symbol, mode: 3 }], failed: [] },
    ]);
    expect(harness.simulator.status().watched).toBe(1);
    client.send({ action: 'unsubscribe_all' });
    await harness.clock.advance(100);
    const seen = client.ticks().length;
    await harness.clock.advance(2_000);
    expect([client.ticks().length, harness.simulator.status().watched]).toEqual([seen, 0]);
    expect(seen).toBeGreaterThan(3);
  });

  it('has 3,000 symbols for a user over all connections', async () => {
    const harness = createOpenalgoHarness({ rates: { ticksPerSecond: 0 } });
    const clients = [await harness.signIn(), await harness.signIn()];
    const { truth, market } = harness.simulator;
    const underlying = market.underlying('NIFTY');
    const symbols = (underlying ? market.expiries(underlying) : []).flatMap((expiry) =>
      truth.chain('NIFTY', expiry)?.strikes.flatMap(({ strike }) => {
        const [year, month, day] = expiry.split('-');
        const at = 3 * Number(month) - 3;
        const name = 'JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC'.slice(at, at + 3);
        const start = `NIFTY${day}${name}${year?.slice(2)}${strike}`;
        return ['CE', 'PE'].map((type) => ({ symbol: `${start}${type}`, exchange: 'NFO' }));
      }) ?? []);
    const [first, second] = [symbols.slice(0, 1_500), symbols.slice(1_490, 3_005)];
    clients[0]?.send({ action: 'subscribe', mode: 1, symbols: first });
    clients[1]?.send({ action: 'subscribe', mode: 1, symbols: second });
    await harness.clock.advance(100);
    expect(harness.simulator.status().watched).toBe(3_000);
    expect(harness.simulator.violations().byKind).toEqual({ openalgo_symbols: 5 });
    expect(clients[1]?.messages.at(-1)).toMatchObject({ type: 'subscribe', status: 'partial' });
    clients[0]?.send({ action: 'unsubscribe_all' });
    clients[1]?.send({ action: 'subscribe', mode: 1, symbols: symbols.slice(3_000, 3_005) });
    await harness.clock.advance(100);
    expect(clients[1]?.messages.at(-1)).toMatchObject({ type: 'subscribe', status: 'success' });
  });

  it('pings every 20 s', async () => {
    const harness = createOpenalgoHarness();
    const client = await harness.signIn();
    await harness.clock.advance(60_500);
    expect(client.pings).toBe(3);
  });
});
