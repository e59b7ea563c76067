import { isDeepStrictEqual } from 'node:util';
import { socketLimits } from '@strikewire/contracts';
import { createSeededRandom } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { legGreeks, legUpdate } from './leg-json';
import type { LiveChain } from './live-chain';
import { StreamHub } from './stream-hub';
import { benchSkeleton, benchSource, ChainBench } from './testing/chain-bench';
import { StreamHolder, type HeldStream } from './testing/stream-holder';

const near = benchSkeleton('2026-11-24', 5);
const far = benchSkeleton('2026-12-01', 3);

function setUp() {
  const bench = new ChainBench([near, far]);
  const market = { isStale: false };
  const hub = new StreamHub({
    clock: bench.clock,
    source: benchSource,
    isStale: () => market.isStale,
    isIndex: (chain) => chain.slots.skeleton.expiry === near.expiry,
  });
  bench.tickSpot(12_000);
  bench.tick(1, 500);
  return { bench, hub, market, chain: bench.chain(near.expiry), client: new StreamHolder() };
}

/** What a holder differs in from the store behind a chain, volatility and Greeks apart. */
function differences(holder: StreamHolder, chain: LiveChain): string[] {
  return streamsOf(holder, chain).flatMap(({ rows, store, layout, version }) => {
    const wrong: string[] = version === chain.version ? [] : [`version ${version}`];
    for (let row = 0; row < chain.slots.legCount; row++) {
      const truth = legUpdate(chain.store, chain.slots.firstSlot + row);
      const has = (rows.size > 0 ? (rows.get(row) ?? {}) : legUpdate(store, row)) as typeof truth;
      const held = Object.fromEntries(Object.keys(truth).map((key) => [key, has[key as 'ltp']]));
      // A frame has an age, which cannot say "never".
      const updatedAt = truth.updatedAt === null ? null : held['updatedAt'];
      if (!isDeepStrictEqual({ ...held, updatedAt }, truth)) wrong.push(`${layout.stream}:${row}`);
    }
    return wrong;
  });
}

/** The same for volatility and Greeks, which are told up to a second later, by frames as f32. */
function greekDifferences(holder: StreamHolder, chain: LiveChain): string[] {
  return streamsOf(holder, chain).flatMap(({ rows, store, layout }) => {
    const wrong: string[] = [];
    for (let row = 0; row < chain.slots.legCount; row++) {
      const slot = chain.slots.firstSlot + row;
      const { iv, greeks, ivReason } = legGreeks(chain.store, slot);
      const leg = rows.get(row);
      const isSame =
        rows.size > 0
          ? isDeepStrictEqual([leg?.iv, leg?.greeks, leg?.ivReason], [iv, greeks, ivReason])
          : Object.is(store.iv[row], Math.fround(chain.store.iv[slot]!)) &&
            Object.is(store.gamma[row], Math.fround(chain.store.gamma[slot]!)) &&
            store.ivStatus[row] === chain.store.ivStatus[slot];
      if (!isSame) wrong.push(`${layout.stream}:${row}`);
    }
    return wrong;
  });
}

function streamsOf(holder: StreamHolder, chain: LiveChain): HeldStream[] {
  const streams = [...holder.held.values()].filter(
    ({ layout }) => layout.expiry === chain.slots.skeleton.expiry,
  );
  expect(streams.length).toBeGreaterThan(0);
  return streams;
}

