import { DepthBookStore } from '@strikewire/broker/engine';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../fixtures/packets';
import { DhanDepthDecoder } from './depth-decoder';

/** Header and first level of the bid of NSE_FNO 42528, by hand: 1,625 at 133.55 in 5 orders. */
const bidHex = `4c01 29 02 20a60000 07000000 ${'9a99999999b16040 59060000 05000000'}`;
/** The ask of the same: 1,365 at 134.00 in 4 orders. */
const askHex = `4c01 33 02 20a60000 08000000 ${'0000000000c06040 55050000 04000000'}`;
const restHex = '00'.repeat(19 * 16);
const bid = bytesOf(bidHex, restHex);
const ask = bytesOf(askHex, restHex);
/** The token has expired (807). */
const endHex = '0e00 32 00 00000000 00000000 2703';

function setUp() {
  const books = new DepthBookStore(4);
  books.beginFrame(1_000, 10);
  const decoder = new DhanDepthDecoder();
  decoder.bind({ get: (segment, id) => (segment === 2 && id === 42_528 ? 3 : -1) }, books);
  return { books, decoder };
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

describe('20-level packets', () => {
  it('hold one side of a book each, several to a frame', () => {
    const { books, decoder } = setUp();
    expect(bid.length).toBe(332);
    expect(decoder.decode(bid, true)).toBeUndefined();
    expect(books.isWhole(3)).toBe(false);
    decoder.decode(joined(bid, ask), true);
    expect(books.isWhole(3)).toBe(true);
    expect(books.levels(3, 'bid')).toEqual([{ pricePaise: 13_355, quantity: 1_625, orders: 5 }]);
    expect(books.levels(3, 'ask')).toEqual([{ pricePaise: 13_400, quantity: 1_365, orders: 4 }]);
    expect(books.receivedAt(3)).toEqual({ wallMs: 1_000, monoMs: 10 });
    expect(decoder.counters).toEqual({ packets: 3, unknownInstrument: 0, malformed: 0 });
  });

  it('tell all twenty levels, and each packet replaces the side', () => {
    const { books, decoder } = setUp();
    const full = bid.slice();
    const view = new DataView(full.buffer);
    for (let level = 0; level < 20; level++) {
      view.setFloat64(12 + level * 16, 100 - level * 0.05, true);
      view.setUint32(20 + level * 16, 75 * (level + 1), true);
      view.setUint32(24 + level * 16, 70_000 + level, true);
    }
    decoder.decode(full, true);
    const levels = books.levels(3, 'bid');
    expect(levels.map(({ pricePaise }) => pricePaise)).toEqual(
      Array.from({ length: 20 }, (_, level) => 10_000 - 5 * level));
    expect(levels.at(-1)).toEqual({ pricePaise: 9_905, quantity: 1_500, orders: 70_019 });
    decoder.decode(bid, true);
    expect(books.levels(3, 'bid')).toHaveLength(1);
  });

  it('of unknown instruments are counted, and what follows is read', () => {
    const { books, decoder } = setUp();
    const stranger = bid.slice();
    stranger[3] = 1;
    decoder.decode(joined(stranger, bid, ask), true);
    expect(books.isWhole(3)).toBe(true);
    expect(decoder.counters).toEqual({ packets: 3, unknownInstrument: 1, malformed: 0 });
  });

  it('end the feed with a reason, whatever comes behind', () => {
    const { decoder } = setUp();
    expect(decoder.decode(joined(bid, bytesOf(endHex), ask), true)).toEqual({
      kind: 'auth', reason: 'access token expired (807)',
    });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 1e12])('take %d for no price', (rupees) => {
    const { books, decoder } = setUp();
    const odd = bid.slice();
    new DataView(odd.buffer).setFloat64(12, rupees, true);
    decoder.decode(odd, true);
    expect(books.levels(3, 'bid')).toEqual([]);
  });
});

describe('broken frames', () => {
  const bytes = fc.uint8Array({ maxLength: 1_200 });

  it('never throw, whatever they hold, and the next good frame is read', () => {
    fc.assert(fc.property(bytes, (frame) => {
      const { books, decoder } = setUp();
      decoder.decode(frame, true);
      decoder.decode(joined(bid, ask), true);
      expect(books.levels(3, 'ask')).toEqual([{ pricePaise: 13_400, quantity: 1_365, orders: 4 }]);
    }), { seed: 20_261_122, numRuns: 300 });
  });

  it('that are torn anywhere are malformed, and write nothing of the torn packet', () => {
    const whole = joined(bid, ask);
    fc.assert(fc.property(fc.integer({ min: 1, max: whole.length - 1 }), (length) => {
      const { books, decoder } = setUp();
      decoder.decode(whole.subarray(0, length), true);
      expect(books.isWhole(3)).toBe(false);
      expect(decoder.counters.packets).toBe(length < 332 ? 0 : 1);
      expect(decoder.counters.malformed).toBe(length === 332 ? 0 : 1);
    }), { seed: 20_261_122 });
  });

  it('of a wrong length are stepped over as far as the length can be believed', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 400 }), (length) => {
      fc.pre(length !== 332);
      const { books, decoder } = setUp();
      const odd = joined(bid, new Uint8Array(68));
      new DataView(odd.buffer).setUint16(0, length, true);
      decoder.decode(joined(odd.subarray(0, Math.max(12, length)), bid, ask), true);
      expect(decoder.counters.malformed).toBeGreaterThan(0);
      expect(books.isWhole(3)).toBe(length >= 12);
    }), { seed: 20_261_122 });
  });

  it('of text are passed over', () => {
    const { decoder } = setUp();
    expect(decoder.decode(joined(bid, ask), false)).toBeUndefined();
    expect(decoder.counters).toEqual({ packets: 0, unknownInstrument: 0, malformed: 0 });
  });
});
