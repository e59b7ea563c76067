import { StrikewireError, type Log } from '@strikewire/runtime';
import { describe, expect, it } from 'vitest';
import { ChainMirror } from './chain-mirror';
import { decodeMirror } from './chain-mirror-decoder';
import { encodeMirror } from './chain-mirror-encoder';
import { mirrorTtlMs, type ChainMirrorStore } from './chain-mirror-store';
import { benchSkeleton, ChainBench } from './testing/chain-bench';

const expiries = ['2026-11-24', '2026-12-01', '2026-12-08'];
const tradingDay = '2026-11-24';
const keyOf = (expiry: string): string => `NSE:NIFTY:${expiry}`;

/** A place in this process, which can be away and be emptied. */
class Place implements ChainMirrorStore {
  readonly values = new Map<string, Uint8Array>();
  left: string | undefined;
  isAway = false;
  /** Keys of each call, in order. */
  readonly saved: string[][] = [];
  readonly loaded: string[][] = [];

  async mark(value: string): Promise<string | undefined> {
    this.reach();
    const before = this.left;
    this.left = value;
    return before;
  }

  async save(entries: readonly { key: string; bytes: Uint8Array }[]): Promise<void> {
    this.reach();
    this.saved.push(entries.map(({ key }) => key));
    for (const { key, bytes } of entries) this.values.set(key, bytes);
  }

  async load(keys: readonly string[]): Promise<Map<string, Uint8Array>> {
    this.reach();
    this.loaded.push([...keys]);
    return new Map(keys.flatMap((key) => {
      const value = this.values.get(key);
      return value ? [[key, value]] : [];
    }));
  }

  async forget(keys: readonly string[]): Promise<void> {
    this.reach();
    for (const key of keys) this.values.delete(key);
  }

  flush(): void {
    this.values.clear();
    this.left = undefined;
  }

  /** Keys written since the last look. */
  news(): string[] {
    return this.saved.splice(0).flat();
  }

  private reach(): void {
    if (!this.isAway) return;
    throw new StrikewireError({ kind: 'retryable', code: 'away', message: 'it is away' });
  }
}

/** Chains with a mirror; `place` may hold what another run has left. */
function setUp(place = new Place(), strikeCount = 3, names = expiries) {
  const bench = new ChainBench(names.map((expiry) => benchSkeleton(expiry, strikeCount)));
  const lines: string[] = [];
  const note = (line: string): void => void lines.push(line);
  const log = { debug: note, info: note, warn: note, error: note } as unknown as Log;
  const { clock } = bench;
  const mirror = new ChainMirror({
    clock, log, store: place, generation: () => bench.generation, tradingDay: () => tradingDay,
  });
  const slotOf = (expiry: string): number => bench.chain(expiry).slots.firstSlot;
  const shown = (expiry: string): number | undefined => {
    const bytes = place.values.get(keyOf(expiry));
    const mirrored = bytes && decodeMirror(bytes, clock.wallMs());
    return typeof mirrored === 'object' ? mirrored.columns.ltpPaise[0] : undefined;
  };
  const second = (): Promise<void> => clock.advance(1_000);
  return { bench, clock, mirror, place, lines, slotOf, shown, second };
}

/** What a run leaves whose first legs stood at these prices. */
async function leave(prices: Record<string, number>, spotPaise = 12_000): Promise<Place> {
  const { bench, mirror, place, slotOf, second } = setUp();
  mirror.start();
  bench.tickSpot(spotPaise);
  for (const [expiry, price] of Object.entries(prices)) bench.tick(slotOf(expiry), price, 10);
  await second();
  mirror.stop();
  place.news();
  place.loaded.length = 0;
  return place;
}