describe('subscribing', () => {
  it.each(['json', 'binary'] as const)('gives layout, snapshot, then deltas: %s', async (kind) => {
    const { bench, hub, chain, client } = setUp();
    hub.subscribe(chain, kind, client, 'a');
    expect(client.news()).toEqual(['layout', 'snapshot']);
    expect(differences(client, chain)).toEqual([]);
    bench.tick(3, 777, 10);
    await bench.clock.advance(30);
    expect(client.news()).toEqual(['delta']);
    expect(differences(client, chain)).toEqual([]);
    // What the tick made of volatility and Greeks follows within a second, and then all is told.
    expect(greekDifferences(client, chain)).not.toEqual([]);
    await bench.clock.advance(1_000);
    expect(client.news()).toEqual(['delta']);
    expect(greekDifferences(client, chain)).toEqual([]);
    await bench.clock.advance(10_000);
    expect(client.news()).toEqual([]);
    expect(client.faults).toEqual([]);
  });

  it('gives a newcomer in mid-stream what the others hold', async () => {
    const { bench, hub, chain, client } = setUp();
    const newcomer = new StreamHolder();
    const id = hub.subscribe(chain, 'json', client);
    await bench.clock.advance(100);
    client.news();
    bench.tick(2, 600);
    expect(hub.subscribe(chain, 'json', newcomer)).toBe(id);
    // Nobody else is disturbed: both hold the same version, which the next delta joins.
    expect(client.news()).toEqual([]);
    expect(newcomer.news()).toEqual(['layout', 'snapshot']);
    const [first, second] = [client.held.get(id)!, newcomer.held.get(id)!];
    expect(second.version).toBe(first.version);
    await bench.clock.advance(30);
    expect([client.news(), newcomer.news()]).toEqual([['delta'], ['delta']]);
    expect(second.version).toBe(first.version);
    expect(differences(client, chain)).toEqual([]);
    // A snapshot shows the newest volatility; who is there already is told of it in its time.
    await bench.clock.advance(1_000);
    expect([...second.rows].sort()).toEqual([...first.rows].sort());
    bench.tick(2, 601);
    await bench.clock.advance(30);
    expect([...client.faults, ...newcomer.faults]).toEqual([]);
    expect([...differences(client, chain), ...differences(newcomer, chain)]).toEqual([]);
  });

  it('sends rows that changed and no others, and no row for a spot alone', async () => {
    const { bench, hub, chain } = setUp();
    const sent: string[] = [];
    const client = { send: (data: unknown) => sent.push(String(data)), bufferedBytes: () => 0 };
    hub.subscribe(chain, 'json', { ...client, cut: () => undefined });
    sent.length = 0;
    bench.tick(4, 700);
    await bench.clock.advance(30);
    bench.tickSpot(12_100);
    await bench.clock.advance(30);
    const rows = sent.map((text) => (JSON.parse(text) as { rows: [number, unknown][] }).rows);
    expect(rows.map((some) => some.map(([row]) => row))).toEqual([[3], []]);
    expect(JSON.parse(sent[1]!)).toMatchObject({ head: { spot: 121, atmStrike: 120 } });
  });

  it('tells a flip of staleness without any tick', async () => {
    const { bench, hub, market, chain, client } = setUp();
    const id = hub.subscribe(chain, 'json', client);
    market.isStale = true;
    await bench.clock.advance(30);
    expect(client.held.get(id)?.head?.stale).toBe(true);
  });

  it('flushes index chains every 25 ms and others every 100 ms', async () => {
    const { bench, hub, client } = setUp();
    const other = new StreamHolder();
    hub.subscribe(bench.chain(near.expiry), 'binary', client);
    hub.subscribe(bench.chain(far.expiry), 'binary', other);
    for (let step = 0; step < 200; step++) {
      bench.tick(1, 1_000 + step);
      bench.tick(11, 1_000 + step);
      await bench.clock.advance(5);
    }
    const deltas = (holder: StreamHolder): number =>
      holder.news().filter((kind) => kind === 'delta').length;
    expect(deltas(client)).toBe(40);
    expect(deltas(other)).toBe(10);
  });
});

describe('letting go', () => {
  it('sends nothing after unsubscribing, and knows who holds what', async () => {
    const { bench, hub, chain, client } = setUp();
    const id = hub.subscribe(chain, 'json', client);
    const stranger = new StreamHolder();
    expect(hub.unsubscribe(id, stranger)).toBe(false);
    expect(hub.resync(id, stranger)).toBe(false);
    expect(hub.heldBy(client)).toBe(1);
    expect(hub.unsubscribe(id, client)).toBe(true);
    expect(hub.unsubscribe(id, client)).toBe(false);
    client.news();
    bench.tick(2, 999);
    await bench.clock.advance(1_000);
    expect(client.news()).toEqual([]);
    expect([hub.counters.subscriptions, hub.clientCount(), hub.heldBy(client)]).toEqual([0, 0, 0]);
    expect(bench.clock.pendingCount).toBe(0);
  });

  it('drops all of a client at once and counts each subscription once', () => {
    const { bench, hub, chain, client } = setUp();
    hub.subscribe(chain, 'json', client);
    hub.subscribe(chain, 'json', client);
    hub.subscribe(chain, 'binary', client);
    hub.subscribe(bench.chain(far.expiry), 'json', client);
    expect([hub.counters.subscriptions, hub.clientCount(), hub.heldBy(client)]).toEqual([3, 1, 3]);
    hub.drop(client);
    expect([hub.counters.subscriptions, hub.clientCount()]).toEqual([0, 0]);
  });

  it('gives a snapshot to who asks to resync', async () => {
    const { bench, hub, chain, client } = setUp();
    const id = hub.subscribe(chain, 'binary', client);
    bench.tick(2, 999);
    client.news();
    expect(hub.resync(id, client)).toBe(true);
    expect(client.news()).toEqual(['snapshot']);
    await bench.clock.advance(30);
    expect(client.news()).toEqual(['delta']);
    expect([...client.faults, ...differences(client, chain)]).toEqual([]);
  });
});

