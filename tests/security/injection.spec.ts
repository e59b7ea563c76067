import { errorBodySchema } from '@strikewire/contracts';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApiServer, testPassword, type ApiServer } from '../support/api-server';
import { nastyTexts } from './nasty-texts';
import { atField, samplesOf, withField, type FieldPath } from './schema-fields';

let server: ApiServer;
let database: Client;
let tables: string[];
let admin: Record<string, string>;
let count = 0;
/** Of things that there are, by the first part of a route's address. */
const ids: Record<string, string> = {};
/** Routes and fields in which a nasty text was taken. */
const taken = new Set<string>();

const json = { 'content-type': 'application/json' };

beforeAll(async () => {
  server = await startApiServer({ trustedProxies: ['127.0.0.1'] });
  database = new Client({ connectionString: server.databaseUrl });
  await database.connect();
  tables = await tablesNow();
  admin = await server.person('admin');
});

afterAll(async () => {
  await database?.end();
  await server?.stop();
});

async function tablesNow(): Promise<string[]> {
  const sql = "select table_name from information_schema.tables where table_schema = 'public'";
  const { rows } = await database.query<{ table_name: string }>(sql);
  return rows.map(({ table_name: name }) => name).sort();
}

/** What fields hold beside the one under test; names are new ones each time. */
function usual(name: string, { format }: { format?: string }): unknown {
  const texts: Record<string, unknown> = {
    username: `someone${++count}`,
    name: `Some name ${count}`,
    label: `Some label ${count}`,
    password: 'not the password',
    currentPassword: 'not the password',
    newPassword: testPassword,
    broker: 'dhan',
    credentials: { clientId: '1000000001', accessToken: 'a-token-for-tests-only' },
    secret: 'a secret for tests only',
    url: 'https://hooks.example.com/x',
    host: 'mail.example.com',
    expiry: '2026-11-24',
    expiresAt: '2099-01-01T00:00:00Z',
    enabled: true,
    role: 'viewer',
    before: 1_000_000,
    underlying: 'NIFTY',
    traders: [ids['users']],
  };
  if (name in texts) return texts[name];
  if (format === 'uuid') return ids['users'];
  if (format === 'date-time') return '2026-11-24T09:15:00+05:30';
  return format === 'email' ? 'someone@example.com' : undefined;
}

interface Call {
  method: string;
  url: string;
  params?: unknown;
  query?: unknown;
  body?: unknown;
  headers: Record<string, string>;
}

/** From an address of its own each time, so that no limit of an address is what refuses it. */
async function send({ method, url, params, query, body, headers }: Call): Promise<{
  status: number;
  text: string;
  headers: Headers;
}> {
  const id = String((params as { id?: string } | undefined)?.id ?? ids[url.split('/')[2] ?? '']);
  const path = url.replace(/:\w+/, encodeURIComponent(id));
  const search = new URLSearchParams(query as Record<string, string>).toString();
  const address = `10.${(++count >> 16) & 255}.${(count >> 8) & 255}.${count & 255}`;
  const answer = await fetch(`${server.base}${path}${search && `?${search}`}`, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : json), 'x-forwarded-for': address },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const { status, headers: sent } = answer;
  // A stream of events has no end: that it begins is the answer.
  if (!sent.get('content-type')?.startsWith('text/event-stream')) {
    return { status, text: await answer.text(), headers: sent };
  }
  await answer.body?.cancel();
  return { status, text: '', headers: sent };
}

async function made(url: string, body: unknown): Promise<string> {
  const { status, text } = await send({ method: 'POST', url, body, headers: admin });
  const answer = JSON.parse(text) as { id?: string; user?: { id: string } };
  if (status >= 300) throw new Error(text);
  return (answer.user?.id ?? answer.id) as string;
}

/** What is wrong with an answer to a nasty text; undefined when nothing. */
function wrongWith(
  { status, text, headers }: Awaited<ReturnType<typeof send>>,
  path: FieldPath,
  { text: sent, isWhole }: { text: string; isWhole: boolean },
): string | undefined {
  if (status >= 500) return `${status} ${text}`;
  if (headers.has('x-injected') || headers.get('set-cookie')?.includes('injected')) {
    return 'a header was injected';
  }
  if (status < 400) {
    // What an answer shows of the field is what was sent; a secret shows as nothing or a mark.
    const shown = text.startsWith('{') ? atField(JSON.parse(text), path) : undefined;
    const isShown = shown === undefined || shown === '***' || shown === sent.trim();
    return isShown ? undefined : `came back as ${JSON.stringify(shown)}`;
  }
  const { success, data } = errorBodySchema.safeParse(JSON.parse(text));
  if (!success) return `not the one error body: ${text}`;
  const fields = data.error.details?.['fields'] as { field: string }[] | undefined;
  const isNamed = fields?.some(({ field }) => path.join('.').startsWith(field.split('.')[0] ?? ''));
  const isInvalid = data.error.code === 'invalid_request';
  return isWhole && isInvalid && !isNamed ? `the field is not named: ${text}` : undefined;
}

