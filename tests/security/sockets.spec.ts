import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startApiServer, testPassword, type ApiServer } from '../support/api-server';

let server: ApiServer;
let admin: Record<string, string>;

beforeAll(async () => {
  server = await startApiServer({ allowedOrigins: ['https://charts.example.com'] });
  admin = await server.person('admin');
});

afterAll(() => server?.stop());

const paths = ['/ws', '/ws/greeks'];
/** A second is promised; a busy machine may take longer. */
const withinMs = 30_000;

/** How a handshake ends: the open socket, or the status of its refusal. */
function shakeHands(
  path: string,
  headers: Record<string, string>,
  protocols: string[] = [],
): Promise<WebSocket | number> {
  const url = `${server.base.replace('http', 'ws')}${path}`;
  const socket = new WebSocket(url, protocols, { headers });
  return new Promise((resolve) => {
    socket.once('open', () => resolve(socket));
    socket.on('error', () => undefined);
    socket.once('unexpected-response', (_request, answer) => resolve(answer.statusCode ?? 0));
  });
}

async function opened(
  path: string,
  headers: Record<string, string>,
  protocols: string[] = [],
): Promise<{ socket: WebSocket; closed: Promise<number> }> {
  const socket = await shakeHands(path, headers, protocols);
  if (typeof socket === 'number') throw new Error(`refused: ${socket}`);
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  return { socket, closed };
}

/** The code that it is closed with; `open` when it is not in time. */
function codeOf(closed: Promise<number>): Promise<number | string> {
  const late = new Promise<string>((resolve) => setTimeout(() => resolve('open'), withinMs));
  return Promise.race([closed, late]);
}

async function call(method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${server.base}${path}`, {
    method,
    headers: { ...admin, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? undefined : answer.json();
}

interface User {
  id: string;
  username: string;
}

/** A new person with a session of its own. */
async function somebody(): Promise<User & { cookie: string }> {
  const { cookie = '' } = await server.person('viewer');
  const answer = await fetch(`${server.base}/api/auth/me`, { headers: { cookie } });
  const { user } = (await answer.json()) as { user: User };
  return { ...user, cookie };
}

describe.each(paths)('a socket at %s', (path) => {
  it('is closed when its key is revoked', async () => {
    const wanted = { name: 'bot', scopes: ['chains:read'], expiresAt: null };
    const { key, secret } = (await call('POST', '/api/keys', wanted)) as {
      key: { id: string };
      secret: string;
    };
    const headers = { authorization: `Bearer ${secret}` };
    const sockets = [await opened(path, headers), await opened(path, headers)];
    await call('DELETE', `/api/keys/${key.id}`);
    for (const { closed } of sockets) expect(await codeOf(closed)).toBe(1008);
    expect(await shakeHands(path, headers)).toBe(401);
  });

  it('is closed when its session is ended by an admin', async () => {
    const { id, cookie } = await somebody();
    const { closed } = await opened(path, { cookie });
    const { sessions } = (await call('GET', '/api/sessions')) as {
      sessions: { id: string; userId: string }[];
    };
    const session = sessions.find(({ userId }) => userId === id);
    await call('DELETE', `/api/sessions/${session?.id}`);
    expect(await codeOf(closed)).toBe(1008);
    expect(await shakeHands(path, { cookie })).toBe(401);
  });

  it('is closed when somebody signs out', async () => {
    const { cookie } = await somebody();
    const { closed } = await opened(path, { cookie });
    await fetch(`${server.base}/api/auth/sign-out`, { method: 'POST', headers: { cookie } });
    expect(await codeOf(closed)).toBe(1008);
  });

  it('is closed when the person is switched off, with the sockets of its keys', async () => {
    const { id, cookie } = await somebody();
    const person = server.access.identify({ cookie });
    if (person.kind !== 'person') throw new Error('nobody');
    const by = { caller: { kind: 'platform' }, address: null, requestId: null } as const;
    const wanted = { name: 'bot', scopes: ['chains:read' as const], expiresAt: null };
    const { secret } = await server.access.keys.create(wanted, person, by);
    const sockets = [
      await opened(path, { cookie }), await opened(path, { authorization: `Bearer ${secret}` }),
    ];
    await call('PATCH', `/api/users/${id}`, { enabled: false });
    for (const { closed } of sockets) expect(await codeOf(closed)).toBe(1008);
  });

  it('is closed when the password is made up anew, and when it is changed elsewhere', async () => {
    const { id, cookie } = await somebody();
    const first = await opened(path, { cookie });
    await call('POST', `/api/users/${id}/reset-password`);
    expect(await codeOf(first.closed)).toBe(1008);

    const { cookie: another } = await somebody();
    const second = await opened(path, { cookie: another });
    const change = { currentPassword: testPassword, newPassword: 'quite another password' };
    await fetch(`${server.base}/api/auth/password`, {
      method: 'POST',
      headers: { cookie: another, 'content-type': 'application/json' },
      body: JSON.stringify(change),
    });
    expect(await codeOf(second.closed)).toBe(1008);
  });

  it.each(['https://evil.example', 'null', 'http://127.0.0.1:1', 'file://'])(
    'is refused to a page of %s, with a cookie and with a key', async (origin) => {
      const { cookie } = await somebody();
      const key = await server.key(['chains:read']);
      expect(await shakeHands(path, { cookie, origin })).toBe(403);
      expect(await shakeHands(path, { ...key, origin })).toBe(403);
    },
  );

  it('is for an allowed page with a key only', async () => {
    const origin = 'https://charts.example.com';
    const { cookie } = await somebody();
    const key = await server.key(['chains:read']);
    expect(await shakeHands(path, { cookie, origin })).toBe(403);
    const { socket } = await opened(path, { ...key, origin });
    socket.terminate();
  });

  it('takes a key as a protocol beside its own, and answers with its own', async () => {
    const secret = (await server.key(['chains:read']))['authorization']!.slice('Bearer '.length);
    const { socket } = await opened(path, {}, ['strikewire', `strikewire.key.${secret}`]);
    expect(socket.protocol).toBe('strikewire');
    socket.terminate();
    const wrong = [`strikewire.key.${secret}x`, 'strikewire.key.', 'strikewire.key.swk_x'];
    for (const protocol of wrong) {
      expect([protocol, await shakeHands(path, {}, ['strikewire', protocol])]).toEqual([
        protocol, 401,
      ]);
    }
  });

  it('is not for a key that may read no chains, nor for nobody', async () => {
    expect(await shakeHands(path, await server.key(['metrics:read', 'admin']))).toBe(403);
    expect(await shakeHands(path, {})).toBe(401);
    expect(await shakeHands(`${path}?key=swk_x&token=swk_x`, {})).toBe(401);
  });
});
