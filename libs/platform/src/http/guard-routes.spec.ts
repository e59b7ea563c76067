import { roles, type KeyScope, type Role } from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';
import { fastify, type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { nobody, type Caller } from './caller';
import { guardRoutes, type GuardOptions } from './guard-routes';
import { acceptJsonBodies } from './json-body';
import { createOriginPolicy } from './origin-policy';
import { limitRates } from './rate-limit';
import { accessRules, routeOf, type AccessRule } from './route-contract';

const servers: FastifyInstance[] = [];

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

function createServer(caller: Caller, more: Partial<GuardOptions> = {}): FastifyInstance {
  const server = fastify();
  servers.push(server);
  const origins = createOriginPolicy({ allowedOrigins: ['https://charts.example'] });
  guardRoutes(server, { clock: { wallMs: () => 1_000 }, origins, identify: () => caller, ...more });
  acceptJsonBodies(server);
  return server;
}

const ended = new AbortController().signal;
const person = (role: Role, more: object = {}): Caller => ({
  kind: 'person',
  userId: 'u',
  username: 'u',
  role,
  sessionId: 's',
  steppedUpUntilMs: 0,
  mustChangePassword: false,
  ended,
  ...more,
});
const key = (scopes: KeyScope[], role: Role = 'admin'): Caller => ({
  kind: 'key',
  keyId: 'k',
  name: 'k',
  scopes,
  userId: 'u',
  username: 'u',
  role,
  ended,
});

/** The code of the refusal, or `in`. */
async function outcome(caller: Caller, rule: AccessRule): Promise<string> {
  const server = createServer(caller);
  server.get('/x', { config: routeOf(rule, 'x') as never }, () => ({ code: 'in' }));
  return (await server.inject('/x')).json().code;
}

describe('guardRoutes', () => {
  it.each([
    undefined,
    {},
    { access: 'everybody', scope: null, summary: 'x' },
    { access: '', scope: null, summary: 'x' },
    { access: null, scope: null, summary: 'x' },
    { access: 'viewer', summary: 'x' },
    { access: 'viewer', scope: null },
  ])('lets no route be added with %o', (given) => {
    const server = createServer(nobody);
    expect(() => server.get('/x', { config: given as never }, () => 'x')).toThrow(
      'route GET /x declares no access',
    );
  });

  it('lists what it guards', async () => {
    const server = fastify();
    servers.push(server);
    const origins = createOriginPolicy({ allowedOrigins: [] });
    const routes = guardRoutes(server, {
      clock: { wallMs: () => 0 },
      origins,
      identify: () => nobody,
      contractOf: (url) => (url === '/files' ? routeOf(accessRules.everybody, 'Files') : undefined),
    });
    server.get('/files', () => 'in');
    const config = routeOf(accessRules.admins, 'x') as never;
    server.route({ method: ['PUT', 'POST'], url: '/x', config, handler: () => 'in' });
    await server.ready();
    expect(routes.map(({ methods, url, contract }) => [methods, url, contract.access])).toEqual([
      [['GET'], '/files', 'public'],
      [['HEAD'], '/files', 'public'],
      [['PUT', 'POST'], '/x', 'admin'],
    ]);
  });

  it.each(roles)('lets a %s do what is for it and what is for those below it', async (role) => {
    for (const [level, needed] of roles.entries()) {
      const found = await outcome(person(role), { access: needed, scope: null });
      expect(found).toBe(roles.indexOf(role) >= level ? 'in' : 'access_denied');
    }
  });

  it.each<[string, Caller, AccessRule, string]>([
    ['nobody', nobody, accessRules.everybody, 'in'],
    ['nobody, where somebody is needed', nobody, accessRules.oneself, 'sign_in_needed'],
    ['a key with the scope', key(['chains:read']), accessRules.chainReaders, 'in'],
    ['a key with another scope', key(['admin', 'trade']), accessRules.chainReaders,
      'scope_missing'],
    ['a key where people are meant', key(['admin']), accessRules.adminPeople, 'people_only'],
    ['a key above its owner\'s role', key(['admin'], 'viewer'), accessRules.admins,
      'access_denied'],
    ['a person not confirmed', person('admin'), accessRules.adminsConfirmed, 'step_up_needed'],
    ['one whose confirmation is over', person('admin', { steppedUpUntilMs: 1_000 }),
      accessRules.adminsConfirmed, 'step_up_needed'],
    ['one who is confirmed', person('admin', { steppedUpUntilMs: 1_001 }),
      accessRules.adminsConfirmed, 'in'],
    ['a made-up password', person('admin', { mustChangePassword: true }),
      accessRules.chainReaders, 'password_change_needed'],
    ['a made-up password, about himself', person('admin', { mustChangePassword: true }),
      accessRules.oneself, 'in'],
    ['one whose session is over', person('admin', { ended: AbortSignal.abort() }),
      accessRules.oneself, 'sign_in_needed'],
  ])('%s: %s', async (_who, caller, rule, expected) => {
    expect(await outcome(caller, rule)).toBe(expected);
  });

  it('hands on what the schemas make of a request, and answers 400 with the field', async () => {
    const server = createServer(nobody);
    const config = routeOf(accessRules.everybody, 'x', {
      params: z.strictObject({ id: z.coerce.number() }),
      query: z.strictObject({ page: z.coerce.number().default(1) }),
      body: z.strictObject({ name: z.string().trim().min(2) }),
    }) as never;
    server.post('/x/:id', { config }, ({ params, query, body }) => ({ params, query, body }));
    const post = async (url: string, payload?: object) =>
      (await server.inject({ method: 'POST', url, ...(payload && { payload }) })).json();
    expect(await post('/x/7', { name: ' ab ' })).toEqual({
      params: { id: 7 }, query: { page: 1 }, body: { name: 'ab' },
    });
    for (const [url, payload, field] of [
      ['/x/y', { name: 'ab' }, 'id'],
      ['/x/7?page=x', { name: 'ab' }, 'page'],
      ['/x/7?more=1', { name: 'ab' }, 'more'],
      ['/x/7', { name: 'a' }, 'name'],
      ['/x/7', undefined, 'name'],
      ['/x/7', { name: 'ab', role: 'admin' }, 'role'],
    ] as const) {
      expect(JSON.stringify(await post(url, payload))).toContain(field);
    }
  });

  it.each([
    ['no origin', {}, false],
    ['its own page', { origin: 'http://localhost:3000' }, false],
    ['a foreign page', { origin: 'https://evil.example' }, true],
    ['a page without an origin', { origin: 'null' }, true],
    ['a page of a neighbouring port', { origin: 'http://localhost:3001' }, true],
    ['an allowed page, but with a cookie', { origin: 'https://charts.example' }, true],
    ['another site, by its own word', { 'sec-fetch-site': 'cross-site' }, true],
    ['another host of the site', { 'sec-fetch-site': 'same-site' }, true],
    ['the address bar', { 'sec-fetch-site': 'none' }, false],
  ])('a change that comes from %s', async (_what, headers, isRefused) => {
    const server = createServer(person('admin'));
    const config = routeOf(accessRules.oneself, 'x') as never;
    server.post('/x', { config }, () => 'in');
    server.get('/x', { config }, () => 'in');
    const sent = { url: '/x', headers: { host: 'localhost:3000', ...headers } };
    const { body } = await server.inject({ method: 'POST', ...sent });
    expect(body.includes('origin_foreign')).toBe(isRefused);
    expect(body === 'in').toBe(!isRefused);
    expect((await server.inject({ method: 'GET', ...sent })).body).toBe('in');
  });

  it('lets an allowed page of elsewhere make changes with a key', async () => {
    const server = createServer(key(['admin']));
    server.post('/x', { config: routeOf(accessRules.admins, 'x') as never }, () => 'in');
    const from = async (origin: string) =>
      (await server.inject({ method: 'POST', url: '/x', headers: { origin } })).body;
    expect(await from('https://charts.example')).toBe('in');
    expect(await from('https://evil.example')).toContain('origin_foreign');
  });
});

describe('limitRates', () => {
  it('counts those too that are refused, by their address', async () => {
    const refuse = (): never => {
      throw new StrikewireError({ kind: 'unauthenticated', code: 'key_unknown', message: 'no' });
    };
    const server = createServer(nobody, { identify: refuse });
    await limitRates(server, { requestsPerMinute: 3 });
    server.get('/x', { config: routeOf(accessRules.chainReaders, 'x') as never }, () => 'in');
    const codes: string[] = [];
    for (let tries = 0; tries < 5; tries++) codes.push((await server.inject('/x')).json().code);
    expect(codes).toEqual([
      'key_unknown', 'key_unknown', 'key_unknown', 'too_many_requests', 'too_many_requests',
    ]);
  });
});

describe('acceptJsonBodies', () => {
  const post = async (payload: string, type = 'application/json') => {
    const server = createServer(nobody);
    const config = routeOf(accessRules.everybody, 'x') as never;
    server.post('/x', { config }, ({ body }) => ({ body: body ?? 'nothing' }));
    const headers = { 'content-type': type };
    const answer = await server.inject({ method: 'POST', url: '/x', headers, payload });
    return { status: answer.statusCode, ...answer.json() };
  };

  it.each([
    ['{"a":[1,{"b":null}]}', { a: [1, { b: null }] }],
    ['', 'nothing'],
    ['  ', 'nothing'],
    ['"text"', 'text'],
  ])('takes %s', async (payload, body) => {
    expect(await post(payload)).toMatchObject({ status: 200, body });
  });

  const fields = Object.fromEntries(Array.from({ length: 1_001 }, (_, index) => [index, 0]));
  it.each([
    ['what is cut off', 'body_malformed', '{"a":'],
    ['another prototype', 'body_malformed', '{"__proto__":{"role":"admin"}}'],
    ['one further in', 'body_malformed', '{"a":[{"__proto__":1}]}'],
    ['lists in lists', 'body_too_deep', '['.repeat(17) + ']'.repeat(17)],
    ['objects in objects', 'body_too_deep', `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`],
    ['a long list', 'body_too_long', JSON.stringify(Array(10_001).fill(0))],
    ['a wide object', 'body_too_long', JSON.stringify(fields)],
  ])('refuses %s with %s', async (_what, code, payload) => {
    expect((await post(payload)).code).toBe(code);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'refuses %s, as a foreign form would send it',
    async (type) => {
      expect((await post('{"a":1}', type)).status).toBe(415);
    },
  );
});

describe('createOriginPolicy', () => {
  const local = createOriginPolicy({ allowedOrigins: [] });
  const open = createOriginPolicy({ allowedOrigins: [], publicUrl: 'https://desk.example' });

  it.each([
    ['localhost:3000', true],
    ['LOCALHOST', true],
    ['127.0.0.1:3000', true],
    ['[::1]:3000', true],
    ['desk.example', false],
    ['127.0.0.1.evil.example', false],
    ['localhost@evil.example', false],
    ['', false],
    [undefined, false],
  ])('host %s is our own: %s', (host, expected) => {
    expect(local.isOwnHost(host)).toBe(expected);
  });

  it('knows the host and the origin of the public address', () => {
    expect(open.isOwnHost('desk.example')).toBe(true);
    expect(open.isOwnHost('desk.example:8080')).toBe(false);
    expect(open.isOwnOrigin('https://desk.example', '10.0.0.1:3000')).toBe(true);
    expect(open.isOwnOrigin('http://desk.example', '10.0.0.1:3000')).toBe(false);
  });

  it.each([
    ['http://localhost:3000', 'localhost:3000', true],
    ['http://localhost', 'localhost:3000', false],
    ['https://localhost:3000.evil.example', 'localhost:3000', false],
    ['http://localhost:3000', undefined, false],
    ['', 'localhost:3000', false],
    ['file://', 'localhost:3000', false],
    ['not an origin', 'localhost:3000', false],
  ])('origin %s at host %s is our own: %s', (origin, host, expected) => {
    expect(local.isOwnOrigin(origin, host)).toBe(expected);
  });
});
