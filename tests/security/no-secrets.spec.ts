import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createTestDatabase, type TestDatabase } from '../../tools/services/database';
import { admin, eventually, startRealPlatform, type RealPlatform } from '../support/real-platform';
import { leaksOf, type Told } from './secret-search';

/** Everything that may be read nowhere; what the platform makes up is added as it comes. */
const secrets: Record<string, string> = {
  'the password of the admin': admin.password,
  'a wrong password': 'a wrong guess of mine 77',
  'a chosen password': 'chosen by its owner 88',
  'a password of the wrong kind': 'inside of an object 99',
  'the token of the settings': 'strikewire-test-access-token',
  'a wrong token': 'wrong-token-for-tests-only-0001',
  'a token too short': 'short-tok-42',
  'the secret of the webhook': 'webhook-secret-for-tests-1234',
  'the password of the mail': 'mail-password-for-tests-5678',
  'the master key': randomBytes(32).toString('base64'),
};
const told: Told[] = [];
let database: TestDatabase;
let platform: RealPlatform;

beforeAll(async () => {
  database = await createTestDatabase();
  const env = {
    DATABASE_URL: database.url,
    STRIKEWIRE_LOG_LEVEL: 'debug',
    STRIKEWIRE_MASTER_KEY: secrets['the master key'] ?? '',
  };
  platform = await startRealPlatform({ env });
});

afterAll(async () => {
  await platform?.stop();
  await database?.drop();
});

interface Call {
  body?: unknown;
  headers?: Record<string, string>;
  /** Fields of the answer that are shown this once, by the name of the secret. */
  shows?: Record<string, string>;
}

