import {
  instrumentsSchema,
  liveChainSchema,
  serverMessageSchema,
  statusSchema,
  type LiveChain,
} from '@strikewire/contracts';
import { createMemoryRegistry } from '@strikewire/option-chain/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApiServer, type ApiServer } from './support/api-server';
import { eventually } from './support/real-platform';
import { createVirtualPlatform, presetHours } from './support/virtual-platform';

let server: ApiServer;
let reader: Record<string, string>;

beforeAll(async () => {
  server = await startApiServer();
  reader = await server.key(['chains:read']);
});

afterAll(() => server?.stop());

const get = (path: string, headers = reader): Promise<Response> =>
  fetch(`${server.base}${path}`, { headers });
const jsonOf = async (path: string): Promise<Record<string, unknown>> =>
  (await (await get(path)).json()) as Record<string, unknown>;

async function nearest(symbol: string): Promise<string> {
  const { chains } = (await jsonOf(`/api/optionchain/expiries?underlying=${symbol}`)) as {
    chains: { expiry: string }[];
  };
  return chains[0]?.expiry ?? '';
}

/** What a spreadsheet of years ago sends. */
const buildPath = (expiry: string, symbol = 'NIFTY', exchange = 'NSE'): string =>
  `/option-chain?segment=FO&exchange=${exchange}&symbol=${symbol}&expiry=${expiry}`;

