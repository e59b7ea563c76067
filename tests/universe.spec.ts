import type {
  Capacity,
  Expiries,
  PlatformStatus,
  RefreshJobs,
  RefreshJobState,
  Universe,
  UniversePreview,
  UniverseRule,
} from '@strikewire/contracts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startRealPlatform, type RealPlatform } from './support/real-platform';

/** What takes some seconds on a machine with other work. */
const patience = { timeout: 60_000, interval: 200 };
const dayMs = 86_400_000;

let platform: RealPlatform;

beforeAll(async () => {
  platform = await startRealPlatform({ stocks: 4 });
  await isBuilt();
}, 240_000);

afterAll(() => platform?.stop());

async function send(path: string, method = 'GET', body?: unknown): Promise<Response> {
  return platform.fetch(path, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
    headers: { 'content-type': 'application/json' },
  });
}
async function read<T>(path: string, method?: string, body?: unknown): Promise<T> {
  const answer = await send(path, method, body);
  expect(answer.status, path).toBeLessThan(300);
  return (await answer.json()) as T;
}
const universe = (): Promise<Universe> => read<Universe>('/api/universe');
const served = async (): Promise<string[]> => {
  const { underlyings } = await read<PlatformStatus>('/api/optionchain/status');
  return underlyings.map(({ exchange, symbol }) => `${exchange}:${symbol}`);
};
async function isBuilt(): Promise<void> {
  await vi.waitFor(async () => {
    const { phase, requests } = await read<PlatformStatus>('/api/optionchain/status');
    expect([phase, requests.percent]).toEqual(['live', 100]);
  }, patience);
}
/** Chain requests of today, all accounts together. */
async function requestsToday(): Promise<number> {
  const { accounts } = await read<Capacity>('/api/optionchain/capacity');
  const rules = accounts.flatMap(({ budget }) => budget);
  const days = rules.filter((rule) => rule.class === 'chain' && rule.windowMs >= dayMs);
  expect(days.length).toBeGreaterThan(0);
  return days.reduce((sum, { used }) => sum + used, 0);
}