describe('the mirror of chains', () => {
  it('writes what has changed, and nothing else', async () => {
    const { bench, mirror, place, slotOf, shown, second } = setUp();
    mirror.start();
    await second();
    expect(place.news()).toEqual([]);
    bench.tick(slotOf('2026-12-01'), 500);
    await second();
    expect(place.news()).toEqual([keyOf('2026-12-01')]);
    expect(shown('2026-12-01')).toBe(500);
    await second();
    expect(place.news()).toEqual([]);
    bench.tickSpot(12_000);
    await second();
    expect(new Set(place.news())).toEqual(new Set(expiries.map(keyOf)));
    mirror.stop();
    bench.tickSpot(12_100);
    await second();
    expect(place.news()).toEqual([]);
  });

  it('goes round, so that each of many has its turn however much the others change', async () => {
    const names = Array.from({ length: 300 }, (_, day) =>
      new Date(Date.UTC(2027, 0, 1 + day)).toISOString().slice(0, 10),
    );
    const { bench, mirror, place, second } = setUp(new Place(), 1, names);
    mirror.start();
    const rounds: Set<string>[] = [];
    for (let round = 0; round < 6; round++) {
      bench.tickSpot(12_000 + round);
      await second();
      expect(place.saved.every((keys) => keys.length <= 32)).toBe(true);
      rounds.push(new Set(place.news()));
    }
    expect(rounds.map(({ size }) => size)).toEqual([100, 100, 100, 100, 100, 100]);
    const whole = new Set(names.map(keyOf));
    expect(new Set(rounds.slice(0, 3).flatMap((keys) => [...keys]))).toEqual(whole);
    expect(new Set(rounds.slice(3).flatMap((keys) => [...keys]))).toEqual(whole);
    mirror.stop();
  });

  it('writes everything again once what it wrote is gone', async () => {
    const { bench, mirror, place, shown, second } = setUp();
    mirror.start();
    bench.tickSpot(12_000);
    await second();
    expect(place.news()).toHaveLength(3);
    place.flush();
    await second();
    expect(place.news()).toHaveLength(3);
    expect(shown(expiries[0]!)).toBe(0);
    // An older state came back, as from a copy on disk.
    place.left = 'an earlier round';
    await second();
    expect(place.news()).toHaveLength(3);
    await second();
    expect(place.news()).toEqual([]);
    mirror.stop();
  });

  it('says once that the place is away, queues nothing, and catches up', async () => {
    const { bench, mirror, place, lines, slotOf, shown, second } = setUp();
    mirror.start();
    await second();
    place.isAway = true;
    for (let round = 1; round <= 5; round++) {
      bench.tick(slotOf(expiries[0]!), 100 * round);
      await second();
    }
    expect(lines).toEqual(['chains are not mirrored']);
    place.isAway = false;
    await second();
    expect(place.news()).toEqual([keyOf(expiries[0]!)]);
    expect(shown(expiries[0]!)).toBe(500);
    expect(lines).toEqual(['chains are not mirrored', 'chains are mirrored again']);
    mirror.stop();
  });

  it('forgets chains that are no more', async () => {
    const { bench, mirror, place, second } = setUp();
    mirror.start();
    bench.tickSpot(12_000);
    await second();
    bench.swap(expiries.slice(1).map((expiry) => benchSkeleton(expiry, 3)));
    await second();
    expect([...place.values.keys()].sort()).toEqual(expiries.slice(1).map(keyOf));
    mirror.stop();
  });

  it('writes what has changed since the last round before it ends', async () => {
    const { bench, mirror, place, slotOf, shown, second } = setUp();
    mirror.start();
    await second();
    bench.tick(slotOf(expiries[1]!), 700);
    await mirror.settle();
    expect(shown(expiries[1]!)).toBe(700);
    place.news();
    bench.tick(slotOf(expiries[1]!), 800);
    await second();
    expect(place.news()).toEqual([]);
  });
});

