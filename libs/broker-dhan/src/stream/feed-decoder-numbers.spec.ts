import { createRecordingSink } from '@strikewire/broker/conformance';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bytesOf,
  fullHex,
  oiHex,
  previousCloseHex,
  quoteHex,
  tickerHex,
} from '../fixtures/packets';
import { DhanFeedDecoder } from './feed-decoder';

/** A decoder that knows every instrument, all in slot 1. */
function setUp() {
  const seen: { segment: number; id: number }[] = [];
  const sink = createRecordingSink();
  const decoder = new DhanFeedDecoder();
  const get = (segment: number, id: number): number => Math.sign(seen.push({ segment, id }));
  decoder.bind({ get }, sink);
  const appliedCount = (): number => sink.commits.length;
  return { decoder, store: sink.store, commits: sink.commits, seen, appliedCount };
}

const ticker = bytesOf(tickerHex);
const tickerView = new DataView(ticker.buffer);

function paiseOfFloat(set: ReturnType<typeof setUp>, rupees: number): number {
  tickerView.setFloat32(8, rupees, true);
  set.decoder.decode(ticker, true);
  return set.store.ltpPaise[1]!;
}

describe('prices', () => {
  it('gives back every 5-paise price up to 131,072 rupees to the paisa', () => {
    const set = setUp();
    const wrong: number[] = [];
    for (let paise = 0; paise <= 13_107_200; paise += 5) {
      if (paiseOfFloat(set, paise / 100) !== paise) wrong.push(paise);
    }
    expect(wrong).toEqual([]);
  });

  it('gives back single paise as well, as far as a float32 carries them', () => {
    const price = fc.integer({ min: 0, max: 13_107_199 });
    const set = setUp();
    fc.assert(
      fc.property(price, (paise) => {
        expect(paiseOfFloat(set, paise / 100)).toBe(paise);
      }),
      { seed: 7, numRuns: 2_000 },
    );
  });

  it('snaps to 5 paise where a float32 is too coarse for one', () => {
    const set = setUp();
    const price = fc.integer({ min: 13_107_200 / 5, max: 52_428_800 / 5 }).map((n) => n * 5);
    fc.assert(
      fc.property(price, (paise) => {
        expect(paiseOfFloat(set, paise / 100)).toBe(paise);
      }),
      { seed: 8, numRuns: 2_000 },
    );
  });

  it('snaps every price of a full packet whose LTP is too coarse', () => {
    const { decoder, store } = setUp();
    const packet = bytesOf(fullHex);
    const view = new DataView(packet.buffer);
    view.setFloat32(8, 150_000.15, true);
    view.setFloat32(62 + 12, 149_999.95, true);
    decoder.decode(packet, true);
    expect(store.ltpPaise[1]).toBe(15_000_015);
    expect(store.bestBidPaise(1)).toBe(14_999_995);
  });

  it.each([NaN, Infinity, -Infinity, -0, -1, -134.05, 3e38])('reads %d as no price', (value) => {
    expect(paiseOfFloat(setUp(), value)).toBe(0);
  });
});

describe('times', () => {
  function tradeMs(seconds: number): number {
    const { decoder, commits } = setUp();
    const packet = bytesOf(tickerHex);
    new DataView(packet.buffer).setUint32(12, seconds, true);
    decoder.decode(packet, true);
    return commits[0]!.tradeMs;
  }

  it('takes 1980 and zero as "never traded"', () => {
    expect(tradeMs(0)).toBe(0);
    expect(tradeMs(Date.parse('1980-01-01T00:00:00Z') / 1_000)).toBe(0);
    expect(tradeMs(Date.parse('1999-12-31T23:59:59Z') / 1_000)).toBe(0);
  });

  it('reads India\'s wall clock, beyond 2038 too', () => {
    const at = (text: string): number => tradeMs(Date.parse(`${text}Z`) / 1_000);
    expect(at('2026-11-24T15:29:59')).toBe(Date.parse('2026-11-24T15:29:59+05:30'));
    expect(at('2038-06-01T09:15:00')).toBe(Date.parse('2038-06-01T09:15:00+05:30'));
  });

  it('reads ids and quantities without a sign', () => {
    const { decoder, store, seen } = setUp();
    decoder.decode(bytesOf('05 0c00 02 ffffffff feffffff'), true);
    expect(seen).toEqual([{ segment: 2, id: 4_294_967_295 }]);
    expect(store.oi[1]).toBe(4_294_967_294);
  });
});

