import { createChainClient, type ChainClient } from '@strikewire/client';
import {
  createNodeClock,
  createNodeHttp,
  createNodeRandom,
  nodeOpenSocket,
} from '@strikewire/runtime/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { eventually, startRealPlatform, type RealPlatform } from './support/real-platform';

const ours = 'https://charts.example.com';
const foreign = 'https://evil.example.com';
const clock = createNodeClock();
const http = createNodeHttp(clock);
let platform: RealPlatform;

beforeAll(async () => {
  platform = await startRealPlatform({ env: { STRIKEWIRE_ALLOWED_ORIGINS: ours } });
  const chain = '/api/optionchain/live?underlying=NIFTY';
  await eventually(async () => (await platform.fetch(chain)).status, (status) => status === 200);
});

afterAll(async () => {
  await platform?.stop();
  await http.close();
});

async function makeKey(scope: string): Promise<{ id: string; secret: string }> {
  const answer = await platform.fetch('/api/keys', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: scope, scopes: [scope], expiresAt: null }),
  });
  const { key, secret } = (await answer.json()) as { key: { id: string }; secret: string };
  return { id: key.id, secret };
}

const revoke = async (id: string): Promise<number> =>
  (await platform.fetch(`/api/keys/${id}`, { method: 'DELETE' })).status;

function clientWith(apiKey: string): ChainClient {
  return createChainClient({
    socketUrl: platform.socketUrl(), httpBase: platform.url(''), apiKey, clock, http,
    random: createNodeRandom(), openSocket: nodeOpenSocket,
  });
}

/** A handshake as a page sends it: how it ends, and what it is closed with later. */
function shakeHands(secret: string, origin: string): Promise<{
  result: string | number;
  closed: Promise<number>;
  socket: WebSocket;
}> {
  const protocols = ['strikewire', `strikewire.key.${secret}`];
  const socket = new WebSocket(platform.socketUrl(), protocols, { origin });
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  return new Promise((resolve) => {
    socket.on('error', () => undefined);
    socket.once('open', () => resolve({ result: socket.protocol, closed, socket }));
    socket.once('unexpected-response', (_request, { statusCode = 0 }) =>
      resolve({ result: statusCode, closed, socket }),
    );
  });
}

describe('a client with an API key', () => {
  it('reads and watches chains until the key is revoked', async () => {
    const { id, secret } = await makeKey('chains:read');
    const client = clientWith(secret);
    const { underlyings } = await client.rest.underlyings();
    expect(underlyings.length).toBeGreaterThan(0);
    const errors: string[] = [];
    let changes = 0;
    client.watchChain(
      { underlying: 'NIFTY' },
      { changed: () => changes++, failed: ({ kind, code }) => errors.push(`${kind} ${code}`) },
    );
    await eventually(() => changes, (count) => count > 3);
    expect(client.connection).toEqual({ state: 'live', failures: 0, reason: null });
    expect(errors).toEqual([]);

    const page = await shakeHands(secret, ours);
    const reasons: (string | null)[] = [];
    client.onConnection(({ reason }) => reasons.push(reason));
    expect(await revoke(id)).toBeLessThan(300);
    expect(await page.closed).toBe(1008);
    // Looked at as it changes: the next try, which is refused, may come before a look.
    await eventually(() => reasons, ({ length }) => length > 0);
    expect(reasons[0]).toBe('the session or key has ended');
    await expect(client.rest.underlyings()).rejects.toMatchObject({
      kind: 'unauthenticated', code: 'key_unknown', details: { status: 401 },
    });
    // It goes on to ask, ever less often, and tells why it is not served.
    await eventually(() => client.connection, ({ reason }) => /revoked/.test(reason ?? ''));
    await eventually(() => errors.at(-1), (told) => told === 'unauthenticated key_unknown');
    client.close();
  });

  it('may do no more than its scope', async () => {
    const { secret } = await makeKey('metrics:read');
    const client = clientWith(secret);
    await expect(client.rest.underlyings()).rejects.toMatchObject({
      kind: 'forbidden', code: 'scope_missing',
    });
    expect((await shakeHands(secret, ours)).result).toBe(403);
    const authorization = `Bearer ${secret}`;
    const metrics = await fetch(platform.url('/metrics'), { headers: { authorization } });
    expect(metrics.status).toBe(200);
  });
});

describe('a page of elsewhere', () => {
  const path = '/api/optionchain/underlyings';
  const allowed = (answer: Response): (string | null)[] => [
    answer.headers.get('access-control-allow-origin'),
    answer.headers.get('access-control-allow-credentials'),
  ];

  it('may use a key when its origin is allowed', async () => {
    const { secret } = await makeKey('chains:read');
    const headers = { origin: ours, authorization: `Bearer ${secret}` };
    const asked = await fetch(platform.url(path), {
      method: 'OPTIONS',
      headers: {
        origin: ours,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization',
      },
    });
    expect(asked.status).toBeLessThan(300);
    expect(asked.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(allowed(asked)).toEqual([ours, null]);
    const answer = await fetch(platform.url(path), { headers });
    expect([answer.status, ...allowed(answer)]).toEqual([200, ours, null]);
    const refused = await fetch(platform.url(path), {
      headers: { ...headers, authorization: 'Bearer swk_none' },
    });
    // Also why it is refused, it may read.
    expect([refused.status, ...allowed(refused)]).toEqual([401, ours, null]);
    const { result, socket } = await shakeHands(secret, ours);
    expect(result).toBe('strikewire');
    socket.terminate();
  });

  it('gets nothing when it is not, and never with a cookie', async () => {
    const { secret } = await makeKey('chains:read');
    const headers = { origin: foreign, authorization: `Bearer ${secret}` };
    const answer = await fetch(platform.url(path), { headers });
    expect(allowed(answer)).toEqual([null, null]);
    const asked = await fetch(platform.url(path), {
      method: 'OPTIONS',
      headers: { origin: foreign, 'access-control-request-method': 'GET' },
    });
    expect(allowed(asked)).toEqual([null, null]);
    expect((await shakeHands(secret, foreign)).result).toBe(403);
    const socket = new WebSocket(platform.socketUrl(), { origin: ours, headers: platform.headers });
    const status = await new Promise((resolve) => {
      socket.on('error', () => undefined);
      socket.once('open', () => resolve('open'));
      socket.once('unexpected-response', (_request, { statusCode }) => resolve(statusCode));
    });
    expect(status).toBe(403);
  });
});
