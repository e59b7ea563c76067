import type { SessionRuns, SessionSchedule } from '@strikewire/contracts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startRealPlatform, type RealPlatform } from './support/real-platform';

const exchanges = ['NSE', 'BSE'];
/** The market opens so long after it was said when, and ten times as long as saying takes. */
const soonMs = 9_000;
/** What takes some seconds on a machine with other work. */
const patience = { timeout: 60_000, interval: 200 };
// Several such waits come one after the other.
vi.setConfig({ testTimeout: 400_000 });

let platform: RealPlatform;
/** How long the last hours took to be applied. */
let applyingMs = 0;

beforeAll(async () => {
  platform = await startRealPlatform({ env: { STRIKEWIRE_CALENDAR: 'exchange' } });
});

afterAll(() => platform?.stop());

/**
 * A zone in which it is about noon now, so that no window crosses a midnight; the same one all
 * along, though an hour may end meanwhile.
 */
const zone = ((): { name: string; offsetMs: number } => {
  const ahead = 12 - new Date().getUTCHours();
  const name = ahead === 0 ? 'Etc/GMT' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
  return { name, offsetMs: ahead * 3_600_000 };
})();

/** Every day the same windows. */
function hoursOf(name: string, exchange: string, windows: unknown): Record<string, unknown> {
  const week = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
  const days = Object.fromEntries(week.map((day) => [day, windows]));
  const format = 'strikewire-trading-hours/1';
  const about = { format, name, exchange, segment: 'fno', timeZone: zone.name };
  return { ...about, weeks: [{ from: '2015-01-01', days }] };
}

async function asked<T>(path: string, body?: unknown): Promise<T> {
  const isPost = body !== undefined;
  const answer = await platform.fetch(`/api/trading-hours/${path}`, {
    ...(isPost && { method: 'POST', body: JSON.stringify(body) }),
    headers: isPost ? { 'content-type': 'application/json' } : {},
  });
  expect(answer.status, path).toBeLessThan(300);
  return (await answer.json()) as T;
}

/** From now on these are the hours of both exchanges. */
async function apply(name: string, windows: unknown): Promise<void> {
  const startedMs = Date.now();
  for (const exchange of exchanges) {
    const body = hoursOf(name, exchange, windows);
    const { id } = await asked<{ id: string }>('templates', { body });
    await asked('apply', { id });
  }
  applyingMs = Date.now() - startedMs;
}

interface Feed {
  sockets: unknown[];
  subscriptions: number;
}
const feed = async (): Promise<[sockets: number, subscriptions: number]> => {
  const { sockets, subscriptions } = (await platform.sim('status')) as Feed;
  return [sockets.length, subscriptions];
};
const runs = async (job: string): Promise<SessionRuns['runs']> =>
  (await asked<SessionRuns>(`runs?job=${job}`)).runs;