describe('a start beside a mirror', () => {
  it('has the last figures before anything else, with the newest spot', async () => {
    const place = await leave({ [expiries[0]!]: 300, [expiries[1]!]: 400 });
    // This one was written when the spot stood elsewhere, a little earlier.
    const early = setUp();
    early.clock.jumpWall(-5_000);
    early.bench.tickSpot(11_000);
    early.bench.tick(early.slotOf(expiries[2]!), 900);
    const { slots } = early.bench.chain(expiries[2]!);
    const head = { writtenMs: early.clock.wallMs(), tradingDay };
    place.values.set(keyOf(expiries[2]!), encodeMirror(early.bench.generation, slots, head));

    const { bench, mirror, slotOf, lines } = setUp(place);
    await mirror.prepare(expiries.map(keyOf));
    mirror.fill();
    const { store } = bench.generation;
    expect(expiries.map((expiry) => store.ltpPaise[slotOf(expiry)])).toEqual([300, 400, 900]);
    expect(store.ltpPaise[0]).toBe(12_000);
    expect(lines).toEqual(['chains begin with what was mirrored']);
    const chain = bench.chain(expiries[0]!);
    expect(chain.refresh(true, bench.clock.wallMs())).toBe(true);
    expect(chain.atmPointer.atmPaise).toBe(12_000);
    expect(chain.isStale).toBe(true);
  });

  it('asks once for each chain, and for none of which all is known', async () => {
    const place = await leave({ [expiries[0]!]: 300 });
    const { bench, mirror, clock } = setUp(place);
    for (let slot = 0; slot < bench.generation.store.capacity; slot++) {
      if (bench.chain(expiries[2]!).slots.firstSlot <= slot) bench.tick(slot, 50);
    }
    bench.tickSpot(12_000);
    await mirror.prepare([keyOf(expiries[0]!)]);
    mirror.start();
    await clock.advance(5_000);
    expect(place.loaded).toEqual([[keyOf(expiries[0]!)], [keyOf(expiries[1]!)]]);
    mirror.stop();
  });

  it('does not write over what it has not read yet', async () => {
    const place = await leave({ [expiries[0]!]: 300 });
    place.isAway = true;
    const { bench, mirror, lines, slotOf, shown, second } = setUp(place);
    await mirror.prepare(expiries.map(keyOf));
    mirror.fill();
    expect(lines).toEqual(['chains are not mirrored']);
    mirror.start();
    bench.tick(slotOf(expiries[0]!) + 1, 450);
    await second();
    place.isAway = false;
    await second();
    const { store } = bench.generation;
    expect([...store.ltpPaise.subarray(slotOf(expiries[0]!), 3)]).toEqual([300, 450]);
    expect(shown(expiries[0]!)).toBe(300);
    mirror.stop();
  });

  it('keeps what was filled through the next generations, until a tick comes', async () => {
    const place = await leave({ [expiries[0]!]: 300 });
    const { bench, mirror, slotOf, second } = setUp(place);
    mirror.start();
    await second();
    bench.swap(expiries.map((expiry) => benchSkeleton(expiry, 3)).reverse());
    await second();
    const slot = slotOf(expiries[0]!);
    const { store } = bench.generation;
    expect([store.ltpPaise[slot], store.source[slot]]).toEqual([300, 0]);
    bench.tick(slot, 320, 1);
    expect([store.ltpPaise[slot], store.volume[slot]]).toEqual([320, 1]);
    mirror.stop();
  });

  it('does without what is malformed, of another chain, or too old', async () => {
    const place = await leave({ [expiries[0]!]: 300, [expiries[1]!]: 400, [expiries[2]!]: 500 });
    const [first, second, third] = expiries.map((expiry) => place.values.get(keyOf(expiry))!);
    place.values.set(keyOf(expiries[0]!), first!.subarray(0, 100));
    place.values.set(keyOf(expiries[1]!), third!);
    place.values.set(keyOf(expiries[2]!), second!);
    const { bench, mirror, lines } = setUp(place);
    await mirror.prepare(expiries.map(keyOf));
    mirror.fill();
    expect(bench.generation.store.known.every((bits) => bits === 0)).toBe(true);
    expect(lines).toEqual([]);

    const late = setUp(await leave({ [expiries[0]!]: 300 }));
    late.clock.jumpWall(mirrorTtlMs);
    await late.mirror.prepare(expiries.map(keyOf));
    late.mirror.fill();
    expect(late.bench.generation.store.known.every((bits) => bits === 0)).toBe(true);
  });

  it('writes everything again after the place was away and came back empty', async () => {
    const { bench, mirror, place, slotOf, second } = setUp();
    mirror.start();
    bench.tick(slotOf(expiries[1]!), 500);
    bench.tickSpot(12_000);
    await second();
    expect(place.values.size).toBe(3);
    place.isAway = true;
    await second();
    await second();
    place.flush();
    place.isAway = false;
    for (let round = 0; round < 5; round++) await second();
    expect(place.values.size).toBe(3);
  });
});
