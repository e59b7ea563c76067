import { errorBodySchema } from '@strikewire/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApiServer, testPassword, type ApiServer } from '../support/api-server';
import { sendRaw } from '../support/raw-http';

let server: ApiServer;

beforeAll(async () => {
  server = await startApiServer({
    trustedProxies: ['127.0.0.1'], allowedOrigins: ['https://charts.example.com'],
  });
});

afterAll(() => server?.stop());

type Headers = Record<string, string>;

function post(path: string, body: unknown, headers: Headers = {}): Promise<Response> {
  return fetch(`${server.base}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

const signIn = (username: string, password = testPassword, headers: Headers = {}) =>
  post('/api/auth/sign-in', { username, password }, headers);
const cookieOf = (answer: Response): string =>
  (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
const me = (cookie: string): Promise<Response> =>
  fetch(`${server.base}/api/auth/me`, { headers: { cookie } });
const codeOf = async (answer: Response): Promise<string> =>
  errorBodySchema.parse(await answer.json()).error.code;

async function addUser(username: string, role: 'viewer' | 'admin' = 'viewer'): Promise<string> {
  const by = { caller: { kind: 'platform' }, address: null, requestId: null } as const;
  const user = { username, name: username, role };
  return (await server.access.directory.add(user, by, testPassword)).user.id;
}

describe('session fixation', () => {
  it('finds no use for a cookie that was given before signing in', async () => {
    const planted = 'strikewire=planted-by-somebody-else-planted-by-somebody';
    const answer = await signIn('admin', testPassword, { cookie: planted });
    expect(answer.status).toBe(200);
    const cookie = cookieOf(answer);
    expect(cookie).not.toBe(planted);
    expect([(await me(planted)).status, (await me(cookie)).status]).toEqual([401, 200]);
  });

  it('ends the session that the browser had, whoever\'s it was', async () => {
    await addUser('fixer');
    const attackers = cookieOf(await signIn('fixer'));
    const answer = await signIn('admin', testPassword, { cookie: attackers });
    const cookie = cookieOf(answer);
    expect((await me(attackers)).status).toBe(401);
    expect(await (await me(cookie)).json()).toMatchObject({ user: { username: 'admin' } });
  });

  it('leaves the session as it is when the password was wrong', async () => {
    const cookie = cookieOf(await signIn('admin'));
    const answer = await signIn('admin', 'wrong', { cookie });
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([401, null]);
    expect((await me(cookie)).status).toBe(200);
  });

  it('gives another session with another password, and ends those of before', async () => {
    await addUser('renewer');
    const [mine, other] = [cookieOf(await signIn('renewer')), cookieOf(await signIn('renewer'))];
    const change = { currentPassword: testPassword, newPassword: 'quite another password' };
    const renewed = cookieOf(await post('/api/auth/password', change, { cookie: mine }));
    const states = await Promise.all([mine, other, renewed].map(me));
    expect(states.map(({ status }) => status)).toEqual([401, 401, 200]);
  });

  it('keeps the cookie from scripts, from other pages and from other hosts', async () => {
    const attributes = (await signIn('admin')).headers.get('set-cookie') ?? '';
    expect(attributes).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(attributes).not.toContain('Domain');
    const secure = await startApiServer({ publicUrl: 'https://strikewire.example.com' });
    const answer = await fetch(`${secure.base}/api/auth/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password: testPassword }),
    });
    await secure.stop();
    expect(answer.headers.get('set-cookie')).toMatch(/^__Host-strikewire=.*; Path=\/;.*; Secure/);
  });

  it('takes the cookie away when signing out, and the session with it', async () => {
    const cookie = cookieOf(await signIn('admin'));
    const answer = await fetch(`${server.base}/api/auth/sign-out`, {
      method: 'POST', headers: { cookie },
    });
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([
      204, expect.stringContaining('strikewire=; Max-Age=0'),
    ]);
    expect((await me(cookie)).status).toBe(401);
  });
});

