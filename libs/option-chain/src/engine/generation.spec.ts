import { field } from '@strikewire/market-data';
import { describe, expect, it } from 'vitest';
import { renameSkeleton } from '../core/skeleton-names';
import { writeChainSnapshot } from './generation';
import { fullLeg, legUpdate } from './leg-json';
import { SnapshotCache } from './snapshot-cache';
import {
  benchAnswer,
  benchLeg,
  benchSkeleton,
  benchSource,
  ChainBench,
} from './testing/chain-bench';

const near = benchSkeleton('2026-11-24', 5);
const far = benchSkeleton('2026-12-01', 3);
const firstCall = near.strikes[0]!.CE.token.id;

describe('createGeneration', () => {
  it('carries what is known of each contract to wherever it lies next', () => {
    const bench = new ChainBench([near, far]);
    bench.tickSpot(12_000);
    bench.tick(1, 500, 7);
    bench.tick(11, 900, 9);
    const before = bench.chain(far.expiry).slots.firstSlot;
    bench.swap([far, near]);
    const { store } = bench.generation;
    const [nearSlots, farSlots] = [bench.chain(near.expiry).slots, bench.chain(far.expiry).slots];
    expect(farSlots.firstSlot).not.toBe(before);
    expect(store.ltpPaise[0]).toBe(12_000);
    expect(store.ltpPaise[nearSlots.firstSlot]).toBe(500);
    expect(store.ltpPaise[farSlots.firstSlot]).toBe(900);
    expect(store.volume[farSlots.firstSlot]).toBe(9);
    expect(bench.chain(far.expiry).atmPointer).toMatchObject({ atmPaise: 12_000, anchorIndex: 2 });
  });

  it('knows nothing of contracts that are new', () => {
    const bench = new ChainBench([near]);
    bench.tick(1, 500);
    bench.swap([benchSkeleton(near.expiry, 6), far]);
    const { store } = bench.generation;
    expect(store.known[11]).toBe(0);
    expect(legUpdate(store, 11)).toMatchObject({ ltp: null, bid: null, oi: null, updatedAt: null });
  });

  it('carries what is known to the same contract under another name', () => {
    const bench = new ChainBench([near]);
    bench.tick(3, 700, 5);
    const renamed = renameSkeleton(near, 'other', (key) => ({ segment: 'Y', id: key }));
    bench.swap([renamed!]);
    const { store } = bench.generation;
    expect([store.ltpPaise[3], store.volume[3]]).toEqual([700, 5]);
  });

  it('gives each chain a group of its own, so that a tick dirties one alone', () => {
    const bench = new ChainBench([near, far]);
    const [a, b] = [bench.chain(near.expiry), bench.chain(far.expiry)];
    const now = bench.clock.wallMs();
    expect([a.refresh(false, now), b.refresh(false, now)]).toEqual([true, true]);
    bench.tick(b.slots.firstSlot, 5);
    expect([a.refresh(false, now), b.refresh(false, now)]).toEqual([false, true]);
  });
});

describe('LiveChain.refresh', () => {
  it('makes a version of a leg\'s tick, the spot\'s, a flip of staleness; of nothing none', () => {
    const bench = new ChainBench([near]);
    const chain = bench.chain(near.expiry);
    chain.refresh(false, bench.clock.wallMs());
    const versions = [chain.version];
    const look = (isStale: boolean): void => {
      chain.refresh(isStale, bench.clock.wallMs());
      versions.push(chain.version);
    };
    look(false);
    bench.tick(3, 700);
    look(false);
    look(false);
    bench.tickSpot(13_400);
    look(false);
    look(true);
    look(true);
    expect(versions.map((version) => version - versions[0]!)).toEqual([0, 0, 1, 1, 2, 3, 3]);
    expect(chain.atmPointer).toMatchObject({ atmPaise: 13_000, anchorIndex: 3 });
  });

  it('moves tags and not strikes when the spot leaves the window', () => {
    const bench = new ChainBench([near]);
    const chain = bench.chain(near.expiry);
    bench.tickSpot(19_000);
    chain.refresh(false, bench.clock.wallMs());
    expect(chain.atmPointer).toEqual({ atmPaise: 19_000, anchorIndex: 4, isOutsideWindow: true });
    expect(fullLeg(chain, 0, 'CE').tag).toBe('ITM4');
    expect(fullLeg(chain, 0, 'PE').tag).toBe('OTM4');
    expect(chain.slots.legCount).toBe(10);
  });
});

