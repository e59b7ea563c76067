import { bookInts, field, QuoteSession } from '@strikewire/market-data';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMirror, fillFromMirror, type MirroredChain } from './chain-mirror-decoder';
import { encodeMirror } from './chain-mirror-encoder';
import {
  mirrorAt,
  mirrorChecksum,
  mirrorColumns,
  mirroredFields,
  type MirrorColumns,
} from './chain-mirror-format';
import { mirrorTtlMs } from './chain-mirror-store';
import { benchSkeleton, ChainBench } from './testing/chain-bench';

const expiry = '2026-11-24';
const tradingDay = '2026-11-24';
const strikeCount = 4;
const slotCount = 1 + 2 * strikeCount;

const bench = (): ChainBench => new ChainBench([benchSkeleton(expiry, strikeCount)]);
const nowMs = bench().clock.wallMs();

const encode = ({ generation, chains }: ChainBench, writtenMs = nowMs): Uint8Array<ArrayBuffer> =>
  encodeMirror(generation, chains.get(expiry)!.slots, { writtenMs, tradingDay });

function decode(bytes: Uint8Array, atMs = nowMs): MirroredChain {
  const mirrored = decodeMirror(bytes, atMs);
  if (typeof mirrored === 'string') throw new Error(mirrored);
  return mirrored;
}

const fill = ({ generation, chains }: ChainBench, mirrored: MirroredChain, atMs = nowMs): number =>
  fillFromMirror(generation, chains.get(expiry)!.slots, mirrored, atMs);

/** Everything that is mirrored of a slot. */
function rowOf({ generation: { store } }: ChainBench, slot: number): Record<string, number[]> {
  return Object.fromEntries(
    mirrorColumns.map(({ name, width }) => [
      name, [...store[name].subarray(slot * width, (slot + 1) * width)],
    ]),
  );
}

const count = fc.double({ min: 0, max: 2 ** 53, noNaN: true, noDefaultInfinity: true });
const time = fc.integer({ min: nowMs - mirrorTtlMs + 1, max: nowMs });
const price = fc.integer({ min: 0, max: 2 ** 31 - 1 });
/** Figures of a slot such as a market may have them. */
const figures: fc.Arbitrary<Record<keyof MirrorColumns, number[]>> = fc.record({
  volume: fc.tuple(count),
  oi: fc.tuple(count),
  previousOi: fc.tuple(count),
  tradeMs: fc.tuple(time),
  receivedMs: fc.tuple(time),
  brokerGreeksAtMs: fc.tuple(time),
  brokerGreeks: fc.array(fc.oneof(fc.constant(NaN), fc.double({ noDefaultInfinity: true })), {
    minLength: 6, maxLength: 6,
  }),
  ltpPaise: fc.tuple(price),
  averagePaise: fc.tuple(price),
  openPaise: fc.tuple(price),
  highPaise: fc.tuple(price),
  lowPaise: fc.tuple(price),
  closePaise: fc.tuple(price),
  book: fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), {
    minLength: bookInts, maxLength: bookInts,
  }),
  known: fc.tuple(fc.integer({ min: 0, max: 2 ** 14 - 1 })),
});

function put({ generation: { store } }: ChainBench, slot: number, row: object): void {
  const columns = row as Record<keyof MirrorColumns, number[]>;
  for (const { name, width } of mirrorColumns) store[name].set(columns[name], slot * width);
}

function withFigures(): ChainBench {
  const made = bench();
  made.tickSpot(12_000);
  for (let slot = 1; slot < slotCount; slot++) made.tick(slot, 100 * slot, 65 * slot);
  return made;
}

