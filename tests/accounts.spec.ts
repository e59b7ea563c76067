import {
  accountSchema,
  accountsSchema,
  failoverSchema,
  healthSchema,
  liveChainSchema,
  statusSchema,
  type Account,
  type PlatformStatus,
} from '@strikewire/contracts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventually, startRealPlatform, type RealPlatform } from './support/real-platform';
import { SocketClient } from './support/socket-client';

interface SimAccount {
  clientId: string;
  token: string;
}

/** A broker that still counts a socket that was cut waits 40 s for it. */
const feedBackMs = 90_000;
// Several such waits come one after the other.
vi.setConfig({ testTimeout: 600_000 });
let platform: RealPlatform;
let seeds: SimAccount[];
let client: SocketClient;

beforeAll(async () => {
  const env = { DHAN_CLIENT_ID: '', DHAN_ACCESS_TOKEN: '' };
  platform = await startRealPlatform({ env });
  seeds = (await platform.sim('accounts')) as SimAccount[];
  client = await SocketClient.open(platform.socketUrl(), platform.headers);
});

afterAll(async () => {
  client?.close();
  // Rejects when any limit of any account was broken, its five connections included.
  await platform?.stop();
});

async function call(method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await platform.fetch(`/api/accounts${path}`, {
    method,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

const status = async (): Promise<PlatformStatus> =>
  statusSchema.parse(await (await platform.fetch('/api/optionchain/status')).json());
const list = async (): Promise<Account[]> => accountsSchema.parse(await call('GET', '')).accounts;
const named = async (label: string): Promise<Account> =>
  (await list()).find((account) => account.label === label) as Account;
const violations = async (): Promise<unknown> => platform.sim('violations');

async function add(label: string, seed: SimAccount | undefined): Promise<Account> {
  const credentials = { clientId: seed?.clientId, accessToken: seed?.token };
  return accountSchema.parse(await call('POST', '', { broker: 'dhan', label, credentials }));
}

/** What a live chain says of where it comes from, once it is not stale. */
async function freshSource(): Promise<{ broker: string; account: string }> {
  const answer = await platform.fetch('/api/optionchain/live?underlying=NIFTY');
  if (!answer.ok) return { broker: 'none', account: `${answer.status}` };
  const chain = liveChainSchema.parse(await answer.json());
  return chain.stale ? { broker: 'none', account: 'stale' } : chain.source;
}

const feedOf = (label: string): Promise<unknown> =>
  eventually(freshSource, ({ account }) => account === label, feedBackMs);
/** Frames go on: the client's own proof that the feed moves. */
async function framesGoOn(): Promise<void> {
  const before = client.frames.frameCount;
  await eventually(() => client.frames.frameCount, (count) => count > before + 5, feedBackMs);
}

describe('a platform without an account', () => {
  it('serves, and says what is missing', async () => {
    // It answers before it has begun to look for accounts.
    const text = async (): Promise<string> => JSON.stringify(await status());
    await eventually(text, (told) => told.includes('no broker account is in use'));
    const health = healthSchema.parse(await (await platform.fetch('/health')).json());
    expect(health.status).not.toBe('ok');
    expect(await list()).toEqual([]);
    const live = await platform.fetch('/api/optionchain/live?underlying=NIFTY');
    expect(live.status).toBe(503);
  });

  it('builds chains live as soon as one is added, without a restart', async () => {
    expect(seeds).toHaveLength(3);
    await add('First', seeds[0]);
    await eventually(status, ({ phase }) => phase === 'live', feedBackMs);
    await feedOf('First');
    const chain = { underlying: 'NIFTY', expiry: (await status()).underlyings
      .find(({ symbol }) => symbol === 'NIFTY')?.chains[0]?.expiry };
    client.send({ type: 'subscribe', id: 1, channel: 'chain', encoding: 'binary', ...chain });
    await framesGoOn();
  });
});

describe('accounts side by side', () => {
  it('have each a budget of their own', async () => {
    // Of chains, over the longest window: what the first has asked for stays its own.
    const used = ({ budget }: Account): number => {
      const rules = budget.filter((one) => one.class === 'chain');
      const longest = Math.max(...rules.map(({ windowMs }) => windowMs));
      return rules.find(({ windowMs }) => windowMs === longest)?.used ?? 0;
    };
    const sent = async (): Promise<number> => {
      const { requests } = (await platform.sim('status')) as { requests: Record<string, number> };
      const paths = Object.keys(requests).filter((path) => path.startsWith('optionchain'));
      return paths.reduce((sum, path) => sum + (requests[path] ?? 0), 0);
    };
    const [busy, sentBefore] = [used(await named('First')), await sent()];
    expect(busy).toBeGreaterThan(10);
    const second = await add('Second', seeds[1]);
    const third = await add('Third', seeds[2]);
    for (const { id } of [second, third, second, third]) {
      expect(await call('POST', `/${id}/test`)).toMatchObject({ ok: true });
    }
    const accounts = await list();
    const classes = accounts.map(({ budget }) => budget.map((one) => one.class).sort());
    expect(classes.slice(1)).toEqual([classes[0], classes[0]]);
    const [ofFirst = 0, ...ofOthers] = accounts.map(used);
    expect(ofFirst).toBeGreaterThanOrEqual(busy);
    // Chains that grow old meanwhile are asked for of any account.
    const sentSince = (await sent()) - sentBefore;
    for (const count of ofOthers) expect(count).toBeLessThanOrEqual(sentSince);
    expect((await list()).map(({ label, state, primary }) => [label, state, primary])).toEqual([
      ['First', 'in_use', true], ['Second', 'ready', false], ['Third', 'ready', false],
    ]);
  });

  it('are not the same account twice', async () => {
    await expect(add('Twin', seeds[1])).rejects.toThrow(
      'are of the account that Second is for already',
    );
  });
});

describe('a token that is dead', () => {
  it('is replaced in place: the feed comes back, and no client is dropped', async () => {
    const { id, label } = await named('First');
    const [{ clientId } = { clientId: '' }] = seeds;
    await platform.sim('faults', { kind: 'expireToken', clientId });
    await eventually(() => named(label), ({ state }) => state === 'parked', feedBackMs);
    const renewed = (await platform.sim('accounts/renew', { clientId })) as SimAccount;
    expect(await call('POST', `/${id}/test`)).toMatchObject({ ok: false });
    expect((await named(label)).stateReason).not.toContain(seeds[0]?.token);

    const replaced = { credentials: { accessToken: renewed.token } };
    const changed = accountSchema.parse(await call('PATCH', `/${id}`, replaced));
    expect(changed.credentials).toEqual({ clientId, accessToken: '***' });
    // Another one has taken over, and goes on: it stands beside that one.
    const standing = async () =>
      failoverSchema.parse(await (await platform.fetch('/api/failover')).json()).accounts
        .find((account) => account.id === id);
    await eventually(
      standing, (now) => now?.standing === 'fit' && now.sockets.live > 0, feedBackMs,
    );
    await eventually(freshSource, ({ broker }) => broker !== 'none', feedBackMs);
    await framesGoOn();
    await eventually(() => named(label), ({ state }) => state === 'in_use', feedBackMs);
    expect(client.closed).toBeNull();
  });
});

describe('another account made primary', () => {
  it('takes the feed over, and gives it back', async () => {
    for (const label of ['Second', 'Third', 'First']) {
      const { id } = await named(label);
      await call('POST', `/${id}/primary`);
      await feedOf(label);
      await framesGoOn();
      await eventually(status, ({ source }) => source.account === label, feedBackMs);
      const primaries = (await list()).filter(({ primary }) => primary);
      expect(primaries.map((account) => account.label)).toEqual([label]);
    }
    expect(client.closed).toBeNull();
    expect(client.frames.faults).toEqual([]);
    expect(await violations()).toMatchObject({ total: 0 });
  });

  it('leaves one that can be switched off and taken away', async () => {
    const { id } = await named('Third');
    await call('PATCH', `/${id}`, { enabled: false });
    expect(await named('Third')).toMatchObject({ state: 'off' });
    await call('DELETE', `/${id}`);
    expect((await list()).map(({ label }) => label)).toEqual(['First', 'Second']);
    const first = await named('First');
    await expect(call('DELETE', `/${first.id}`)).rejects.toThrow('make another one primary first');
    await framesGoOn();
  });

  it('is not switched off as long as all depends on it, unless that is forced', async () => {
    const [first, second] = [await named('First'), await named('Second')];
    const [primary, other] = first.primary ? [first, second] : [second, first];
    const off = { enabled: false };
    await call('PATCH', `/${primary.id}`, off);
    await feedOf(other.label);
    await framesGoOn();
    const last = /422 .*failover_last.*is the last account in service/;
    await expect(call('PATCH', `/${other.id}`, off)).rejects.toThrow(last);
    await expect(call('PATCH', `/${other.id}?force=maybe`, off)).rejects.toThrow(/400 /);
    await framesGoOn();
    await call('PATCH', `/${other.id}?force=true`, off);
    expect(await named(other.label)).toMatchObject({ state: 'off' });
    for (const { id } of [primary, other]) await call('PATCH', `/${id}`, { enabled: true });
    await feedOf(primary.label);
    await framesGoOn();
  });

  it('is still primary after a restart, as are the credentials', async () => {
    const { id } = await named('Second');
    await call('POST', `/${id}/primary`);
    await platform.restartApi();
    await feedOf('Second');
    expect((await list()).map(({ label }) => label)).toEqual(['Second', 'First']);
    expect(await violations()).toMatchObject({ total: 0 });
  });
});
