import { describe, expect, it } from 'vitest';
import { StreamHub } from './stream-hub';
import { benchSkeleton, benchSource, ChainBench } from './testing/chain-bench';
import { StreamHolder } from './testing/stream-holder';

const near = benchSkeleton('2026-11-24', 5);
const far = benchSkeleton('2026-12-01', 3);

function setUp() {
  const bench = new ChainBench([near, far]);
  const hub = new StreamHub({
    clock: bench.clock,
    source: benchSource,
    isStale: () => false,
    isIndex: (chain) => chain.slots.skeleton.expiry === near.expiry,
  });
  bench.tickSpot(12_000);
  bench.tick(1, 500);
  return { bench, hub, chain: bench.chain(near.expiry), client: new StreamHolder() };
}

describe('a load that is shed', () => {
  it.each([
    [1, 40, 10],
    [2, 40, 5],
    [4, 20, 2],
  ])('at scale %i an index chain is told %i times a second, another %i times', async (
    scale, ofIndex, ofOther,
  ) => {
    const { bench, hub, client } = setUp();
    const other = new StreamHolder();
    hub.subscribe(bench.chain(near.expiry), 'binary', client);
    hub.subscribe(bench.chain(far.expiry), 'binary', other);
    hub.setFlushScale(scale);
    client.news();
    other.news();
    for (let step = 0; step < 200; step++) {
      bench.tick(1, 1_000 + step);
      bench.tick(11, 1_000 + step);
      await bench.clock.advance(5);
    }
    const told = [client.news().length, other.news().length];
    expect(told[0]).toBe(ofIndex);
    expect(Math.abs(told[1]! - ofOther)).toBeLessThanOrEqual(1);
    expect([...client.faults, ...other.faults]).toEqual([]);
  });

  it('is never more than the usual', () => {
    const { hub } = setUp();
    expect(() => hub.setFlushScale(0.5)).toThrow(/scale was 0.5/);
    expect(() => hub.setFlushScale(NaN)).toThrow(RangeError);
  });
});

describe('one slice', () => {
  it('is one write to each client, however many of its streams have news', async () => {
    const { bench, hub, chain } = setUp();
    const events: string[] = [];
    const client = {
      send: () => events.push('send'),
      cork: () => void events.push('cork'),
      uncork: () => void events.push('uncork'),
      bufferedBytes: () => 0,
      cut: () => undefined,
    };
    hub.subscribe(chain, 'json', client);
    hub.subscribe(chain, 'binary', client);
    events.length = 0;
    bench.tick(2, 999);
    await bench.clock.advance(30);
    expect(events).toEqual(['cork', 'send', 'send', 'uncork']);
    expect(hub.counters.frames).toBe(2);
  });

  it('joins up also for who comes after somebody else has looked at the chain', async () => {
    const { bench, hub, chain, client } = setUp();
    const newcomer = new StreamHolder();
    hub.subscribe(chain, 'json', client);
    bench.tick(2, 999);
    // As a read over REST does.
    chain.refresh(false, bench.clock.wallMs());
    hub.subscribe(chain, 'json', newcomer);
    bench.tick(3, 111);
    await bench.clock.advance(30);
    expect([client.news(), newcomer.news()]).toEqual([
      ['layout', 'snapshot', 'delta'],
      ['layout', 'snapshot', 'delta'],
    ]);
    expect([...client.faults, ...newcomer.faults]).toEqual([]);
    expect(client.held.get(1)?.rows).toEqual(newcomer.held.get(1)?.rows);
  });

  it('encodes a snapshot once for all who come between two deltas', () => {
    const { hub, chain } = setUp();
    const got: unknown[] = [];
    const come = (): number => {
      const send = (data: unknown): unknown => data instanceof Uint8Array && got.push(data);
      return hub.subscribe(chain, 'binary', { send, bufferedBytes: () => 0, cut: () => undefined });
    };
    for (let count = 0; count < 5; count++) come();
    expect(new Set(got).size).toBe(1);
    expect(hub.counters.snapshots).toBe(5);
  });
});