/** Sends as the admin, and writes down all that comes back but the session's own cookie. */
async function call(method: string, path: string, options: Call = {}): Promise<Response> {
  const { body, headers = platform.headers, shows = {} } = options;
  const answer = await fetch(platform.url(path), {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.clone().text();
  const shown: string[] = [];
  for (const [name, field] of Object.entries(shows)) {
    const secret = (JSON.parse(text) as Record<string, string>)[field] ?? '';
    expect([path, secret.length > 11]).toEqual([path, true]);
    secrets[name] = secret;
    shown.push(secret);
  }
  const cookie = /=([^;]*)/.exec(answer.headers.get('set-cookie') ?? '')?.[1] ?? '';
  if (cookie !== '') secrets[`a session of ${path} ${told.length}`] = cookie;
  const others = [...answer.headers].filter(([name]) => name !== 'set-cookie');
  const where = `${method} ${path}`;
  told.push({ where, text, shown }, { where: `${where}, headers`, text: JSON.stringify(others) });
  return answer;
}

const read = async (answer: Promise<Response>): Promise<{ id: string; [name: string]: unknown }> =>
  (await answer).json() as Promise<{ id: string }>;

/** Chains are live, so that the feed and every request to the broker have been at work. */
async function liveChains(): Promise<void> {
  await eventually(
    async () => (await call('GET', '/api/optionchain/live?underlying=NIFTY')).text(),
    (text) => text.includes('"stale":false'),
    90_000,
  );
}

async function people(): Promise<void> {
  const wrong = secrets['a wrong password'];
  secrets['the session of the admin'] = platform.headers['cookie']?.split('=')[1] ?? '';
  const signIn = (username: unknown, password: unknown) =>
    call('POST', '/api/auth/sign-in', { body: { username, password }, headers: {} });
  await signIn('admin', wrong);
  await signIn(admin.password, wrong);
  await signIn('admin', { password: secrets['a password of the wrong kind'] });
  await signIn('admin', `${secrets['a wrong password']}${'x'.repeat(200)}`);
  await call('POST', '/api/auth/sign-in', {
    body: `{"username":"admin","password":"${admin.password}"`, headers: {},
  });
  await call('POST', '/api/auth/step-up', { body: { password: wrong } });
  await call('POST', '/api/auth/step-up', { body: { password: admin.password } });
  const user = { username: 'mira', name: 'Mira', role: 'trader' };
  const shows = { 'a made-up password': 'password' };
  const { user: made } = await read(call('POST', '/api/users', { body: user, shows }));
  await call('POST', '/api/users', { body: { ...user, password: wrong } });
  const id = (made as { id: string }).id;
  await call('POST', `/api/users/${id}/reset-password`, {
    shows: { 'a password made up anew': 'password' },
  });
  const madeUp = secrets['a password made up anew'];
  const answer = await signIn('mira', madeUp);
  const headers = { cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' };
  const chosen = secrets['a chosen password'];
  await call('POST', '/api/auth/password', {
    headers, body: { currentPassword: wrong, newPassword: chosen },
  });
  const changed = await call('POST', '/api/auth/password', {
    headers, body: { currentPassword: madeUp, newPassword: chosen },
  });
  expect(changed.status).toBe(200);
}

async function keys(): Promise<void> {
  const wanted = { name: 'bot', scopes: ['chains:read', 'metrics:read'], expiresAt: null };
  const made = await read(
    call('POST', '/api/keys', { body: wanted, shows: { 'the secret of a key': 'secret' } }),
  );
  const secret = secrets['the secret of a key'];
  const headers = { authorization: `Bearer ${secret}` };
  await call('GET', '/api/optionchain/status', { headers });
  await call('GET', '/metrics', { headers });
  await call('GET', '/api/users', { headers });
  await call('GET', '/api/users', { headers: { authorization: `Basic ${secret}` } });
  const socket = new WebSocket(platform.socketUrl(), ['strikewire', `strikewire.key.${secret}`]);
  const closed = new Promise<string>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', (code, reason) => resolve(`${code} ${reason.toString()}`));
  });
  socket.on('message', (data: Buffer) =>
    told.push({ where: '/ws', text: data.toString('latin1') }),
  );
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send(JSON.stringify({ type: 'subscribe', id: 1, channel: secret }));
  await call('DELETE', `/api/keys/${(made['key'] as { id: string }).id}`);
  told.push({ where: 'the end of a socket', text: await closed });
  await call('GET', '/api/optionchain/status', { headers });
}

async function accounts(): Promise<void> {
  const seeds = (await platform.sim('accounts')) as { clientId: string; token: string }[];
  seeds.forEach(({ token }, index) => (secrets[`token ${index} of the simulator`] = token));
  const path = '/api/accounts';
  const body = (label: string, clientId: string | undefined, accessToken: string | undefined) => ({
    broker: 'dhan', label, credentials: { clientId, accessToken },
  });
  const wrong = secrets['a wrong token'];
  const second = await read(
    call('POST', path, { body: body('Second', seeds[1]?.clientId, seeds[1]?.token) }),
  );
  const third = await read(call('POST', path, { body: body('Third', seeds[2]?.clientId, wrong) }));
  await call('POST', path, { body: body('Bad', '1234567890', secrets['a token too short']) });
  await call('POST', path, { body: body('Worse', wrong, seeds[1]?.token) });
  await call('POST', `${path}/check`, {
    body: { broker: 'dhan', credentials: { clientId: seeds[2]?.clientId, accessToken: wrong } },
  });
  await call('POST', `${path}/${second.id}/test`);
  await call('POST', `${path}/${third.id}/test`);
  await call('POST', `${path}/${third.id}/primary`);
  await eventually(
    async () => (await (await call('GET', path)).text()),
    (text) => text.includes('"parked"'),
  );
  await call('PATCH', `${path}/${third.id}`, {
    body: { credentials: { accessToken: seeds[2]?.token } },
  });
  await call('POST', `${path}/${second.id}/primary`);
  for (const fault of [
    { kind: 'restError', path: '*', answer: 'html', count: 5 },
    { kind: 'handshakeStatus', status: 502, count: 2 },
    { kind: 'dropSocket', socket: 'all' },
    { kind: 'expireToken', clientId: seeds[1]?.clientId },
  ]) {
    await platform.sim('faults', fault);
    await call('POST', `${path}/${second.id}/test`);
  }
  const renewed = (await platform.sim('accounts/renew', {
    clientId: seeds[1]?.clientId,
  })) as { token: string };
  secrets['a renewed token'] = renewed.token;
  await call('PATCH', `${path}/${second.id}`, {
    body: { credentials: { accessToken: renewed.token } },
  });
  await platform.sim('faults', undefined, 'DELETE');
}

async function channels(): Promise<void> {
  const path = '/api/notification-channels';
  // Nobody listens there.
  const webhook = {
    kind: 'webhook', url: 'http://127.0.0.1:9/hook', secret: secrets['the secret of the webhook'],
  };
  const mail = {
    kind: 'email', host: '127.0.0.1', port: 9, security: 'none', user: 'desk',
    password: secrets['the password of the mail'], from: 'a@example.com', to: ['b@example.com'],
  };
  for (const [name, settings] of Object.entries({ webhook, mail })) {
    const body = { name, settings, minSeverity: 'info', enabled: true };
    const answer = await call('POST', path, { body });
    expect([name, answer.status]).toEqual([name, 201]);
    const { id } = (await answer.json()) as { id: string };
    await call('POST', `${path}/${id}/test`);
    await call('PATCH', `${path}/${id}`, { body: { name: `${name} too` } });
    await call('PATCH', `${path}/${id}`, { body: { settings: { ...settings, port: 'x' } } });
  }
  await call('POST', path, { body: { name: 'x', settings: { ...webhook, url: 'nowhere' } } });
}

async function everythingReadable(): Promise<void> {
  for (const path of [
    '/health', '/health/live', '/health/ready', '/metrics', '/api/docs', '/api/docs/json',
    '/api/users', '/api/sessions', '/api/auth/sessions', '/api/auth/me', '/api/keys?all=true',
    '/api/accounts', '/api/brokers', '/api/notification-channels', '/api/notifications',
    '/api/activity?limit=500', '/api/activity/export', '/api/activity/export?format=ndjson',
    '/api/optionchain/status', '/api/optionchain/live?underlying=NIFTY', '/',
  ]) {
    // Ready it is again once the last of the faults is over.
    const status = async (): Promise<number> => (await call('GET', path)).status;
    expect([path, await eventually(status, (code) => code === 200)]).toEqual([path, 200]);
  }
}

async function dump(): Promise<void> {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const sql = "select tablename as name from pg_tables where schemaname = 'public'";
  const { rows } = await client.query<{ name: string }>(sql);
  expect(rows.length).toBeGreaterThan(8);
  for (const { name } of rows) {
    const { rows: all } = await client.query<{ text: string }>(
      `select t::text as text from "${name}" t`,
    );
    told.push({ where: `table ${name}`, text: all.map(({ text }) => text).join('\n') });
  }
  await client.end();
  told.push(...await eventually(filesNow, (found) => found !== null) ?? []);
}

/** What is in the files of the platform; null when one was replaced in this very moment. */
function filesNow(): Told[] | null {
  try {
    const names = readdirSync(platform.stateDir, { recursive: true }) as string[];
    return names.map((name) => ({ where: name, path: join(platform.stateDir, name) }))
      .filter(({ path }) => statSync(path).isFile())
      .map(({ where, path }) => ({ where, text: readFileSync(path, 'latin1') }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return null;
  }
}

describe('a whole run, with the most that is ever logged', () => {
  const long = { timeout: 400_000 };

  it('shows no secret but where it is meant to be shown once', long, async () => {
    await liveChains();
    await people();
    await keys();
    await accounts();
    await channels();
    await liveChains();
    await everythingReadable();
    await dump();
    const output = platform.api.output();
    expect(output).toContain('"level":"debug"');
    told.push({ where: 'the output of the API', text: output });
    expect(Object.keys(secrets).length).toBeGreaterThan(18);
    expect(Object.entries(secrets).filter(([, secret]) => secret.length < 8)).toEqual([]);
    expect(leaksOf(secrets, told)).toEqual([]);
  });

  it('would be found: the search knows a secret in other clothes', () => {
    const secret = 'a secret/of+mine';
    const clothes = [
      secret, Buffer.from(secret).toString('hex'), encodeURIComponent(secret),
      ...['', 'x', 'xy', 'user:'].flatMap((before) =>
        (['base64', 'base64url'] as const).map((way) =>
          Buffer.from(`${before}${secret}, and more`).toString(way),
        ),
      ),
    ];
    for (const text of clothes) {
      expect([text, leaksOf({ secret }, [{ where: 'x', text: `…${text}…` }]).length]).toEqual([
        text, 1,
      ]);
    }
    expect(leaksOf({ secret }, [{ where: 'x', text: secret, shown: [secret] }])).toEqual([]);
  });
});