const good = [tickerHex, quoteHex, fullHex, oiHex, previousCloseHex].map((hex) => bytesOf(hex));
const anyGood = fc.constantFrom(...good);
const someGood = fc.array(anyGood, { maxLength: 4 });

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

describe('broken frames', () => {
  it('never throws on random bytes', () => {
    const set = setUp();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(() => set.decoder.decode(bytes, true)).not.toThrow();
      }),
      { seed: 21, numRuns: 3_000 },
    );
  });

  it('counts a truncated frame as malformed and applies what was whole', () => {
    fc.assert(
      fc.property(fc.array(anyGood, { maxLength: 5 }), anyGood, fc.nat(), (whole, last, cut) => {
        const { decoder, appliedCount } = setUp();
        const kept = 1 + (cut % (last.length - 1));
        decoder.decode(join(...whole, last.subarray(0, kept)), true);
        expect(appliedCount()).toBe(whole.length);
        expect(decoder.counters.malformed).toBe(1);
      }),
      { seed: 22, numRuns: 500 },
    );
  });

  it('goes on after a packet of an unknown code or a wrong length, when its end is known', () => {
    const unknownCode = fc.integer({ min: 9, max: 255 }).filter((code) => code !== 50);
    const code = fc.oneof(unknownCode, fc.constantFrom(2, 4, 5, 6, 7, 8, 50));
    const right: Record<number, number> = { 2: 16, 4: 50, 5: 12, 6: 16, 7: 8, 8: 162, 50: 10 };
    const length = fc.integer({ min: 8, max: 300 });
    fc.assert(
      fc.property(code, length, someGood, (badCode, badLength, after) => {
        fc.pre(right[badCode] !== badLength);
        const bad = new Uint8Array(badLength).fill(0xab);
        new DataView(bad.buffer).setUint16(1, badLength, true);
        bad[0] = badCode;
        const { decoder, appliedCount } = setUp();
        expect(decoder.decode(join(bad, ...after), true)).toBeUndefined();
        expect(appliedCount()).toBe(after.length);
        expect(decoder.counters.malformed).toBe(1);
      }),
      { seed: 23, numRuns: 500 },
    );
  });

  it.each([
    ['a length below the header\'s', '02 0700 02 20a60000 cd0c0643 4533296a'],
    ['a length of nothing', '02 0000 02 20a60000 cd0c0643 4533296a'],
    ['a length beyond the frame', '63 ffff 02 20a60000 cd0c0643 4533296a'],
  ])('ends at %s, counted once, and reads the next frame', (_what, hex) => {
    const { decoder, appliedCount } = setUp();
    decoder.decode(join(bytesOf(tickerHex, hex), ...good), true);
    expect(appliedCount()).toBe(1);
    expect(decoder.counters).toMatchObject({ packets: 1, malformed: 1 });
    decoder.decode(bytesOf(oiHex), true);
    expect(appliedCount()).toBe(2);
  });

  it('loses no packet in silence because a bit was flipped', () => {
    const frame = join(...good, bytesOf(oiHex));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: frame.length * 8 - 1 }), (bit) => {
        const { decoder, appliedCount } = setUp();
        const flipped = Uint8Array.from(frame);
        flipped[bit >> 3]! ^= 1 << (bit & 7);
        const end = decoder.decode(flipped, true);
        const isWhole = appliedCount() === good.length + 1;
        expect(isWhole || end !== undefined || decoder.counters.malformed > 0).toBe(true);
        expect(appliedCount()).toBeLessThanOrEqual(good.length + 1);
      }),
      { seed: 24, numRuns: 3_000 },
    );
  });
});