describe('trading sessions on a running platform', () => {
  it('have no feed while the market is closed', async () => {
    await apply('Closed', 'closed');
    await vi.waitFor(async () => expect(await feed()).toEqual([0, 0]), patience);
    await vi.waitFor(async () => {
      const { segments, next } = await asked<SessionSchedule>('schedule');
      expect(segments.map(({ activity }) => activity)).toEqual(['off', 'off']);
      expect(next).toEqual([]);
    }, patience);
  });

  it('connect ahead of the open, and subscribe at it', async () => {
    const openMs = Math.ceil((Date.now() + soonMs + 10 * applyingMs) / 1_000) * 1_000;
    const start = new Date(openMs + zone.offsetMs).toISOString().slice(11, 19);
    await apply('Opening', [{ phase: 'continuous', start, end: '23:59' }]);
    const { next } = await asked<SessionSchedule>('schedule');
    const subscribes = next.filter(({ job }) => job === 'subscribe').slice(0, 2);
    expect(subscribes.map(({ at }) => Date.parse(at))).toEqual([openMs, openMs]);
    // One that carries, and one that stands by.
    await vi.waitFor(async () => expect((await feed())[0]).toBe(2), patience);
    // Unless the machine is so slow that it is open by now.
    const [, early] = await feed();
    if (Date.now() < openMs) expect(early).toBe(0);

    await vi.waitFor(async () => expect((await feed())[1]).toBeGreaterThan(500), patience);
    // One exchange may be subscribed to before the other.
    const told = async (): Promise<unknown[]> => (await runs('subscribe'))
      .map(({ exchange, cause, outcome }) => [exchange, cause, outcome]).sort();
    await vi.waitFor(async () => expect(await told()).toEqual([
      ['BSE', 'schedule', 'done'], ['NSE', 'schedule', 'done'],
    ]), patience);
    for (const { dueAt, startedAt } of await runs('subscribe')) {
      expect(Date.parse(dueAt)).toBe(openMs);
      expect(Date.parse(startedAt!) - openMs).toBeLessThan(patience.timeout);
    }
    const live = async (): Promise<unknown> =>
      (await (await platform.fetch('/api/optionchain/status')).json()).feed.state;
    await vi.waitFor(async () => expect(await live()).toBe('live'), patience);
  });

  it('are halted and go on, with the feed up', async () => {
    const open = async (): Promise<boolean[]> => {
      const { segments } = await asked<{
        segments: { exchange: string; segment: string; isOpen: boolean }[];
      }>('status');
      return segments
        .filter(({ exchange, segment }) => segment === 'fno' && exchanges.includes(exchange))
        .map(({ isOpen }) => isOpen);
    };
    expect(await open()).toEqual([true, true]);
    const told = { exchange: 'NSE', segment: 'fno', reason: 'an outage' };
    const { id } = await asked<{ id: string }>('halts', told);
    expect((await open()).sort()).toEqual([false, true]);
    const market = async (): Promise<{ stale: boolean }> =>
      (await platform.fetch('/api/optionchain/live?underlying=NIFTY')).json();
    await vi.waitFor(async () => expect((await market()).stale).toBe(true), patience);
    await vi.waitFor(async () => expect((await feed())[0]).toBe(2), patience);
    await asked(`halts/${id}/end`, {});
    expect(await open()).toEqual([true, true]);
  });

  it('are taken up by a start in the middle, which builds nothing twice', async () => {
    const done = async (): Promise<boolean[]> =>
      (await runs('build')).map(({ outcome }) => outcome === 'done');
    await vi.waitFor(async () => expect(await done()).not.toContain(false), patience);
    // Of the days before there was trading every day, and of today: each exchange once.
    const built = await runs('build');
    const names = built.map(({ exchange, date }) => `${exchange} ${date}`);
    expect(new Set(names).size).toBe(names.length);
    const atStart = async (): Promise<number> =>
      (await runs('resume')).filter(({ cause }) => cause === 'start').length;
    // While the exchanges trade, the first start was one in the middle as well.
    const before = await atStart();
    await platform.restartApi();
    await vi.waitFor(async () => expect((await feed())[1]).toBeGreaterThan(500), patience);
    await vi.waitFor(
      async () => expect(await atStart()).toBe(before + exchanges.length), patience,
    );
    expect(await runs('build')).toEqual(built);
  });

  it('end at once when the hours say so', async () => {
    const closedMs = Date.now();
    await apply('Closed again', 'closed');
    await vi.waitFor(async () => expect(await feed()).toEqual([0, 0]), patience);
    await vi.waitFor(async () => {
      const [last] = await runs('clean_up');
      expect(last).toMatchObject({ cause: 'calendar', outcome: 'done' });
      expect(Date.parse(last?.startedAt ?? '')).toBeGreaterThanOrEqual(closedMs);
      const status = await (await platform.fetch('/api/optionchain/status')).json();
      expect(status).toMatchObject({ market: { open: false }, feed: { state: 'closed' } });
    }, patience);
  });
});
