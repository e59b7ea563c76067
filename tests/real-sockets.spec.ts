import {
  errorBodySchema,
  expiriesSchema,
  healthSchema,
  liveChainSchema,
  statusSchema,
  underlyingsSchema,
  type PlatformStatus,
} from '@strikewire/contracts';
import type { TrueChain } from '@strikewire/simulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, startRealPlatform, type RealPlatform } from './support/real-platform';
import { getRaw, sendRaw } from './support/raw-http';
import { SocketClient } from './support/socket-client';
import { truthDifferences } from './support/truth-difference';

let platform: RealPlatform;

beforeAll(async () => {
  platform = await startRealPlatform({ ticksPerSecond: 4_000, stocks: 1_000 });
  await eventually(status, ({ phase }) => phase === 'live');
});

afterAll(() => platform?.stop());

async function json(path: string): Promise<{ status: number; body: unknown }> {
  const answer = await platform.fetch(path);
  return { status: answer.status, body: await answer.json() };
}

async function status(): Promise<PlatformStatus> {
  return statusSchema.parse((await json('/api/optionchain/status')).body);
}

/** Subscribes to every chain, in one encoding. */
async function watchAll(client: SocketClient): Promise<number> {
  const { underlyings } = await status();
  const all = underlyings.flatMap(({ symbol, chains }) =>
    chains.map(({ expiry }) => ({ underlying: symbol, expiry })),
  );
  all.forEach((chain, id) =>
    client.send({ type: 'subscribe', id, channel: 'chain', encoding: 'binary', ...chain }),
  );
  await eventually(() => client.frames.frameCount, (count) => count >= all.length);
  return all.length;
}

/** What a client holds against the true market, which stands still. */
async function differences(client: SocketClient): Promise<string[]> {
  const found: string[] = [];
  for (const held of client.frames.held.values()) {
    const { underlying, expiry } = held.layout;
    const truth = await platform.sim(`truth/chain?underlying=${underlying}&expiry=${expiry}`);
    found.push(...truthDifferences(held, truth as TrueChain));
  }
  return found;
}

describe('over real sockets', () => {
  const long = { timeout: 400_000 };

  it('answers every route in its declared shape', async () => {
    const live = await json('/api/optionchain/live?underlying=nifty');
    const chain = liveChainSchema.parse(live.body);
    expect(chain.strikes).toHaveLength(100);
    expect(chain.strikes.filter((strike) => strike.tag === 'ATM')).toHaveLength(1);
    expect(underlyingsSchema.parse((await json('/api/optionchain/underlyings')).body).underlyings)
      .toHaveLength(3);
    const expiries = await json('/api/optionchain/expiries?underlying=SENSEX');
    const { chains } = expiriesSchema.parse(expiries.body);
    // Three of the nearest, two monthlies and three quarterlies; some may be the same.
    expect([chains.length >= 5, chains.length <= 8]).toEqual([true, true]);
    await eventually(async () => healthSchema.parse((await json('/health')).body).status,
      (told) => told === 'ok');
  });

  it('answers 304 for a version that the client holds', async () => {
    await platform.sim('pause', { paused: true });
    const path = '/api/optionchain/live?underlying=BANKNIFTY';
    const statusOf = async (names: string): Promise<number> => {
      const again = await platform.fetch(path, { headers: { 'if-none-match': names } });
      await again.arrayBuffer();
      return again.status;
    };
    // What was sent before the pause may still come in between two of them.
    await eventually(
      async () => {
        const answer = await platform.fetch(path);
        await answer.arrayBuffer();
        const tag = answer.headers.get('etag') ?? 'none';
        const names = [tag, `W/${tag}`, `"other", ${tag}`, '*'];
        const found: number[] = [];
        for (const one of names) found.push(await statusOf(one));
        return found;
      },
      (found) => found.every((one) => one === 304),
    );
    const other = await platform.fetch(path, { headers: { 'if-none-match': '"other"' } });
    expect(other.status).toBe(200);
    await platform.sim('pause', { paused: false });
  });

  it('shows each client the true market after drops and broken frames', long, async () => {
    // A broker that still counts sockets that were cut waits 40 s for them.
    const backWithinMs = 100_000;
    const client = await SocketClient.open(platform.socketUrl(), platform.headers);
    const count = await watchAll(client);
    const before = (await status()).feed.sockets[0]?.reconnects ?? 0;
    const backAfter = (drops: number): Promise<unknown> =>
      eventually(status, ({ phase, feed: { sockets } }) =>
        phase === 'live' && (sockets[0]?.reconnects ?? 0) >= before + drops &&
        sockets.every(({ confirmed, instruments }) => confirmed === instruments), backWithinMs,
      );
    await platform.sim('faults', { kind: 'dropSocket', socket: 'all' });
    await backAfter(1);
    const broken = { kind: 'corruptFrames', probability: 0.2, forMs: 1_000 };
    await platform.sim('faults', broken);
    const faults = async (): Promise<unknown[]> => (await platform.sim('faults')) as unknown[];
    await eventually(faults, ({ length }) => length === 0);
    await platform.sim('faults', { kind: 'dropSocket', socket: 'all' });
    await backAfter(2);
    await platform.sim('pause', { paused: true });
    const differing = await eventually(() => differences(client), ({ length }) => length === 0);
    expect(differing).toEqual([]);
    await platform.sim('pause', { paused: false });
    expect(client.frames.faults).toEqual([]);
    expect(client.frames.held.size).toBe(count);
    client.close();
  });

  it('gives JSON clients a snapshot and deltas that join', async () => {
    const client = await SocketClient.open(platform.socketUrl(), platform.headers);
    client.send({ type: 'subscribe', id: 'a', channel: 'chain', underlying: 'NIFTY' });
    await eventually(() => client.messages.length, (count) => count > 20);
    const [layout, snapshot, ...deltas] = client.messages;
    expect(layout).toMatchObject({ type: 'layout', id: 'a', underlying: 'NIFTY' });
    expect(snapshot).toMatchObject({ type: 'snapshot' });
    let version = (snapshot as { version: number }).version;
    for (const message of deltas) {
      // A snapshot is for a client that was too slow.
      if (message.type !== 'delta' && message.type !== 'snapshot') continue;
      if (message.type === 'delta') expect(message.previous).toBe(version);
      version = message.version;
    }
    expect(deltas.some(({ type }) => type === 'delta')).toBe(true);
    client.send({ type: 'ping', id: 7 });
    await eventually(() => client.messages.some(({ type }) => type === 'pong'), Boolean);
    client.close();
  });

  it('starts again from what is stored, without listing anew', async () => {
    const lists = async (): Promise<number | undefined> => {
      const { requests } = (await platform.sim('status')) as { requests: Record<string, number> };
      return requests['optionchain/expirylist'];
    };
    const before = await lists();
    await platform.restartApi();
    await eventually(status, ({ phase }) => phase === 'live');
    expect(await lists()).toBe(before);
  });
});

