import {
  socketLimits,
  stateMessageSchema,
  type PlatformStatus,
  type Quote,
  type StateMessage,
} from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { chainJson } from './chain-json';
import { legGreeks } from './leg-json';
import { StateChannels, type StateRequest } from './state-channels';
import { StreamHub } from './stream-hub';
import { benchSkeleton, benchSource, ChainBench } from './testing/chain-bench';

const near = benchSkeleton('2026-11-24', 5);
const far = benchSkeleton('2026-12-01', 3);
const call = 'NSE:NIFTY:2026-11-24:120:CE';
const put = 'NSE:NIFTY:2026-12-01:110:PE';

function statusOf(): PlatformStatus {
  const chain = { expiry: near.expiry, class: 'weekly', state: 'built', reason: null } as const;
  const figures = {
    strikeCount: 5,
    shortfall: 0,
    liveCount: 3,
    restOnlyCount: 0,
    restAgeMs: 7,
    restBoundMs: 9,
    atmOutsideWindow: false,
  };
  const chains = [{ ...chain, ...figures, stale: false, tickAgeMs: 5 }];
  return {
    phase: 'live',
    market: { open: true, calendar: 'always', now: 'a' },
    source: benchSource,
    generation: 1,
    feed: {
      state: 'live',
      sockets: [],
      ticksPerSecond: 10,
      tickAgeMs: 4,
      packets: { applied: 1, behind: 0, unknownInstrument: 0, malformed: 0 },
    },
    budget: [],
    underlyings: ['NIFTY', 'SENSEX'].map((symbol) => ({
      symbol, exchange: 'NSE', state: 'built', reason: null, chains,
    })),
    clients: { sockets: 1, subscriptions: 1 },
  } as unknown as PlatformStatus;
}

function setUp() {
  const bench = new ChainBench([near, far]);
  const { clock } = bench;
  const hub = new StreamHub({
    clock, source: benchSource, isStale: () => false, isIndex: () => true,
  });
  const platform = { status: statusOf() };
  const chain = (symbol: string, expiry = [...bench.chains.keys()][0] ?? '') => {
    const found = symbol === 'NIFTY' ? bench.chains.get(expiry) : undefined;
    if (found) return found;
    throw new StrikewireError({ kind: 'not_found', code: 'underlying_unknown', message: 'not' });
  };
  const status = (): PlatformStatus => structuredClone(platform.status);
  const channels = new StateChannels({ clock, hub, service: { chain, status } });
  bench.tickSpot(12_000);
  bench.tick(5, 300);
  return { bench, clock, hub, platform, channels };
}

/** A client that holds every message to its schema and its order. */
function watcher() {
  const messages: StateMessage[] = [];
  let version = -1;
  const client = {
    buffered: 0,
    send: (data: string | Uint8Array) => {
      const json = JSON.parse(String(data)) as StateMessage;
      // The status here is not whole.
      const message = json.channel === 'status' ? json : stateMessageSchema.parse(json);
      if (message.type === 'delta') expect(message.previous).toBe(version);
      if (message.type !== 'layout') version = message.version;
      messages.push(message);
    },
    bufferedBytes: () => client.buffered,
    cut: () => undefined,
  };
  const news = (): StateMessage[] => messages.splice(0);
  return { client, news, kinds: () => news().map(({ type }) => type) };
}

const ofChain = (channel: 'greeks' | 'pcr'): StateRequest =>
  ({ type: 'subscribe', channel, underlying: 'NIFTY', encoding: 'json' });
const ofQuotes = (keys: string[]): StateRequest =>
  ({ type: 'subscribe', channel: 'quotes', keys, encoding: 'json' });