describe('a slow client', () => {
  const over = socketLimits.bufferedBytesMax + 1;

  it('skips deltas, holds nobody up, and gets a snapshot when it has drained', async () => {
    const { bench, hub, chain, client } = setUp();
    const quick = new StreamHolder();
    hub.subscribe(chain, 'json', client);
    hub.subscribe(chain, 'json', quick);
    client.news();
    client.buffered = over;
    for (let step = 0; step < 40; step++) {
      bench.tick(2, 1_000 + step);
      await bench.clock.advance(25);
    }
    expect(client.news()).toEqual([]);
    expect(differences(quick, chain)).toEqual([]);
    client.buffered = socketLimits.bufferedBytesMax / 2;
    await bench.clock.advance(30);
    expect(client.news()).toEqual(['snapshot']);
    bench.tick(3, 5);
    await bench.clock.advance(30);
    expect(client.news()).toEqual(['delta']);
    expect(client.faults).toEqual([]);
    expect(differences(client, chain)).toEqual([]);
  });

  it('is cut past its limit, everywhere, and not before', async () => {
    const { bench, hub, chain, client } = setUp();
    hub.subscribe(chain, 'json', client);
    hub.subscribe(bench.chain(far.expiry), 'json', client);
    client.buffered = over;
    bench.tick(2, 1);
    await bench.clock.advance(socketLimits.slowMsMax);
    expect(client.cutReason).toBeNull();
    await bench.clock.advance(100);
    expect(client.cutReason).toMatch(/slow/);
    expect([hub.counters.cuts, hub.counters.subscriptions]).toEqual([1, 0]);
  });

  it('cannot fill its buffer by asking for snapshots, nor put off its end', async () => {
    const { bench, hub, chain, client } = setUp();
    const id = hub.subscribe(chain, 'json', client);
    client.buffered = over;
    client.news();
    for (let second = 0; second < 20 && client.cutReason === null; second++) {
      hub.resync(id, client);
      hub.subscribe(chain, 'json', client);
      await bench.clock.advance(1_000);
    }
    expect(client.news().filter((kind) => kind === 'snapshot')).toEqual([]);
    expect(client.cutReason).toMatch(/slow/);
  });
});

describe('a new generation', () => {
  it('comes with its layout, then a snapshot, then deltas', async () => {
    const { bench, hub, chain, client } = setUp();
    const id = hub.subscribe(chain, 'binary', client);
    client.news();
    bench.swap([far, benchSkeleton(near.expiry, 7)]);
    await bench.clock.advance(30);
    expect(client.news()).toEqual(['layout', 'snapshot']);
    expect(client.held.get(id)?.layout).toMatchObject({ generation: 2, stream: id });
    expect(client.held.get(id)?.layout.strikes).toHaveLength(7);
    expect(differences(client, chain)).toEqual([]);
    bench.tick(chain.slots.firstSlot + 12, 4_321);
    await bench.clock.advance(30);
    expect(client.news()).toEqual(['delta']);
    expect([...client.faults, ...differences(client, chain)]).toEqual([]);
  });

  it('lets go of chains that are no more, and says so', async () => {
    const { bench, hub, client } = setUp();
    hub.subscribe(bench.chain(far.expiry), 'json', client);
    hub.subscribe(bench.chain(far.expiry), 'binary', client);
    client.news();
    for (const gone of bench.swap([near])) hub.retire(gone);
    expect(client.news()).toEqual(['unsubscribed', 'unsubscribed']);
    expect([client.held.size, hub.counters.subscriptions, hub.heldBy(client)]).toEqual([0, 0, 0]);
    await bench.clock.advance(1_000);
    expect(client.faults).toEqual([]);
  });
});

describe('whatever happens', () => {
  const seeds = Array.from({ length: 20 }, (_, index) => index + 1);

  it.each(seeds)('every client ends up with what the store holds (%i)', async (seed) => {
    const random = createSeededRandom(seed);
    const upTo = (count: number): number => Math.floor(random.next() * count);
    const { bench, hub, market } = setUp();
    const clients = Array.from({ length: 6 }, () => new StreamHolder());
    for (let step = 0; step < 300; step++) {
      const client = clients[upTo(clients.length)]!;
      const chain = [...bench.chains.values()][upTo(bench.chains.size)]!;
      const event = upTo(12);
      const slot = chain.slots.firstSlot + upTo(chain.slots.legCount);
      if (event < 5) bench.tick(slot, 100 + upTo(1_000), step);
      if (event === 5) bench.tickSpot(10_000 + upTo(5_000));
      if (event === 6) hub.subscribe(chain, random.next() < 0.5 ? 'json' : 'binary', client);
      if (event === 7) client.buffered = random.next() < 0.3 ? 2_000_000 : 0;
      if (event === 8) for (const id of client.held.keys()) hub.resync(id, client);
      if (event === 9) market.isStale = random.next() < 0.5;
      if (event === 10 && random.next() < 0.3) {
        for (const id of [...client.held.keys()]) {
          hub.unsubscribe(id, client);
          client.held.delete(id);
        }
      }
      if (event === 11 && random.next() < 0.3) {
        const lists = [[near, far], [far, near], [near], [benchSkeleton(near.expiry, 8), far]];
        for (const gone of bench.swap(lists[upTo(4)]!)) hub.retire(gone);
      }
      await bench.clock.advance(upTo(60));
    }
    for (const client of clients) client.buffered = 0;
    await bench.clock.advance(1_500);
    for (const client of clients) {
      expect(client.faults).toEqual([]);
      for (const { layout } of client.held.values()) {
        const chain = bench.chain(layout.expiry);
        expect(differences(client, chain)).toEqual([]);
        expect(greekDifferences(client, chain)).toEqual([]);
      }
    }
    expect(hub.counters.subscriptions).toBe(
      clients.reduce((sum, client) => sum + client.held.size, 0),
    );
  });
});