describe('bad input', () => {
  it.each([
    ['/api/optionchain/live', 400, 'invalid_request'],
    ['/api/optionchain/live?underlying=NIFTY&expiry=2026-02-30', 400, 'invalid_request'],
    ['/api/optionchain/live?underlying=NIFTY&expiry=tomorrow', 400, 'invalid_request'],
    ['/api/optionchain/live?underlying=NIFTY&expiry=2031-01-01', 404, 'expiry_not_listed'],
    ['/api/optionchain/live?underlying=NOSUCH', 404, 'underlying_unknown'],
    ['/api/optionchain/live?underlying=NIFTY&underlying=SENSEX', 400, 'invalid_request'],
    [`/api/optionchain/live?underlying=${'N'.repeat(500)}`, 400, 'invalid_request'],
    ['/api/optionchain/expiries?underlying=%00', 400, 'invalid_request'],
    ['/api/optionchain/expiries', 400, 'invalid_request'],
    ['/api/nosuch', 404, 'route_unknown'],
  ])('%s answers %i %s in the one error shape', async (path, expected, code) => {
    const { status: found, body } = await json(path);
    expect(found).toBe(expected);
    expect(errorBodySchema.parse(body).error.code).toBe(code);
  });

  it.each([
    ['//api/optionchain/live?underlying=NIFTY', 404, 'route_unknown'],
    ['/api//optionchain/status', 404, 'route_unknown'],
    ['/api/../health', 404, 'route_unknown'],
    ['/%2e%2e/%2e%2e/etc/passwd', 404, 'route_unknown'],
    ['/assets/%00', 404, 'route_unknown'],
    ['/%zz', 400, 'invalid_request'],
    ['/ws', 426, 'upgrade_required'],
    ['/ws/greeks', 426, 'upgrade_required'],
    ['/ws/status', 426, 'upgrade_required'],
    ['http://elsewhere.example/health', 403, 'host_foreign'],
    ['http://localhost//health', 404, 'route_unknown'],
  ])('%s as it is written answers %i %s too', async (path, expected, code) => {
    const { status: found, body } = await getRaw(platform.url('/'), path);
    expect([found, errorBodySchema.parse(JSON.parse(body)).error.code]).toEqual([expected, code]);
  });

  it.each([
    ['headers without end', `GET / HTTP/1.1\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`, 431,
      'headers_too_large'],
    ['no HTTP at all', 'HELLO\r\n\r\n', 400, 'request_malformed'],
    ['a length that is none', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n',
      400, 'request_malformed'],
    ['no socket there', 'GET /nosuch HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\n'
      + 'Upgrade: websocket\r\n\r\n', 404, 'route_unknown'],
    ['no host', 'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'host_missing'],
  ])('%s: the one error shape', async (_what, text, expected, code) => {
    const { status: found, body } = await sendRaw(platform.url('/'), text);
    expect([found, errorBodySchema.parse(JSON.parse(body)).error.code]).toEqual([expected, code]);
  });

  it('serves a path also when its whole address is asked for, as through a proxy', async () => {
    const { status: found, body } = await getRaw(platform.url('/'), platform.url('/health'));
    expect([found, healthSchema.parse(JSON.parse(body)).status]).toEqual([200, 'ok']);
  });

  it('names the field and what it needs', async () => {
    const { body } = await json('/api/optionchain/live?underlying=NIFTY&expiry=2026-02-30');
    const { error } = errorBodySchema.parse(body);
    expect(error.message).toBe('expiry: needs to be an existing date, YYYY-MM-DD');
    expect(error.requestId).not.toBe('');
  });

  it.each([
    ['not JSON', 'message_malformed'],
    ['[]', 'invalid_request'],
    ['null', 'invalid_request'],
    ['{"type":"explode"}', 'invalid_request'],
    ['{"type":"subscribe","channel":"nothing","underlying":"NIFTY"}', 'invalid_request'],
    ['{"type":"subscribe","channel":"chain","underlying":5}', 'invalid_request'],
    ['{"type":"subscribe","channel":"chain","underlying":"NOSUCH"}', 'underlying_unknown'],
    ['{"type":"subscribe","channel":"chain","underlying":"NIFTY","expiry":"2020-01-01"}',
      'expiry_not_listed'],
    ['{"type":"unsubscribe","stream":99999}', 'stream_unknown'],
    ['{"type":"resync","stream":-1.5}', 'invalid_request'],
  ])('a socket message %s is answered with %s and the socket lives on', async (text, code) => {
    const client = await SocketClient.open(platform.socketUrl(), platform.headers);
    client.raw(text);
    const [error] = await eventually(() => client.errors(), (errors) => errors.length > 0);
    expect(error?.error.code).toBe(code);
    client.send({ type: 'ping' });
    await eventually(() => client.messages.some(({ type }) => type === 'pong'), Boolean);
    client.close();
  });

  it('refuses binary messages and closes on oversized ones', async () => {
    const client = await SocketClient.open(platform.socketUrl(), platform.headers);
    client.raw(new Uint8Array(10));
    await eventually(() => client.errors().length, (count) => count === 1);
    client.raw('x'.repeat(20_000));
    const closed = await eventually(() => client.closed, (end) => end !== null);
    expect(closed?.code).toBe(1009);
  });

  it('limits 10,000 subscriptions, says so, and keeps serving others', async () => {
    const other = await SocketClient.open(platform.socketUrl(), platform.headers);
    other.send({ type: 'subscribe', channel: 'chain', underlying: 'NIFTY', encoding: 'binary' });
    const client = await SocketClient.open(platform.socketUrl(), platform.headers);
    for (let id = 0; id < 10_000; id++) {
      client.send({ type: 'subscribe', id, channel: 'chain', underlying: 'NIFTY' });
      // It goes on reading: one that only asks is cut.
      if (id % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    // A slow machine sends them over more seconds, and some are let through in each.
    const errors = await eventually(() => client.errors(), (found) => found.length > 5_000);
    expect(new Set(errors.map(({ error }) => error.code))).toEqual(new Set(['too_many_messages']));
    const { frameCount } = other.frames;
    await eventually(() => other.frames.frameCount, (count) => count > frameCount + 10);
    expect((await status()).clients.subscriptions).toBeLessThanOrEqual(64 + 1);
    client.close();
    other.close();
    await eventually(status, ({ clients }) => clients.subscriptions === 0);
  });

  it('refuses a socket that a foreign page opens', async () => {
    const foreign = { ...platform.headers, origin: 'https://elsewhere.example' };
    await expect(SocketClient.open(platform.socketUrl(), foreign)).rejects.toThrow(/403/);
    const rebound = {
      ...platform.headers,
      origin: 'http://elsewhere.example',
      host: 'elsewhere.example',
    };
    await expect(SocketClient.open(platform.socketUrl(), rebound)).rejects.toThrow(/403/);
    const own = { ...platform.headers, origin: platform.url('') };
    (await SocketClient.open(platform.socketUrl(), own)).close();
  });
});
