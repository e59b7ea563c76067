import { createRecordingSink } from '@strikewire/broker/conformance';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  double,
  entry,
  frame,
  indexFull,
  int,
  ltpc,
  marketFull,
  message,
  quoteOf,
  ranges,
  type Bytes,
} from '../fixtures/frames';
import { UpstoxFeedDecoder } from './feed-decoder';

/** A decoder that knows every instrument, all in slot 1. */
function setUp() {
  const sink = createRecordingSink();
  const decoder = new UpstoxFeedDecoder();
  decoder.bind({ get: () => 1 }, sink);
  return { decoder, commits: sink.commits };
}

const price = ltpc(1, { ltp: 134.05, ltt: 1_795_493_997_123, ltq: 65, cp: 244.85 });
const book = message(2, quoteOf(1, [133.5, 65, 134, 130]), quoteOf(1, [133, 65, 134.5, 130]));
const day = ranges(4, { interval: '1d', ohlc: [1, 2, 3, 4] });
const good: readonly Bytes[] = [
  entry('NSE_FO|43919', marketFull(price, book, day, double(5, 1.5), int(6, 7), double(7, 8))),
  entry('NSE_INDEX|Nifty 50', indexFull(price)),
  entry('NSE_EQ|INE002A01018', price),
];
const whole = frame(good);

describe('broken frames', () => {
  it('never make it throw, whatever the bytes', () => {
    const set = setUp();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(() => set.decoder.decode(bytes, true)).not.toThrow();
        expect(() => set.decoder.decode(bytes, false)).not.toThrow();
      }),
      { seed: 31, numRuns: 5_000 },
    );
  });

  it('never make it throw, whatever stands within a feed', () => {
    const set = setUp();
    const junk = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 60 });
    const place = fc.constantFrom(
      (bytes: Bytes) => bytes,
      (bytes: Bytes) => marketFull(bytes),
      (bytes: Bytes) => indexFull(bytes),
      (bytes: Bytes) => marketFull(message(1, bytes)),
      (bytes: Bytes) => marketFull(message(2, bytes)),
      (bytes: Bytes) => marketFull(message(2, message(1, bytes))),
      (bytes: Bytes) => marketFull(message(4, message(1, bytes))),
    );
    fc.assert(
      fc.property(junk, place, (bytes, put) => {
        const before = set.commits.length;
        const { packets, malformed } = set.decoder.counters;
        set.decoder.decode(frame([entry('NSE_FO|1', put(bytes)), ...good]), true);
        expect(set.commits.length).toBeGreaterThanOrEqual(before + good.length);
        // What could not be read is counted, and takes nothing else with it.
        const { counters } = set.decoder;
        expect(counters.packets - packets + counters.malformed - malformed).toBe(4);
      }),
      { seed: 32, numRuns: 3_000 },
    );
  });

  it('count a truncated frame and merge what was whole', () => {
    const ends = good.reduce<number[]>((all, one) => [...all, all.at(-1)! + one.length], [2]);
    for (let kept = 0; kept < whole.length; kept++) {
      const { decoder, commits } = setUp();
      decoder.decode(whole.subarray(0, kept), true);
      const wholeEntries = ends.filter((end) => end <= kept).length - 1;
      expect(commits.length, `${kept} bytes`).toBe(Math.max(0, wholeEntries));
      const isBetween = kept === 0 || ends.includes(kept);
      expect(decoder.counters.malformed, `${kept} bytes`).toBe(isBetween ? 0 : 1);
    }
  });

  it('read the next frame as if nothing had been', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const { decoder, commits } = setUp();
        decoder.decode(bytes, true);
        const before = commits.length;
        decoder.decode(whole, true);
        expect(commits.length).toBe(before + good.length);
      }),
      { seed: 33, numRuns: 1_000 },
    );
  });

  it('are read where they lie in a larger buffer, and not beyond', () => {
    const shared = new Uint8Array(whole.length + 64).fill(0x12);
    shared.set(whole, 32);
    const { decoder, commits } = setUp();
    decoder.decode(shared.subarray(32, 32 + whole.length), true);
    decoder.decode(shared.subarray(32, 32 + whole.length - 9), true);
    expect(commits.length).toBe(2 * good.length - 1);
    expect(decoder.counters.malformed).toBe(1);
  });
});