describe('a chain at its older addresses', () => {
  it.each([
    '/optionchain/live?underlying=NIFTY',
    '/api/optionchain/NIFTY',
    '/api/optionchain/nifty',
    '/api/option-chain/NIFTY',
  ])('is the very bytes of the live chain: %s', async (path) => {
    const live = await get('/api/optionchain/live?underlying=NIFTY');
    const older = await get(path);
    expect(older.status).toBe(200);
    expect(older.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const text = await older.text();
    expect(text).toBe(await live.text());
    expect(liveChainSchema.parse(JSON.parse(text))).toMatchObject({ underlying: 'NIFTY' });
    const etag = older.headers.get('etag') ?? '';
    expect(etag).toBe(live.headers.get('etag'));
    const again = await get(path, { ...reader, 'if-none-match': etag });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  it('takes an expiry, and refuses as the live chain does', async () => {
    const { chains } = (await jsonOf('/api/optionchain/expiries?underlying=NIFTY')) as {
      chains: { expiry: string }[];
    };
    const expiry = chains[1]?.expiry;
    expect(await jsonOf(`/api/option-chain/NIFTY?expiry=${expiry}`)).toMatchObject({ expiry });
    const answers = await Promise.all([
      get('/api/optionchain/NOSUCH'),
      get('/api/option-chain/NIFTY?expiry=2030-01-01'),
      get('/api/option-chain/NIFTY?expiry=tomorrow'),
      get('/optionchain/live'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 400, 400]);
    const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as {
      error: { code: string };
    }[];
    expect(bodies.map(({ error }) => error.code)).toEqual([
      'underlying_unknown', 'expiry_not_listed', 'invalid_request', 'invalid_request',
    ]);
  });

  it('has the status at its older address', async () => {
    const older = statusSchema.parse(await jsonOf('/api/option-chain/status'));
    const status = statusSchema.parse(await jsonOf('/api/optionchain/status'));
    expect(older.underlyings).toEqual(status.underlyings);
  });
});

describe('GET /option-chain', () => {
  it('answers strikes with the open interest of both sides, and nothing else', async () => {
    const expiry = await nearest('NIFTY');
    const answer = await get(buildPath(expiry));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    const body = (await answer.json()) as { data: Record<string, number>[] };
    expect(Object.keys(body)).toEqual(['symbol', 'expiry', 'data']);
    expect(body).toMatchObject({ symbol: 'NIFTY', expiry });
    for (const row of body.data) {
      expect(Object.keys(row)).toEqual(['strike', 'call_oi', 'put_oi']);
      expect(Object.values(row).every(Number.isFinite)).toBe(true);
    }
    const live = liveChainSchema.parse(await jsonOf('/api/optionchain/NIFTY'));
    expect(body.data.map(({ strike }) => strike)).toEqual(live.strikes.map(({ strike }) => strike));
    expect(body.data.some(({ call_oi: oi }) => Number(oi) > 0)).toBe(true);
    const etag = answer.headers.get('etag') ?? '';
    const again = await get(buildPath(expiry), { ...reader, 'if-none-match': etag });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  it('takes other exchanges, and lower case', async () => {
    const expiry = await nearest('SENSEX');
    const answer = await get(buildPath(expiry, 'sensex', 'bse').replace('FO', 'fo'));
    expect(await answer.json()).toMatchObject({ symbol: 'SENSEX', expiry });
  });

  const whole = '/option-chain?segment=FO&exchange=NSE&symbol=NIFTY&expiry=2026-11-24';
  it.each([
    '/option-chain',
    whole.replace('segment=FO&', ''),
    whole.replace('exchange=NSE&', ''),
    whole.replace('symbol=NIFTY&', ''),
    whole.replace('&expiry=2026-11-24', ''),
    whole.replace('NIFTY', ''),
    `${whole}&symbol=SENSEX`,
  ])('says what is missing in its own words: %s', async (path) => {
    const answer = await get(path);
    expect([answer.status, await answer.text()]).toEqual([400, '{"error":"Missing parameters"}']);
  });

  it.each([
    whole.replace('FO', 'EQ'),
    whole.replace('NSE', 'MCX'),
    whole.replace('NIFTY', 'NOSUCH'),
    whole.replace('2026-11-24', '2026-11-23'),
    whole.replace('2026-11-24', '..%2F..%2Fetc%2Fpasswd'),
    whole.replace('NIFTY', '__proto__'),
  ])('has no such file, in its own words: %s', async (path) => {
    const answer = await get(path);
    expect([answer.status, await answer.text()]).toEqual([404, '{"error":"File not found"}']);
  });

  it('refuses in the one shape who may not read chains, and is no console page', async () => {
    const html = { accept: 'text/html' };
    const nobody = await get(buildPath('2026-11-24'), html);
    expect(nobody.status).toBe(401);
    expect(await nobody.json()).toMatchObject({ error: { code: 'sign_in_needed' } });
    const other = await get(buildPath('2026-11-24'), await server.key(['metrics:read']));
    expect(other.status).toBe(403);
    const viewer = await get('/option-chain', { ...(await server.person('viewer')), ...html });
    expect([viewer.status, await viewer.text()]).toEqual([400, '{"error":"Missing parameters"}']);
  });
});

describe('GET /api/optionchain/instruments', () => {
  it('has every contract of a chain, with all that is known of it', async () => {
    const path = '/api/optionchain/instruments?underlying=NIFTY';
    const answer = await get(path);
    const { instruments, ...chain } = instrumentsSchema.parse(await answer.json());
    const live = liveChainSchema.parse(await jsonOf('/api/optionchain/NIFTY'));
    expect(chain).toEqual({ underlying: 'NIFTY', exchange: 'NSE', expiry: live.expiry });
    expect(instruments).toEqual(
      live.strikes.flatMap(({ strike, CE, PE }) =>
        Object.entries({ CE, PE }).map(([type, { token, key, symbol }]) => ({
          token, key, symbol, strike, type, segment: 'NSE_FNO', lotSize: live.lotSize,
          tickSize: 0.05, freezeQuantity: 1_755,
        })),
      ),
    );
    const etag = answer.headers.get('etag') ?? '';
    const again = await get(path, { ...reader, 'if-none-match': etag });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  it('is of one expiry, and refuses what is not there', async () => {
    const expiry = await nearest('SENSEX');
    const path = '/api/optionchain/instruments';
    const found = await jsonOf(`${path}?underlying=SENSEX&expiry=${expiry}`);
    expect(found).toMatchObject({ underlying: 'SENSEX', exchange: 'BSE', expiry });
    const answers = await Promise.all([
      get(path),
      get(`${path}?underlying=NOSUCH`),
      get(`${path}?underlying=NIFTY&expiry=2030-01-01`),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([400, 404, 404]);
  });

  it('is described, as the chain by its path and the stream are', async () => {
    const { paths } = (await jsonOf('/api/docs/json')) as {
      paths: Record<string, { get: { responses: Record<string, unknown>; parameters: unknown[] } }>;
    };
    const found = paths['/api/optionchain/instruments']?.get;
    expect(JSON.stringify(found?.responses)).toContain('freezeQuantity');
    expect(found?.parameters).toHaveLength(2);
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/api/optionchain/stream', '/api/optionchain/{underlying}']),
    );
  });
});

describe('GET /api/optionchain/stream', () => {
  const path = '/api/optionchain/stream?underlying=NIFTY';
  const clientCount = async (): Promise<number> =>
    statusSchema.parse(await jsonOf('/api/optionchain/status')).clients.sockets;

  it('begins with layout and snapshot, is counted, and ends with its session', async () => {
    const before = await clientCount();
    const person = await server.person('viewer');
    const answer = await get(path, person);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(answer.headers.get('content-security-policy')).toBeTruthy();
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('"type":"snapshot"') || !text.endsWith('\n\n')) {
      const { value, done } = await reader!.read();
      if (done) throw new Error(`it ended after ${text}`);
      text += value;
    }
    const blocks = text.split('\n\n');
    expect(blocks[0]).toMatch(/^retry: \d+$/);
    expect(blocks[1]).toMatch(/^event: layout\ndata: \{/);
    expect(blocks[2]).toMatch(/^event: snapshot\nid: \S+\ndata: \{/);
    for (const block of blocks.slice(1, 3)) {
      const message: unknown = JSON.parse(block.slice(block.indexOf('data: ') + 6));
      expect(serverMessageSchema.safeParse(message).success).toBe(true);
    }
    expect(await clientCount()).toBe(before + 1);
    const left = await fetch(`${server.base}/api/auth/sign-out`, {
      method: 'POST', headers: person,
    });
    expect(left.ok).toBe(true);
    // What was on its way comes first.
    while (!(await reader!.read()).done);
    await eventually(clientCount, (count) => count === before);
  });

  it('ends when the server stops, which does not wait for it', async () => {
    const other = await startApiServer();
    const headers = await other.key(['chains:read']);
    const answer = await fetch(`${other.base}${path}`, { headers });
    const [text] = await Promise.all([answer.text(), other.stop()]);
    expect(text).toMatch(/event: snapshot\nid: .*\ndata: .*\n\n$/);
  });

  it('refuses with an answer, and nothing is opened for its head', async () => {
    const answers = await Promise.all([
      get('/api/optionchain/stream'),
      get(`${path}&expiry=2030-01-01`),
      get(path, {}),
      fetch(`${server.base}${path}`, { method: 'HEAD', headers: reader }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([400, 404, 401, 404]);
  });
});

describe('GET /', () => {
  it('says who answers, as JSON', async () => {
    const answer = await get('/', {});
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await answer.json()).toEqual({
      status: 'ok',
      service: 'strikewire',
      date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    });
  });
});

describe('the last daily build', () => {
  it('stays as it was while the market trades on, also over a restart', async () => {
    const registry = createMemoryRegistry();
    const first = createVirtualPlatform({ registry, ticksPerSecond: 400 });
    void first.start();
    await first.clock.advance(30_000);
    const { service } = first.engine;
    const { expiry } = service.chain('NIFTY').slots.skeleton;
    const query = { exchange: 'NSE', symbol: 'NIFTY', expiry };
    const built = service.lastBuild(query)?.body.toString();
    const liveOi = (): unknown[] => {
      const { strikes } = JSON.parse(service.snapshot('NIFTY').body.toString()) as LiveChain;
      return strikes.map(({ strike, CE, PE }) => ({ strike, call_oi: CE.oi, put_oi: PE.oi }));
    };
    await first.clock.advance(120_000);
    expect((JSON.parse(built ?? '') as { data: unknown[] }).data).not.toEqual(liveOi());
    expect(service.lastBuild(query)?.body.toString()).toBe(built);
    first.stop();

    const startMs = first.clock.wallMs();
    const second = createVirtualPlatform({ registry, startMs });
    void second.start();
    await second.clock.advance(5_000);
    expect(second.engine.service.lastBuild(query)?.body.toString()).toBe(built);
    second.stop();
  });

  it('has the window of the open, with the open interest of before', async () => {
    const day = '2026-11-26';
    const at = (time: string): number => Date.parse(`${day}T${time}+05:30`);
    const hours = { openMinute: 555, closeMinute: 940 };
    const eras = [{ from: '2000-01-01', cash: { ...hours, closeMinute: 930 }, derivatives: hours }];
    const platform = createVirtualPlatform({
      seed: 3, startMs: at('08:58:00'), hours: presetHours,
      simulator: { sessions: { kind: 'hours', eras } },
    });
    const { clock, engine: { service } } = platform;
    type Rows = { strike: number; call_oi: number; put_oi: number }[];
    const chains = (): { symbol: string; expiry: string; live: number[]; rows: Rows }[] =>
      service.status().underlyings.flatMap(({ symbol, exchange, chains: planned }) =>
        planned.map(({ expiry }) => {
          const { strikes } = service.chain(symbol, expiry).slots.skeleton;
          const { body } = service.lastBuild({ exchange, symbol, expiry }) ?? {};
          const { data: rows } = JSON.parse(body?.toString() ?? '{}') as { data: Rows };
          return { symbol, expiry, live: strikes.map((one) => one.strikePaise / 100), rows };
        }),
      );
    void platform.start();
    await clock.advance(at('09:14:00') - clock.wallMs());
    const before = chains();
    await clock.advance(at('09:20:00') - clock.wallMs());
    const after = chains();
    for (const { live, rows } of [...before, ...after]) {
      expect(rows.map(({ strike }) => strike)).toEqual(live);
    }
    // Some windows have moved; what was in both has not changed by what was traded since.
    expect(after.map(({ live }) => live)).not.toEqual(before.map(({ live }) => live));
    after.forEach(({ rows }, index) => {
      const held = new Map(before[index]?.rows.map((row) => [row.strike, row]));
      const both = rows.filter(({ strike }) => held.has(strike));
      expect(both.length).toBeGreaterThan(10);
      expect(both).toEqual(both.map(({ strike }) => held.get(strike)));
    });
    platform.stop();
  });
});
