import {
  failoverHistorySchema,
  failoverSchema,
  readinessSchema,
  type Failover,
  type FailoverAccount,
  type FailoverEventRow,
  type Readiness,
} from '@strikewire/contracts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventually, startRealPlatform, type RealPlatform } from './support/real-platform';

interface SimAccount {
  clientId: string;
  token: string;
}

interface Answer {
  status: number;
  body: unknown;
}

const withinMs = 90_000;
// Several such waits come one after the other.
vi.setConfig({ testTimeout: 400_000 });
const publicUrl = 'http://desk.test';
const callbackPath = '/api/accounts/sign-in/callback';
const env: Record<string, string> = { STRIKEWIRE_PUBLIC_URL: publicUrl };
const unknownId = '00000000-0000-4000-8000-000000000000';
let platform: RealPlatform;
let seeds: SimAccount[];
/** The account that a fault was aimed at. */
let failing = '';
/** By label. */
const ids: Record<string, string> = {};

beforeAll(async () => {
  // The simulated Upstox sends people back to one address only, as the real one does.
  process.env['SIM_UPSTOX_REDIRECT_URI'] = `${publicUrl}${callbackPath}`;
  platform = await startRealPlatform({ env });
  seeds = (await platform.sim('accounts')) as SimAccount[];
  for (const [index, label] of ['Alpha', 'Beta'].entries()) {
    const { clientId = '', token: accessToken = '' } = seeds[index + 1] ?? {};
    const credentials = { clientId, accessToken };
    await call('POST', '/api/accounts', { broker: 'dhan', label, credentials });
  }
  await eventually(read, ({ accounts }) =>
    accounts.length === 3 &&
    accounts.every(({ sockets, standing }) => sockets.live > 0 && standing === 'fit'), withinMs);
  for (const { id, label } of (await read()).accounts) ids[label] = id;
});

afterAll(() => platform?.stop());