describe('the universe of a running platform', () => {
  it('is the default until somebody saves another, and knows what is listed', async () => {
    const { revision, rules, defaults, listed, applied, changedBy } = await universe();
    expect([revision, applied, changedBy]).toEqual([0, true, null]);
    expect(rules).toEqual(defaults);
    expect(rules.map(({ symbol }) => symbol)).toEqual(['NIFTY', 'BANKNIFTY', 'SENSEX']);
    const kinds = new Set(listed.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(['commodity', 'index', 'stock']);
  });

  it('says who carries what', async () => {
    const { accounts, planned, capacity, restOnly, restOnlyChains, requests } =
      await read<Capacity>('/api/optionchain/capacity');
    expect(accounts).toHaveLength(1);
    const [account] = accounts as [Capacity['accounts'][number]];
    expect(account.sockets.reduce((sum, one) => sum + one, 0)).toBe(planned);
    expect([account.capacity, account.standby]).toEqual([capacity, 1]);
    expect([restOnly, restOnlyChains]).toEqual([0, []]);
    expect(planned).toBeGreaterThan(1_000);
    expect(requests.stretch).toBe(1);
    expect(requests.perMinute).toBeGreaterThan(100);
    expect(requests.perMinute).toBeLessThanOrEqual(300);
  });

  it('tells what rules would cost before they are saved, by the lists that were read', async () => {
    const { rules, listed } = await universe();
    const stock = listed.find(({ kind }) => kind === 'stock')!.symbol;
    const wanted = changed(rules, stock);
    const told = await read<UniversePreview>('/api/universe/preview', 'POST', { rules: wanted });
    expect(told.added).toEqual(['MCX:CRUDEOIL', `NSE:${stock}`]);
    expect(told.removed).toEqual(['NSE:NIFTY', 'BSE:SENSEX']);
    expect(told.unlisted).toEqual(['NSE:NOSUCH']);
    const { chains } = await read<Expiries>('/api/optionchain/expiries?underlying=BANKNIFTY');
    expect(told.byKind.index.contracts).toBe(chains.length * 2 * 21);
    expect(told.byKind.commodity).toEqual({ underlyings: 1, chains: 1, contracts: 20 });
    expect(told.estimated).toBe(2);
    expect(told.buildMs).toBeGreaterThan(0);
    // Nothing was saved.
    expect((await universe()).revision).toBe(0);
  });

  it('refuses what is wrong, and names the field', async () => {
    const { rules } = await universe();
    const [first] = rules as [UniverseRule];
    const wrong = { ...first, window: { below: 501, above: 1 } };
    const answer = await send('/api/universe', 'PUT', { rules: [first, wrong] });
    expect(answer.status).toBe(400);
    const { error } = (await answer.json()) as { error: { message: string } };
    expect(error.message).toContain('rules.1.window.below');
  });

  it('counts from the next start on, and outlives it', async () => {
    const { rules, listed } = await universe();
    const stock = listed.find(({ kind }) => kind === 'stock')!.symbol;
    const wanted = changed(rules, stock);
    const saved = await read<Universe>('/api/universe', 'PUT', { rules: wanted, revision: 0 });
    expect([saved.revision, saved.applied, saved.changedBy]).toEqual([1, false, 'admin']);
    expect(await served()).toEqual(['NSE:NIFTY', 'NSE:BANKNIFTY', 'BSE:SENSEX']);

    const late = await send('/api/universe', 'PUT', { rules, revision: 0 });
    expect(late.status).toBe(409);
    const { error } = (await late.json()) as { error: { code: string; details: unknown } };
    expect([error.code, error.details]).toEqual(['universe_changed', { revision: 1 }]);
    const log = await read<{ entries: { action: string; after: Record<string, unknown> }[] }>(
      '/api/activity?action=universe.changed',
    );
    expect(log.entries.map(({ after }) => after['revision'])).toEqual([1]);
    expect(log.entries[0]?.after['NSE:BANKNIFTY']).toContain('10 below and 10 above');

    await platform.restartApi();
    await vi.waitFor(async () => {
      expect(await served()).toEqual([
        'NSE:NOSUCH', 'NSE:BANKNIFTY', 'MCX:CRUDEOIL', `NSE:${stock}`,
      ]);
    }, patience);
    expect((await universe()).rules).toEqual(wanted);
    await vi.waitFor(async () => {
      const told = await read<Expiries>('/api/optionchain/expiries?underlying=CRUDEOIL');
      expect(told.chains.map(({ state, strikeCount }) => [state, strikeCount])).toEqual([
        ['built', 10],
      ]);
    }, patience);
    await vi.waitFor(async () => {
      const { chains } = await read<Expiries>(`/api/optionchain/expiries?underlying=${stock}`);
      expect(chains.length).toBeGreaterThan(0);
    }, patience);
  }, 400_000);

  it('asks once for each chain, however often a refresh is pressed, and cuts it anew', async () => {
    // Those of before the rules changed are of the stored day: as wide as they were built.
    expect((await universe()).applied).toBe(false);
    const before = await requestsToday();
    const pressed = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const answer = await send('/api/optionchain/refresh', 'POST', {});
        expect(answer.status).toBe(202);
        return (await answer.json()) as RefreshJobState;
      }),
    );
    expect(new Set(pressed.map(({ id }) => id)).size).toBe(1);
    const [{ id, chains, by }] = pressed as [RefreshJobState];
    expect(by).toBe('admin');
    await vi.waitFor(async () => {
      const { jobs } = await read<RefreshJobs>('/api/optionchain/refresh');
      const job = jobs.find((one) => one.id === id)!;
      expect([job.state, job.percent, job.done]).toEqual(['done', 100, chains]);
      expect(job.failed).toEqual([]);
      expect(job.changed).toBeGreaterThan(0);
    }, patience);
    const asked = (await requestsToday()) - before;
    expect(asked).toBeGreaterThanOrEqual(chains);
    // Others grow old meanwhile, and are asked for as ever.
    expect(asked).toBeLessThan(2 * chains + 5);
    expect(await platform.sim('violations')).toMatchObject({ total: 0 });
    const told = await read<Expiries>('/api/optionchain/expiries?underlying=BANKNIFTY');
    expect(new Set(told.chains.map(({ strikeCount }) => strikeCount))).toEqual(new Set([21]));
  }, 240_000);

  it('refreshes one chain, and says what it does not keep', async () => {
    const { chains } = await read<Expiries>('/api/optionchain/expiries?underlying=BANKNIFTY');
    const expiry = chains[0]!.expiry;
    const wish = { underlying: 'BANKNIFTY', expiry };
    const job = await read<RefreshJobState>('/api/optionchain/refresh', 'POST', wish);
    expect(job.chains).toBe(1);
    const unknown = await send('/api/optionchain/refresh', 'POST', { underlying: 'SENSEX' });
    expect(unknown.status).toBe(404);
    const alone = await send('/api/optionchain/refresh', 'POST', { expiry });
    expect(alone.status).toBe(400);
    const log = await read<{ entries: { subject: { name: string } }[] }>(
      '/api/activity?action=chains.refreshed',
    );
    const names = log.entries.map(({ subject }) => subject.name);
    expect([names[0], names.length]).toEqual([`BANKNIFTY ${expiry}`, 11]);
  });
});

/** Another universe: a narrow BANKNIFTY, no SENSEX and NIFTY, a commodity, a stock, a stranger. */
function changed([nifty, bank]: readonly UniverseRule[], stock: string): UniverseRule[] {
  const expiries = { nearest: 1, monthlies: 0, quarterlies: 0 };
  const narrow = { below: 5, above: 5 };
  return [
    { ...nifty!, symbol: 'NOSUCH' },
    { ...bank!, window: { below: 10, above: 10 } },
    {
      exchange: 'MCX',
      symbol: 'CRUDEOIL',
      kind: 'commodity',
      window: { ...narrow, around: 'ltp' },
      expiries,
      served: true,
    },
    { exchange: 'NSE', symbol: stock, kind: 'stock', window: narrow, expiries, served: true },
  ];
}
