import { errorBodySchema } from '@strikewire/contracts';
import { byPlatform } from '@strikewire/platform';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApiServer, type ApiServer } from '../support/api-server';
import { eventually, startRealPlatform } from '../support/real-platform';

let server: ApiServer;

beforeAll(async () => {
  server = await startApiServer({ requestsPerMinute: 200 });
});

afterAll(() => server?.stop());

interface HeldBack {
  socket: Socket;
  /** Sends the rest; resolves with the status. */
  finish(): Promise<number>;
}

/** A request whose body is sent up to its first byte. */
async function holdBack(
  base: string,
  what: { method: string; path: string; headers: Record<string, string> },
  body: object,
): Promise<HeldBack> {
  const { hostname, port } = new URL(base);
  const text = JSON.stringify(body);
  const socket = connect(Number(port), hostname);
  let received = '';
  socket.on('data', (chunk) => (received += chunk));
  socket.on('error', () => undefined);
  const head = [
    `${what.method} ${what.path} HTTP/1.1`,
    'Host: localhost',
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${text.length}`,
    ...Object.entries(what.headers).map(([name, value]) => `${name}: ${value}`),
  ];
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  socket.write(`${head.join('\r\n')}\r\n\r\n${text.slice(0, 1)}`);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return {
    socket,
    async finish() {
      socket.write(text.slice(1));
      await closed;
      return Number(received.split(' ')[1]);
    },
  };
}

describe('a body that is held back', () => {
  it('does nothing any more when its sender was switched off meanwhile', async () => {
    const headers = await server.person('admin');
    const me = await fetch(`${server.base}/api/auth/me`, { headers });
    const { user } = (await me.json()) as { user: { id: string } };
    const newUser = { username: 'smuggled', name: 'S', role: 'admin' };
    const newKey = { name: 'smuggled', scopes: ['admin'], expiresAt: null };
    const held = await Promise.all([
      holdBack(server.base, { method: 'POST', path: '/api/users', headers }, newUser),
      holdBack(server.base, { method: 'POST', path: '/api/keys', headers }, newKey),
      holdBack(
        server.base,
        { method: 'PATCH', path: `/api/users/${user.id}`, headers },
        { enabled: true },
      ),
    ]);
    const other = await server.person('admin');
    const off = await fetch(`${server.base}/api/users/${user.id}`, {
      method: 'PATCH',
      headers: { ...other, 'content-type': 'application/json' },
      body: JSON.stringify({ enabled: false }),
    });
    expect(off.status).toBe(200);
    expect(await Promise.all(held.map((one) => one.finish()))).toEqual([401, 401, 401]);
    expect(server.access.directory.byUsername('smuggled')).toBeUndefined();
    expect(server.access.directory.byId(user.id).enabled).toBe(false);
  });

  it('does nothing any more when the confirmation has ended, or the role', async () => {
    const headers = await server.person('admin');
    const late = { username: 'late', name: 'L', role: 'viewer' };
    const held = await holdBack(server.base, { method: 'POST', path: '/api/users', headers }, late);
    server.shift(11 * 60_000);
    expect(await held.finish()).toBe(403);
    server.shift(-11 * 60_000);
    expect(server.access.directory.byUsername('late')).toBeUndefined();
  });

  it('is not written by somebody who was signed out while it waited for its turn', async () => {
    const headers = await server.person('viewer');
    const [, token = ''] = headers['cookie']?.split('=') ?? [];
    const person = server.access.sessions.identify(token);
    if (!person) throw new Error('nobody is signed in');
    const by = { caller: person, address: null, requestId: null };
    await server.access.sessions.end(person.sessionId, byPlatform);
    const wanted = { name: 'late', scopes: ['chains:read' as const], expiresAt: null };
    await expect(server.access.keys.create(wanted, person, by)).rejects.toMatchObject({
      kind: 'unauthenticated',
    });
    expect(server.access.keys.list(person.userId)).toEqual([]);
  });
});

describe('refusals of every route, those of plugins too', () => {
  it('have the one error shape', async () => {
    const paths = ['/api/docs', '/api/docs/json', '/api/docs/yaml', '/metrics', '/api/users'];
    for (const path of paths) {
      const badKey = await fetch(`${server.base}${path}`, {
        headers: { authorization: 'Bearer swk_none' },
      });
      const { error } = errorBodySchema.parse(await badKey.json());
      expect([path, badKey.status, error.code]).toEqual([path, 401, 'key_unknown']);
    }
  });

  it('are counted, and end in 429; what everybody reads closes nobody out', async () => {
    const ask = async (): Promise<number[]> => {
      const tries = Array.from({ length: 210 }, () => fetch(`${server.base}/api/auth/me`));
      return (await Promise.all(tries)).map(({ status }) => status);
    };
    // Once more where a minute has ended in the middle.
    const statuses = await eventually(ask, (all) => all.includes(429));
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(200);
    expect(new Set(statuses.filter((status) => status !== 401))).toEqual(new Set([429]));
    expect((await fetch(`${server.base}/health/live`)).status).toBe(200);
    const signIn = await fetch(`${server.base}/api/auth/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'nobody', password: 'nothing' }),
    });
    expect(signIn.status).toBe(401);
  });
});

describe('a stop', () => {
  it('does not wait for a request that is held back', async () => {
    const platform = await startRealPlatform();
    const what = { method: 'POST', path: '/api/auth/sign-in', headers: {} };
    const held = await holdBack(platform.url(''), what, { username: 'a', password: 'b' });
    try {
      // Killed it would have no exit code; a part that is waited for in vain is named.
      expect(await platform.api.stop()).toBe(0);
      expect(platform.api.output()).not.toContain('did not stop cleanly');
    } finally {
      held.socket.destroy();
      await platform.stop();
    }
  });
});