describe('writeChainSnapshot', () => {
  const figures = {
    ltpPaise: 700, bidPaise: 690, askPaise: 710, bidQty: 65, askQty: 130, volume: 10, oi: 50,
    previousOi: 40, closePaise: 650,
    greeks: { iv: 12.5, delta: 0.5, gamma: null, theta: -3, vega: 1, rho: null },
  };

  it('fills a leg, with null where the broker says nothing', () => {
    const bench = new ChainBench([near]);
    writeChainSnapshot(bench.generation, near, benchAnswer(benchLeg(firstCall, figures), 0));
    expect(legUpdate(bench.generation.store, 1)).toMatchObject({
      ltp: 7, bid: 6.9, ask: 7.1, bidQty: 65, askQty: 130, volume: 10, oi: 50, oiChange: 10,
      brokerGreeks: { iv: 12.5, delta: 0.5, gamma: null, theta: -3, vega: 1, rho: null },
    });
  });

  it('does not invent a previous OI, a close or Greeks', () => {
    const bench = new ChainBench([near]);
    const bare = { ...figures, previousOi: null, closePaise: null, greeks: null };
    writeChainSnapshot(bench.generation, near, benchAnswer(benchLeg(firstCall, bare), 0));
    const { store } = bench.generation;
    expect(legUpdate(store, 1)).toMatchObject({ oi: 50, oiChange: null, brokerGreeks: null });
    expect(store.knows(1, field.close | field.previousOi | field.brokerGreeks)).toBe(false);
  });

  it('shows an empty book as null prices, not as zero', () => {
    const bench = new ChainBench([near]);
    writeChainSnapshot(bench.generation, near, benchAnswer(benchLeg(firstCall), 0));
    const leg = legUpdate(bench.generation.store, 1);
    expect(leg).toMatchObject({ bid: null, ask: null, bidQty: 0, askQty: 0 });
  });

  it('never overwrites what has ticked since the request was sent', async () => {
    const bench = new ChainBench([near]);
    await bench.clock.advance(1_000);
    bench.tick(1, 500, 99);
    writeChainSnapshot(bench.generation, near, benchAnswer(benchLeg(firstCall, figures), 900));
    const leg = legUpdate(bench.generation.store, 1);
    expect(leg).toMatchObject({ ltp: 5, volume: 99, bid: 4.95, ask: 5.05 });
    // Only REST carries these: they are taken all the same.
    expect(leg.brokerGreeks).toMatchObject({ iv: 12.5 });
    expect(bench.generation.store.previousOi[1]).toBe(40);
  });

  it('replaces what was older when the request was sent', async () => {
    const bench = new ChainBench([near]);
    bench.tick(1, 500, 5);
    await bench.clock.advance(1_000);
    writeChainSnapshot(bench.generation, near, benchAnswer(benchLeg(firstCall, figures), 900));
    expect(legUpdate(bench.generation.store, 1)).toMatchObject({ ltp: 7, volume: 10 });
  });

  it('goes by the contract, whatever a broker calls it', () => {
    const bench = new ChainBench([near]);
    writeChainSnapshot(bench.generation, near, benchAnswer(benchLeg('Y-77', figures), 0));
    expect(legUpdate(bench.generation.store, 1)).toMatchObject({ ltp: 7, oi: 50 });
  });

  it('ignores contracts that are not kept', () => {
    const bench = new ChainBench([near]);
    const { version } = bench.generation.store;
    const other = { ...near, expiry: '2027-01-05' };
    writeChainSnapshot(bench.generation, other, benchAnswer(benchLeg(firstCall, figures), 0));
    expect(bench.generation.store.version).toBe(version);
  });
});

describe('SnapshotCache', () => {
  it('encodes a version once, and a flip of staleness anew', () => {
    const bench = new ChainBench([near]);
    const cache = new SnapshotCache(benchSource, 'run1', bench.clock);
    const chain = bench.chain(near.expiry);
    chain.refresh(false, bench.clock.wallMs());
    const first = cache.read(chain);
    expect(cache.read(chain)).toBe(first);
    chain.refresh(true, bench.clock.wallMs());
    const stale = cache.read(chain);
    expect(stale.etag).not.toBe(first.etag);
    expect(JSON.parse(stale.body.toString())).toMatchObject({ stale: true });
    expect(JSON.parse(first.body.toString())).toMatchObject({ stale: false });
  });

  it('has another tag in another generation and in another run', () => {
    const bench = new ChainBench([near]);
    const tags = ['run1', 'run2'].map(
      (run) => new SnapshotCache(benchSource, run, bench.clock).read(bench.chain(near.expiry)).etag,
    );
    bench.swap([near]);
    const cache = new SnapshotCache(benchSource, 'run1', bench.clock);
    tags.push(cache.read(bench.chain(near.expiry)).etag);
    expect(new Set(tags).size).toBe(3);
    expect(tags.every((tag) => /^"[\w-]+"$/.test(tag))).toBe(true);
  });
});