async function call(method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await platform.fetch(path, {
    method,
    redirect: 'manual',
    ...(body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
}

async function done(method: string, path: string, body?: unknown): Promise<Failover> {
  const answer = await call(method, path, body);
  if (answer.status !== 200) throw new Error(`${path}: ${JSON.stringify(answer)}`);
  return failoverSchema.parse(answer.body);
}

const read = (): Promise<Failover> => done('GET', '/api/failover');
const order = (...labels: string[]): Promise<Failover> =>
  done('PUT', '/api/failover/order', { accounts: labels.map((label) => ids[label]) });
const force = (label: string | null): Promise<Failover> =>
  done('POST', '/api/failover/force', { account: label && ids[label] });
const drain = (label: string, drained = true): Promise<Failover> =>
  done('POST', '/api/failover/drain', { account: ids[label], drained });
const labels = ({ accounts }: Failover): string[] => accounts.map(({ label }) => label);
const named = ({ accounts }: Failover, label: string): FailoverAccount | undefined =>
  accounts.find((one) => one.label === label);
async function history(): Promise<FailoverEventRow[]> {
  const { body } = await call('GET', '/api/failover/history');
  return failoverHistorySchema.parse(body).events;
}
async function readiness(): Promise<Readiness> {
  return readinessSchema.parse((await call('GET', '/api/failover/readiness')).body);
}

/** Whoever carries contracts, once that has been the same for a second. */
async function steadyCarrier(): Promise<string> {
  const seen: string[] = [];
  const look = async (): Promise<string[]> => {
    const carriers = (await read()).accounts.filter(({ contracts }) => contracts > 0);
    seen.push(carriers.map(({ label }) => label).join());
    return seen.slice(-10);
  };
  const isSteady = (last: string[]): boolean =>
    last.length === 10 && last[0] !== '' && new Set(last).size === 1;
  const [carriers = ''] = await eventually(look, isSteady, withinMs);
  return carriers.split(',')[0] ?? '';
}

/** The newest entries of the activity log about failover: what was done, and what it is now. */
async function entries(action: string): Promise<{ action: string; after: unknown }[]> {
  const { body } = await call('GET', `/api/activity?action=${action}`);
  return (body as { entries: { action: string; after: unknown }[] }).entries;
}

describe('the order of failover', () => {
  it('goes by the primary account, then by name, until somebody orders it', async () => {
    const now = await read();
    expect(labels(now)).toEqual(['Dhan', 'Alpha', 'Beta']);
    expect(now).toMatchObject({ degraded: false, level: 0, forced: null, isOrdered: false });
    expect(now.accounts.map(({ primary, standing }) => [primary, standing])).toEqual([
      [true, 'fit'], [false, 'fit'], [false, 'fit'],
    ]);
  });

  it('is as a person wants it, the primary account first; those not named follow', async () => {
    const ordered = await order('Beta', 'Dhan', 'Alpha');
    expect([labels(ordered), ordered.isOrdered]).toEqual([['Dhan', 'Beta', 'Alpha'], true]);
    expect(labels(await order('Beta'))).toEqual(['Dhan', 'Beta', 'Alpha']);
    const [entry] = await entries('failover.ordered');
    expect(entry?.after).toEqual({ order: ['Beta'], forced: null, drained: [] });
    const again = await order();
    expect([labels(again), again.isOrdered]).toEqual([['Dhan', 'Alpha', 'Beta'], false]);
  });

  it.each([
    ['an account that is not there', () => [ids['Beta'], unknownId], 'accounts.1'],
    ['an account twice', () => [ids['Beta'], ids['Beta']], 'accounts.1'],
    ['what is no id', () => ['Beta'], 'accounts'],
    ['too many', () => Array.from({ length: 51 }, () => unknownId), 'accounts'],
    ['no list', () => ids['Beta'], 'accounts'],
  ])('refuses %s by its field, and stays as it was', async (_what, accounts, field) => {
    const before = labels(await read());
    const { status, body } = await call('PUT', '/api/failover/order', { accounts: accounts() });
    expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining(field)]);
    expect(labels(await read())).toEqual(before);
  });
});

describe('an account that is forced', () => {
  it('comes first until forcing ends; both are events by hand', async () => {
    expect(await force('Beta')).toMatchObject({ forced: ids['Beta'], level: 0 });
    const [event] = await eventually(history, (events) => events[0]?.cause === 'by_hand', withinMs);
    expect(event).toMatchObject({ level: 0, from: ['Dhan', 'Alpha', 'Beta'] });
    // Those that carry contracts, and no others.
    expect(event?.to).toEqual(['Beta']);
    expect(await force(null)).toMatchObject({ forced: null });
    const [back] = await eventually(history, (all) => all[0]?.id !== event?.id, withinMs);
    expect(back).toMatchObject({ cause: 'by_hand', to: ['Dhan'] });
    expect((await entries('failover.forced')).map(({ after }) => after)).toMatchObject([
      { forced: null }, { forced: 'Beta' },
    ]);
  });

  it('has to be there', async () => {
    const path = '/api/failover/force';
    expect((await call('POST', path, { account: unknownId })).status).toBe(400);
    expect((await call('POST', path, {})).status).toBe(400);
    expect((await call('POST', path, { account: 'Beta' })).status).toBe(400);
  });
});

describe('an account that is taken out', () => {
  it('carries nothing until it is put back, and cannot be forced meanwhile', async () => {
    await force('Alpha');
    const drained = await drain('Alpha');
    expect(drained.forced).toBeNull();
    expect(named(drained, 'Alpha')).toMatchObject({ role: 'drained' });
    await eventually(read, (now) => named(now, 'Alpha')?.contracts === 0, withinMs);
    const refused = await call('POST', '/api/failover/force', { account: ids['Alpha'] });
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([
      400, expect.stringContaining('Alpha was taken out'),
    ]);
    await drain('Beta');
    const last = await call('POST', '/api/failover/drain', { account: ids['Dhan'], drained: true });
    expect([last.status, JSON.stringify(last.body)]).toEqual([
      422, expect.stringContaining('Dhan is the last account in service'),
    ]);
    await drain('Beta', false);
    expect(named(await drain('Alpha', false), 'Alpha')?.role).not.toBe('drained');
  });
});

describe('a fault', () => {
  it('is in the history, the activity log, the notifications and the metrics', async () => {
    // Whoever carries: from others nothing has to move.
    failing = await steadyCarrier();
    const clientId = seeds[['Dhan', 'Alpha', 'Beta'].indexOf(failing)]?.clientId;
    await platform.sim('faults', { kind: 'suspendAccount', clientId });
    const ofIt = ({ level, from }: FailoverEventRow): boolean =>
      level === 2 && from.includes(failing);
    const found = await eventually(history, (events) => events.some(ofIt), withinMs);
    const event = found.find(ofIt);
    expect(event?.to).not.toContain(failing);
    expect(event?.to).not.toEqual([]);
    expect(event?.reason).not.toBe('');
    // Each is written by itself, and another switch may follow.
    const logged = async (): Promise<unknown[]> =>
      (await entries('failover.switched')).map(({ after }) => after);
    const isLogged = (all: unknown[]): boolean => (all as { level: number; carriers: unknown }[])
      .some(({ level, carriers }) => level === 2 && String(carriers) === String(event?.to));
    await eventually(logged, isLogged, withinMs);
    const news = async (): Promise<string> =>
      JSON.stringify((await call('GET', '/api/notifications')).body);
    await eventually(news, (text) =>
      text.includes(`Failover: ${event?.to.join(', ')} instead of ${event?.from.join(', ')}`));
    const metrics = async (): Promise<string> => (await platform.fetch('/metrics')).text();
    const wanted = [
      /strikewire_failover_events_total\{level="2"\} [1-9]/,
      /strikewire_account_score\{account="Alpha"\} [0-9]+/,
      /strikewire_failover_degraded 0/,
    ];
    await eventually(metrics, (text) => wanted.every((line) => line.test(text)), withinMs);
  });
});

describe('readiness', () => {
  it('says of each thing what was found', async () => {
    const names: string[] = [];
    await vi.waitFor(async () => {
      const { items, nextOpen } = await readiness();
      expect(nextOpen).toBeNull();
      const states = Object.fromEntries(items.map(({ name, state }) => [name, state]));
      expect(states).toMatchObject({
        [`Connection of ${failing}`]: 'failed', 'Trading hours': 'ok', Standby: 'warning',
      });
      names.push(...Object.keys(states));
    }, { timeout: withinMs, interval: 200 });
    expect(names).toEqual(expect.arrayContaining([
      'Token of Dhan', 'Connection of Dhan', 'Requests left of Dhan', 'Chains',
    ]));
  });
});

describe('whoever may not', () => {
  it('reads and changes nothing', async () => {
    for (const [method, path] of [
      ['GET', ''], ['GET', '/history'], ['GET', '/readiness'],
      ['PUT', '/order'], ['POST', '/force'], ['POST', '/drain'],
    ] as const) {
      const answer = await fetch(platform.url(`/api/failover${path}`), { method });
      expect([path, answer.status]).toEqual([path, 401]);
    }
  });
});

describe('signing in at a broker\'s page', () => {
  it('is refused where the broker has none', async () => {
    const { status, body } = await call('POST', `/api/accounts/${ids['Dhan']}/sign-in`);
    expect([status, JSON.stringify(body)]).toEqual([
      422, expect.stringContaining('no page to sign in at'),
    ]);
  });

  it('begins with an address at the broker, and ends with a person who has begun it', async () => {
    const credentials = { clientId: 'app-of-upstox', clientSecret: 'secret-of-upstox' };
    const added = await call('POST', '/api/accounts', {
      broker: 'upstox', label: 'Gamma', enabled: false, credentials,
    });
    const { id } = added.body as { id: string };
    const { body } = await call('POST', `/api/accounts/${id}/sign-in`);
    const url = new URL((body as { url: string }).url);
    expect(url.searchParams.get('redirect_uri')).toBe(`${publicUrl}${callbackPath}`);
    const state = url.searchParams.get('state') ?? '';
    expect(state).toMatch(/^[\w-]{43}$/);
    // The browser brings no session from the broker's page: a page of ours sends it once more.
    const path = `${callbackPath}?error=denied%22%3E&state=${state}`;
    const bounced = await fetch(platform.url(path), { redirect: 'manual' });
    const page = await bounced.text();
    expect([bounced.status, page]).toEqual([200, expect.stringContaining('http-equiv="refresh"')]);
    expect(page).not.toContain('denied"');
    const ended = await platform.fetch(path, { redirect: 'manual' });
    const target = new URL(ended.headers.get('location') ?? '', platform.url('/'));
    expect([ended.status, target.pathname, target.searchParams.get('signIn')]).toEqual([
      303, '/accounts', 'failed',
    ]);
    expect(target.searchParams.get('message')).toContain('signing in was not granted');
    const again = await platform.fetch(path, { redirect: 'manual' });
    expect(decodeURIComponent(again.headers.get('location') ?? '')).toContain('is+over');
    await call('DELETE', `/api/accounts/${id}`);
  });
});

/** Of the simulated Upstox, for the API's next start. */
function upstoxAddresses(): Record<string, string> {
  const [, base = ''] = /simulator, upstox: (\S+)/.exec(platform.simulator.output()) ?? [];
  return {
    UPSTOX_REST_URL: base,
    UPSTOX_INSTRUMENTS_URL: `${base}/market-quote/instruments/exchange`,
  };
}

describe('a restart', () => {
  it('keeps order, force, drain and history', async () => {
    await order('Beta', 'Alpha');
    await force('Beta');
    await drain('Alpha');
    const before = await history();
    Object.assign(env, upstoxAddresses());
    await platform.restartApi();
    const now = await eventually(read, ({ accounts }) => accounts.length === 3, withinMs);
    expect(labels(now)).toEqual(['Dhan', 'Beta', 'Alpha']);
    expect(now).toMatchObject({ isOrdered: true, forced: ids['Beta'] });
    await eventually(read, (state) => named(state, 'Alpha')?.role === 'drained', withinMs);
    expect((await history()).map(({ id }) => id)).toEqual(
      expect.arrayContaining(before.map(({ id }) => id)),
    );
  });
});

describe('a person who signs in at Upstox', () => {
  it('comes back to an account that works, as one that could take over', async () => {
    const credentials = {
      clientId: '00000000-0000-4000-8000-0000000000a1', clientSecret: 'simulated-secret',
    };
    const added = await call('POST', '/api/accounts', {
      broker: 'upstox', label: 'Gamma', credentials,
    });
    const { id } = added.body as { id: string };
    const begun = await call('POST', `/api/accounts/${id}/sign-in`);
    const there = await fetch((begun.body as { url: string }).url, { redirect: 'manual' });
    const back = new URL(there.headers.get('location') ?? '');
    expect([there.status, `${back.origin}${back.pathname}`]).toEqual([
      302, `${publicUrl}${callbackPath}`,
    ]);
    const ended = await platform.fetch(`${back.pathname}${back.search}`, { redirect: 'manual' });
    const target = new URL(ended.headers.get('location') ?? '', publicUrl);
    expect(Object.fromEntries(target.searchParams)).toEqual({
      signIn: 'done', message: 'Gamma is signed in at Upstox.',
    });
    const now = await eventually(
      read, (state) => named(state, 'Gamma')?.standing === 'fit', withinMs,
    );
    expect(labels(now).at(-1)).toBe('Gamma');
    expect(['carrier', 'observer', 'reserve']).toContain(named(now, 'Gamma')?.role);
    const [entry] = await entries('account.signed_in');
    expect(entry?.after).toMatchObject({
      label: 'Gamma', credentials: { clientSecret: '***', accessToken: '***' },
    });
    await eventually(readiness, ({ items }) =>
      items.some(({ name, state }) => name === 'Standby' && state === 'ok'), withinMs);
  });
});