describe('every field of every route', () => {
  // Some thousand requests: a busy machine takes its time.
  it('takes a nasty text as it is, or refuses it by name', { timeout: 900_000 }, async () => {
    const secret = 'a secret for tests only';
    ids['users'] = await made('/api/users', { username: 'victim', name: 'V', role: 'viewer' });
    const credentials = { clientId: '1000000009', accessToken: 'a-token-for-tests-only' };
    ids['accounts'] = await made('/api/accounts', { broker: 'dhan', label: 'First', credentials });
    const settings = { kind: 'webhook', url: 'https://hooks.example.com/x', secret };
    const channel = { name: 'First', settings, minSeverity: 'info', enabled: true };
    ids['notification-channels'] = await made('/api/notification-channels', channel);
    const routes = server.routes.filter(({ methods }) => !methods.includes('HEAD'));
    const wrong: string[] = [];
    for (const { methods: [method = ''], url, contract } of routes) {
      for (const part of ['params', 'query', 'body'] as const) {
        const schema = contract[part];
        if (!schema) continue;
        for (const [index] of samplesOf(schema, usual).entries()) {
          wrong.push(...(await walked(method, url, { part, schema, index })));
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(await tablesNow()).toEqual(tables);
    expect([...taken]).toEqual(
      expect.arrayContaining([
        'POST /api/users name', 'PATCH /api/users/:id name', 'POST /api/keys name',
        'POST /api/accounts label', 'PATCH /api/accounts/:id label', 'GET /api/activity subject',
        'POST /api/notification-channels name', 'PATCH /api/notification-channels/:id name',
      ]),
    );
  });

  it('leaves a log that is whole and a file that no spreadsheet runs', async () => {
    const headers = admin;
    const check = await send({ method: 'POST', url: '/api/activity/verify', headers });
    expect(JSON.parse(check.text)).toMatchObject({ intact: true });
    const { text } = await send({ method: 'GET', url: '/api/activity/export', headers });
    expect(text).toContain("'=cmd|");
    expect(text).not.toMatch(/(^|[,\n])"?[=@+]/);
  });
});

type Part = 'params' | 'query' | 'body';

async function walked(
  method: string,
  url: string,
  { part, schema, index }: {
    part: Part;
    schema: NonNullable<ApiServer['routes'][number]['contract'][Part]>;
    index: number;
  },
): Promise<string[]> {
  const wrong: string[] = [];
  const { fields, value: plain } = samplesOf(schema, usual)[index]!;
  const first = await send({ method, url, [part]: plain, headers: admin });
  if (first.status === 201) await removed(url, first.text);
  // A sample that is refused as it is has other fields to name.
  const isWhole = !first.text.includes('"invalid_request"');
  for (const path of fields) {
    for (const [what, text] of Object.entries(nastyTexts)) {
      // An address holds UTF-8 and cannot be without end.
      const isBody = part === 'body';
      if (!isBody && (/\p{Cs}/u.test(text) || text.length > 10_000)) continue;
      const { value } = samplesOf(schema, usual)[index]!;
      const sent = withField(value, path, text);
      const answer = await send({ method, url, [part]: sent, headers: admin });
      const problem = wrongWith(answer, path, { text, isWhole });
      const where = `${method} ${url} ${path.join('.')}`;
      if (problem !== undefined) wrong.push(`${where}, ${what}: ${problem}`);
      if (answer.status < 300) taken.add(where);
      if (answer.status === 201) await removed(url, answer.text);
    }
  }
  return wrong;
}

/** There may be only so many of a kind; users stay. */
async function removed(url: string, text: string): Promise<void> {
  const isRemovable = server.routes.some(
    (route) => route.url === `${url}/:id` && route.methods.includes('DELETE'),
  );
  if (!isRemovable) return;
  const answer = JSON.parse(text) as { id?: string; key?: { id: string } };
  const id = answer.id ?? answer.key?.id;
  const call = { method: 'DELETE', url: `${url}/:id`, params: { id }, headers: admin };
  const { status } = await send(call);
  expect([url, status]).toEqual([url, 204]);
}