describe('requests that a foreign page makes a browser send', () => {
  const newUser = { username: 'forged', name: 'Forged', role: 'admin' };
  const forged = (headers: Headers, body: unknown = newUser) => post('/api/users', body, headers);

  it.each<[what: string, headers: Headers]>([
    ['a foreign Origin', { origin: 'https://evil.example' }],
    ['no origin at all that is one', { origin: 'null' }],
    ['our name at another port', { origin: 'http://127.0.0.1:1' }],
    ['our name as part of theirs', { origin: 'http://127.0.0.1.evil.example' }],
    ['an allowed origin, which is for keys', { origin: 'https://charts.example.com' }],
    ['another site by Sec-Fetch-Site', { 'sec-fetch-site': 'cross-site' }],
    ['a neighbour by Sec-Fetch-Site', { 'sec-fetch-site': 'same-site' }],
  ])('are refused: %s', async (_what, headers) => {
    const answer = await forged({ ...(await server.person('admin')), ...headers });
    expect([answer.status, await codeOf(answer)]).toEqual([403, 'origin_foreign']);
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    expect(server.access.directory.byUsername('forged')).toBeUndefined();
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x',
    'text/plain; charset=application/json', 'application/csp-report', ''])(
    'are refused as a form: %s', async (type) => {
      const answer = await forged({ ...(await server.person('admin')), 'content-type': type });
      expect([type, answer.status]).toEqual([type, 415]);
      expect(server.access.directory.byUsername('forged')).toBeUndefined();
    },
  );

  it('are refused to sign somebody in, which would be into a session of theirs', async () => {
    const answer = await signIn('admin', testPassword, { origin: 'https://evil.example' });
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([403, null]);
  });

  it('are answered to our own page', async () => {
    const answer = await forged({ ...(await server.person('admin')), origin: server.base });
    expect(answer.status).toBe(201);
  });

  it('are refused under a name that is not ours', async () => {
    const { cookie } = await server.person('admin');
    const raw = await sendRaw(server.base, [
      'POST /api/sessions HTTP/1.1', 'Host: evil.example', `Cookie: ${cookie}`,
      'Connection: close', '', '',
    ].join('\r\n'));
    expect(raw.status).toBe(403);
    expect(raw.body).toContain('host_foreign');
  });

  it('do nothing by GET', async () => {
    const changing = ['/api/auth/sign-out', '/api/auth/password', '/api/activity/verify'];
    const headers = await server.person('admin');
    for (const path of changing) {
      const { status } = await fetch(`${server.base}${path}`, { headers });
      expect([path, status]).toEqual([path, 404]);
    }
    expect((await me(headers['cookie'] ?? '')).status).toBe(200);
  });
});

describe('a password', () => {
  it.each([
    'पासवर्ड बहुत लंबा है 😀', `'; drop table person; --`, 'nul\0nul\0 and more',
    ' spaces around it ', 'line\r\nset-cookie: x=1', '$argon2id$v=19$m=8,t=1',
    'e\u0301e\u0301e\u0301 accents', `${'x'.repeat(122)}abcdef`,
  ])('is taken and asked for to the letter: %j', async (password) => {
    const username = `letter${Buffer.from(password).toString('hex').slice(0, 12)}`;
    await addUser(username);
    // An address of its own: those of one address are counted together.
    const from = { 'x-forwarded-for': `10.5.0.${password.length}` };
    const cookie = cookieOf(await signIn(username, testPassword, from));
    const change = { currentPassword: testPassword, newPassword: password };
    expect((await post('/api/auth/password', change, { cookie, ...from })).status).toBe(200);
    expect((await signIn(username, password, from)).status).toBe(200);
    for (const near of [password.trim().slice(0, -1), `${password} `, password.toUpperCase()]) {
      const { status } = await signIn(username, near, from);
      expect([near, status >= 400]).toEqual([near, near !== password]);
    }
  });
});

describe('guessing passwords', () => {
  const from = (address: string): Headers => ({ 'x-forwarded-for': address });

  it('ends after ten tries, also at the same moment, and only where it came from', async () => {
    await addUser('target');
    const tries = Array.from({ length: 40 }, (_, index) =>
      signIn('target', `guess ${index}`, from('10.1.1.1')),
    );
    const answers = await Promise.all(tries);
    const count = (status: number): number =>
      answers.filter((answer) => answer.status === status).length;
    expect([count(401), count(429)]).toEqual([10, 30]);
    const refused = answers.find(({ status }) => status === 429);
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(60);
    expect((await signIn('target', testPassword, from('10.1.1.1'))).status).toBe(429);
    expect((await signIn('target', testPassword, from('10.1.1.2'))).status).toBe(200);
    expect((await signIn('admin', testPassword, from('10.1.1.1'))).status).toBe(200);
  });

  it('with many names from one place ends after fifty', async () => {
    const statuses = new Map<number, number>();
    for (let index = 0; index < 60; index++) {
      const { status } = await signIn(`nobody${index}`, 'guess', from('10.2.2.2'));
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    expect(Object.fromEntries(statuses)).toEqual({ 401: 50, 429: 10 });
  });

  it('of who is signed in is bounded too', async () => {
    await addUser('careless');
    const cookie = cookieOf(await signIn('careless', testPassword, from('10.3.3.3')));
    const headers = { cookie, ...from('10.3.3.3') };
    const tries = Array.from({ length: 20 }, () =>
      post('/api/auth/step-up', { password: 'guess' }, headers),
    );
    const statuses = (await Promise.all(tries)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 400).length).toBeLessThanOrEqual(10);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(10);
  });

  it('learns nothing of which names exist', async () => {
    const answers = [
      await signIn('admin', 'guess', from('10.4.4.4')),
      await signIn('no-such-name', 'guess', from('10.4.4.4')),
    ];
    const bodies = await Promise.all(answers.map((answer) => answer.json()));
    const told = bodies.map((body) => {
      const { code, message } = errorBodySchema.parse(body).error;
      return { code, message };
    });
    expect(told[0]).toEqual(told[1]);
  });
});