describe('greeks', () => {
  it('come whole, then as they change, once a second, and end as the chain\'s', async () => {
    const { bench, clock, channels } = setUp();
    const { client, news } = watcher();
    const chain = bench.chain(near.expiry);
    channels.subscribe(ofChain('greeks'), client);
    const [layout, snapshot] = news();
    expect(layout).toMatchObject({ type: 'layout', channel: 'greeks', strikes: [100, 110, 120,
      130, 140] });
    const rows = new Map((snapshot as { rows: [number, unknown][] }).rows);
    expect(rows.size).toBe(chain.slots.legCount);
    for (let step = 0; step < 40; step++) {
      bench.tick(1 + (step % 9), 300 + step, step + 1);
      await clock.advance(100);
    }
    await clock.advance(1_100);
    const deltas = news();
    expect(deltas.length).toBeGreaterThan(2);
    expect(deltas.length).toBeLessThanOrEqual(6);
    for (const delta of deltas) {
      for (const [row, figures] of (delta as { rows: [number, unknown][] }).rows) {
        rows.set(row, figures);
      }
    }
    for (const [row, figures] of rows) {
      expect(figures).toEqual(legGreeks(chain.store, chain.slots.firstSlot + row));
    }
  });

  it('come with a new structure when there is one', async () => {
    const { bench, clock, channels } = setUp();
    const { client, kinds } = watcher();
    channels.subscribe(ofChain('greeks'), client);
    bench.swap([benchSkeleton(near.expiry, 7), far]);
    kinds();
    await clock.advance(1_100);
    expect(kinds()).toEqual(['layout', 'snapshot']);
  });
});

describe('pcr', () => {
  it('tells the ratios of the chain, and of a change what has changed', async () => {
    const { bench, clock, channels } = setUp();
    const { client, news } = watcher();
    const chain = bench.chain(near.expiry);
    channels.subscribe(ofChain('pcr'), client);
    const [layout, snapshot] = news();
    expect(layout).toMatchObject({ channel: 'pcr', underlying: 'NIFTY', expiry: near.expiry });
    bench.tick(5, 300, 5_000);
    bench.tick(6, 300, 2_500);
    await clock.advance(1_100);
    const [delta, ...more] = news();
    expect(more).toEqual([]);
    const ratios = (one: unknown): object => (one as { ratios: object }).ratios;
    expect(Object.keys(ratios(delta)).sort()).toEqual(
      ['pcrVolume', 'totalCeVolume', 'totalPeVolume'],
    );
    const { metrics } = chainJson(chain, benchSource);
    expect(metrics).toMatchObject({ ...ratios(snapshot), ...ratios(delta) });
    await clock.advance(5_000);
    expect(news()).toEqual([]);
  });
});

describe('quotes', () => {
  const rowsOf = (messages: StateMessage[]): [number, Quote | null][] =>
    messages.flatMap((one) => ('rows' in one ? (one.rows as [number, Quote | null][]) : []));

  it('tells contracts of several chains and spots, then those that change', async () => {
    const { bench, clock, channels } = setUp();
    const { client, news } = watcher();
    channels.subscribe(ofQuotes(['NSE:NIFTY', put, call, call]), client);
    const [layout, snapshot] = news() as [{ keys: string[] }, StateMessage];
    expect(layout.keys).toEqual(['NSE:NIFTY', call, put]);
    expect(rowsOf([snapshot])).toMatchObject([[0, { ltp: 120 }], [1, { ltp: 3 }], [2, {}]]);
    bench.tick(bench.chain(far.expiry).slots.firstSlot + 3, 777, 9);
    await clock.advance(150);
    expect(rowsOf(news())).toMatchObject([[2, { ltp: 7.77, volume: 9, bid: 7.72, ask: 7.82 }]]);
    await clock.advance(5_000);
    expect(news()).toEqual([]);
  });

  it('shares a stream among those who want the same, in whatever order', () => {
    const { channels, hub } = setUp();
    const [a, b] = [watcher(), watcher()];
    const stream = channels.subscribe(ofQuotes([call, put]), a.client);
    expect(channels.subscribe(ofQuotes([put, call]), b.client)).toBe(stream);
    expect(hub.clientCount()).toBe(2);
  });

  it('has nothing of a contract that is gone, and something when it is back', async () => {
    const { bench, clock, channels, hub } = setUp();
    const { client, news } = watcher();
    channels.subscribe(ofQuotes([call, put]), client);
    news();
    for (const gone of bench.swap([near])) hub.retire(gone);
    await clock.advance(150);
    const told = new Map(rowsOf(news()));
    expect(told.get(1)).toBeNull();
    expect(told.get(0)).toMatchObject({ ltp: 3 });
    bench.swap([near, far]);
    await clock.advance(6_000);
    expect(new Map(rowsOf(news())).get(1)).not.toBeNull();
  });

  it('has the spot of an underlying at once when the chain that told it has expired', async () => {
    const { bench, clock, channels, hub } = setUp();
    const { client, news } = watcher();
    channels.subscribe(ofQuotes(['NSE:NIFTY']), client);
    news();
    await clock.advance(1_000);
    for (const gone of bench.swap([far])) hub.retire(gone);
    await clock.advance(150);
    expect(rowsOf(news()).at(-1)).toMatchObject([0, { ltp: 120 }]);
  });
});