/** The value with another number in it, and a checksum that fits again. */
function forged(at: (mirrored: MirroredChain, view: DataView) => void): Uint8Array {
  const bytes = encode(withFigures());
  const view = new DataView(bytes.buffer);
  // The columns of what is read lie in a copy: it is changed, and put back whole.
  const mirrored = decode(bytes);
  const copy = new Uint8Array(mirrored.strikesPaise.buffer as ArrayBuffer);
  at(mirrored, new DataView(copy.buffer));
  bytes.set(copy);
  const rowCount = view.getUint16(mirrorAt.rowCount, true);
  view.setUint32(mirrorAt.checksum, mirrorChecksum(bytes.buffer, rowCount), true);
  return bytes;
}

describe('a mirrored chain', () => {
  it('comes back as it was, for whatever figures', () => {
    fc.assert(
      fc.property(fc.array(figures, { minLength: slotCount, maxLength: slotCount }), (rows) => {
        const [from, to] = [bench(), bench()];
        rows.forEach((row, slot) => put(from, slot, row));
        const mirrored = decode(encode(from));
        expect(mirrored).toMatchObject({
          key: `NSE:NIFTY:${expiry}`, writtenMs: nowMs, tradingDay: 20261124,
        });
        fill(to, mirrored);
        for (let slot = 0; slot < slotCount; slot++) {
          const before = rowOf(from, slot);
          const known = before['known']![0]! & mirroredFields;
          const expected = known === 0 ? rowOf(bench(), slot) : { ...before, known: [known] };
          expect(rowOf(to, slot)).toEqual(expected);
        }
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('finds its contracts wherever they lie now, and leaves out those that are no more', () => {
    const mirrored = decode(encode(withFigures()));
    const whole = benchSkeleton(expiry, strikeCount);
    const moved = new ChainBench([
      benchSkeleton('2026-11-17', 3), { ...whole, strikes: whole.strikes.slice(2) },
    ]);
    expect(fill(moved, mirrored)).toBe(5);
    const { store } = moved.generation;
    expect([...store.ltpPaise]).toEqual([12_000, 0, 0, 0, 0, 0, 0, 500, 600, 700, 800]);
  });

  it.each([
    ['strike', { strikePaise: 10_500 }],
    ['side', {}],
  ])('does not believe a token that means another %s now', (what, change) => {
    const mirrored = decode(encode(withFigures()));
    const whole = benchSkeleton(expiry, strikeCount);
    const [first, ...others] = whole.strikes;
    const { CE, PE } = first!;
    const changed = { ...first!, ...(what === 'side' && { CE: PE, PE: CE }), ...change };
    const to = new ChainBench([{ ...whole, strikes: [changed, ...others] }]);
    expect(fill(to, mirrored)).toBe(slotCount - 2);
    expect([...to.generation.store.known.subarray(1, 3)]).toEqual([0, 0]);
  });

  it('never writes over what a feed or REST has brought', () => {
    const mirrored = decode(encode(withFigures()));
    const to = bench();
    to.tick(1, 4_200, 7);
    to.generation.store.setPreviousOi(2, 50);
    expect(fill(to, mirrored)).toBe(slotCount - 2);
    expect(to.generation.store.ltpPaise[1]).toBe(4_200);
    expect([...to.generation.store.known.subarray(1, 3)]).toEqual([
      field.ltp | field.volume | field.top, field.previousOi,
    ]);
    expect(fill(to, mirrored)).toBe(0);
  });

  it('gives way to the first tick, though its volume is of another day and far higher', () => {
    const from = withFigures();
    Object.assign(from.generation.store.volume, { 1: 9e6 });
    from.generation.store.tradeMs[1] = nowMs - 3_600_000;
    const to = bench();
    fill(to, decode(encode(from)));
    const { store } = to.generation;
    expect([store.volume[1], store.source[1], store.touchedMonoMs[1]]).toEqual([9e6, 0, -Infinity]);
    const session = new QuoteSession(store, { source: 2, epoch: 1 });
    session.beginFrame(nowMs, 5);
    expect(session.admit(1, nowMs - 7_200_000, 10)).toBe(true);
    expect(store.tradeMs[1]).toBe(nowMs - 7_200_000);
  });
});

describe('a value that is not to be trusted', () => {
  it('is not read when any of its bits is another', () => {
    const bytes = encode(withFigures());
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const bad = bytes.slice();
      bad[bit >> 3]! ^= 1 << (bit & 7);
      expect(typeof decodeMirror(bad, nowMs)).toBe('string');
    }
  });

  it('is not read when several of its bytes are others, or its end is another', () => {
    const bytes = encode(withFigures());
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }));
    const changes = fc.uniqueArray(change, { minLength: 1, maxLength: 40, selector: ([at]) => at });
    fc.assert(
      fc.property(changes, (all) => {
        const bad = bytes.slice();
        for (const [at, by] of all) bad[at]! ^= by;
        expect(typeof decodeMirror(bad, nowMs)).toBe('string');
      }),
      { seed: 2, numRuns: 2_000 },
    );
    for (let length = 0; length < bytes.length; length++) {
      expect(['short', 'length']).toContain(decodeMirror(bytes.subarray(0, length), nowMs));
    }
    expect(decodeMirror(new Uint8Array([...bytes, 0, 0, 0, 0, 0, 0, 0, 0]), nowMs)).toBe('length');
  });

  it('is not read when it is anything at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (tail, hasHead) => {
        const head = hasHead ? encode(withFigures()).subarray(0, 16) : new Uint8Array(0);
        const bad = new Uint8Array([...head, ...tail]);
        expect(typeof decodeMirror(bad, nowMs)).toBe('string');
      }),
      { seed: 3, numRuns: 2_000 },
    );
  });

  it('is not read when it is of another version, or of another chain count than its text', () => {
    const version = forged((_mirrored, view) => view.setUint16(mirrorAt.layoutVersion, 2, true));
    expect(decodeMirror(version, nowMs)).toBe('version');
    // One token less: a line end became a letter.
    const text = forged((_mirrored, view) => {
      const bytes = new Uint8Array(view.buffer);
      bytes[bytes.indexOf(10)] = 65;
    });
    expect(decodeMirror(text, nowMs)).toBe('text');
  });

  it('is not read when it is older than its life, or of a time to come', () => {
    const bytes = encode(withFigures());
    expect(typeof decodeMirror(bytes, nowMs + mirrorTtlMs - 1)).toBe('object');
    expect(decodeMirror(bytes, nowMs + mirrorTtlMs)).toBe('age');
    expect(decodeMirror(bytes, nowMs - 300_001)).toBe('age');
    expect(decodeMirror(encode(withFigures(), NaN), nowMs)).toBe('age');
  });

  it.each([
    ['an endless volume', ({ volume }: MirrorColumns) => (volume[0] = Infinity)],
    ['no volume', ({ volume }: MirrorColumns) => (volume[0] = NaN)],
    ['a negative OI', ({ oi }: MirrorColumns) => (oi[0] = -1)],
    ['a negative price', ({ ltpPaise }: MirrorColumns) => (ltpPaise[0] = -5)],
    ['an endless Greek', ({ brokerGreeks }: MirrorColumns) => (brokerGreeks[1] = -Infinity)],
    ['a trade to come', ({ tradeMs }: MirrorColumns) => (tradeMs[0] = nowMs + 300_001)],
    ['a time to come', ({ receivedMs }: MirrorColumns) => (receivedMs[0] = nowMs + 300_001)],
    ['no time', ({ receivedMs }: MirrorColumns) => (receivedMs[0] = 0)],
    ['an old time', ({ receivedMs }: MirrorColumns) => (receivedMs[0] = nowMs - mirrorTtlMs)],
    ['a figure that is not mirrored', ({ known }: MirrorColumns) => (known[0]! |= field.lastQty)],
  ])('brings no row with %s', (_what, change) => {
    const mirrored = decode(forged(({ columns }) => void change(columns)));
    const to = bench();
    expect(fill(to, mirrored)).toBe(slotCount - 1);
    expect(to.generation.store.known[1]).toBe(0);
  });
});