describe('status', () => {
  const request: StateRequest = { type: 'subscribe', channel: 'status', encoding: 'json' };

  it('comes whole, then what has changed of it', async () => {
    const { clock, channels, platform } = setUp();
    const { client, news } = watcher();
    channels.subscribe(request, client);
    const [layout, snapshot] = news();
    expect(layout).toMatchObject({ type: 'layout', channel: 'status' });
    expect(snapshot).toMatchObject({ status: platform.status });
    platform.status.phase = 'degraded';
    const chains = platform.status.underlyings[1]!.chains.map((one) => ({ ...one, stale: true }));
    platform.status.underlyings[1]!.chains = chains;
    await clock.advance(1_100);
    const [delta] = news() as unknown as [{ status: object }];
    expect(Object.keys(delta.status).sort()).toEqual(['phase', 'underlyings']);
    expect(delta.status).toMatchObject({ underlyings: [{ symbol: 'SENSEX' }] });
    platform.status.underlyings.pop();
    await clock.advance(1_000);
    expect(news()).toMatchObject([{ type: 'delta', status: { gone: ['NSE:SENSEX'] } }]);
  });

  it('takes what always moves for no news, and tells it now and then', async () => {
    const { clock, channels, platform } = setUp();
    const { client, news } = watcher();
    channels.subscribe(request, client);
    news();
    for (let second = 0; second < 4; second++) {
      platform.status.feed.ticksPerSecond++;
      platform.status.market.now = `second ${second}`;
      platform.status.underlyings[0]!.chains[0]!.tickAgeMs = second;
      await clock.advance(1_000);
    }
    expect(news()).toEqual([]);
    await clock.advance(1_500);
    const [delta, ...more] = news() as { status: object }[];
    expect(more).toEqual([]);
    expect(Object.keys(delta!.status).sort()).toEqual(['clients', 'feed', 'market']);
  });
});

describe('a slow client of a channel of state', () => {
  it('skips steps and gets a snapshot when it has drained', async () => {
    const { bench, clock, channels } = setUp();
    const { client, kinds } = watcher();
    channels.subscribe(ofQuotes([call]), client);
    kinds();
    client.buffered = socketLimits.bufferedBytesMax + 1;
    for (let step = 0; step < 5; step++) {
      bench.tick(5, 400 + step, step + 1);
      await clock.advance(200);
    }
    expect(kinds()).toEqual([]);
    client.buffered = 0;
    await clock.advance(200);
    expect(kinds()).toEqual(['snapshot']);
    bench.tick(5, 500, 50);
    await clock.advance(200);
    expect(kinds()).toEqual(['delta']);
  });
});
