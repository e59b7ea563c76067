import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame, readFrameHeader } from './frame-decoder';
import { encodeFrame, type FrameHead, type FrameRows } from './frame-encoder';
import { bookInts, field, levelInts } from './quote-fields';
import { noVolume } from './quote-sink';
import { QuoteStore } from './quote-store';
import { QuoteSession } from './session-store';

const wall = Date.parse('2026-11-24T05:00:00Z');
const capacity = 9;

const head: FrameHead = {
  kind: 'snapshot',
  stream: 7,
  generation: 3,
  previousVersion: 0,
  version: 12,
  asOfMs: wall + 1_000,
  isStale: true,
  isAtmOutsideWindow: false,
  spotPaise: 2_564_280,
  spotClosePaise: 2_560_000,
  spotMs: wall,
  atmPaise: 2_565_000,
  anchorIndex: 2,
  forward: 25_660.35,
  forwardSource: 'parity',
  atmIv: 11.25,
  skew: NaN,
  straddle: 412.5,
  expectedMove: 380.25,
  gammaExposure: -1.5e9,
  maxPainPaise: 2_560_000,
};

function makeStore(): QuoteStore {
  return new QuoteStore({ capacity, groupCount: 0, tickDepth: 0, baseWallMs: wall });
}

function filled(seed: number): QuoteStore {
  const store = makeStore();
  const session = new QuoteSession(store, { source: 1, epoch: 1 });
  for (let slot = 0; slot < capacity; slot++) {
    session.beginFrame(wall + slot, slot);
    session.admit(slot, 0, noVolume);
    store.ltpPaise[slot] = seed + slot;
    store.setClose(slot, seed + slot + 3);
    store.volume[slot] = 5e9 + slot;
    store.oi[slot] = seed * 65;
    for (let index = 0; index < levelInts; index++) {
      store.book[slot * bookInts + index] = seed * 10 + index;
    }
    session.commit(slot, field.ltp | field.close | field.volume | field.oi | field.depth);
  }
  store.setPreviousOi(4, 325);
  store.brokerGreeks.set([11.5, 0.4, 0.001, -9, 12, NaN], 4 * 6);
  store.brokerGreeksAtMs[4] = wall + 9;
  store.iv[2] = 11.5;
  store.rho[2] = -0.25;
  store.ivStatus[3] = 2;
  return store;
}

function picked(
  rows: number[],
  { firstSlot, count, hasAll }: { firstSlot: number; count: number; hasAll: boolean },
): FrameRows {
  const hasSlowChange = hasAll;
  return { firstSlot, rows: Uint16Array.from(rows), count, hasSlowChange, hasDerived: hasAll };
}

function rowsOf(...rows: number[]): Uint16Array {
  return Uint16Array.from(rows);
}

describe('frame codec', () => {
  it('carries a snapshot to an empty store unchanged', () => {
    const store = filled(100);
    const rows = rowsOf(0, 1, 2, 3, 4, 5, 6, 7, 8);
    const pick = { firstSlot: 0, rows, count: 9, hasSlowChange: true, hasDerived: true };
    const target = makeStore();
    const read = decodeFrame(target, encodeFrame(store, head, pick));
    expect(read).toMatchObject({ ...head, rowCount: 9 });
    expect([...target.ltpPaise]).toEqual([...store.ltpPaise]);
    expect([...target.volume]).toEqual([...store.volume]);
    expect([...target.oi]).toEqual([...store.oi]);
    expect([...target.closePaise]).toEqual([...store.closePaise]);
    expect([...target.previousOi]).toEqual([...store.previousOi]);
    expect([...target.brokerGreeks]).toEqual([...store.brokerGreeks]);
    expect([...target.receivedMs]).toEqual([...store.receivedMs]);
    expect([...target.known]).toEqual([...store.known]);
    expect([...target.iv]).toEqual([...store.iv]);
    expect([...target.rho]).toEqual([...store.rho]);
    expect([...target.ivStatus]).toEqual([...store.ivStatus]);
    for (let slot = 0; slot < capacity; slot++) {
      expect(target.bestBidPaise(slot)).toBe(store.bestBidPaise(slot));
      expect(target.bestAskQty(slot)).toBe(store.bestAskQty(slot));
    }
  });

  it('keeps a leg that was never touched apart from one of long ago', () => {
    const target = makeStore();
    target.receivedMs[1] = wall;
    const pick = picked([1], { firstSlot: 0, count: 1, hasAll: false });
    decodeFrame(target, encodeFrame(makeStore(), head, pick));
    expect(target.receivedMs[1]).toBe(0);
  });

  it('changes only the rows of a delta and leaves slow figures out when none changed', () => {
    const store = filled(100);
    const target = makeStore();
    const pick = picked([0, 4, 99], { firstSlot: 3, count: 2, hasAll: false });
    const bytes = encodeFrame(store, { ...head, kind: 'delta', previousVersion: 11 }, pick);
    decodeFrame(target, bytes);
    expect(target.ltpPaise[0]).toBe(103);
    expect(target.ltpPaise[4]).toBe(107);
    expect(target.ltpPaise[3]).toBe(0);
    expect(target.closePaise[4]).toBe(0);
  });

  it('tells volatility and Greeks with or without the slow figures', () => {
    const store = filled(100);
    const target = makeStore();
    const rows = rowsOf(1, 2, 3);
    const pick = { firstSlot: 0, rows, count: 3, hasSlowChange: false, hasDerived: true };
    decodeFrame(target, encodeFrame(store, head, pick));
    expect([target.iv[2], target.rho[2], target.ivStatus[3]]).toEqual([11.5, -0.25, 2]);
    expect(target.iv[1]).toBeNaN();
    expect(target.closePaise[2]).toBe(0);
  });

  it('reads a frame that lies at any offset of a larger buffer', () => {
    const store = filled(5);
    const pick = picked([2], { firstSlot: 0, count: 1, hasAll: true });
    const bytes = encodeFrame(store, head, pick);
    const shifted = new Uint8Array(bytes.length + 3).subarray(3);
    shifted.set(bytes);
    const slab = Buffer.alloc(bytes.length + 5).subarray(5);
    slab.set(bytes);
    for (const frame of [shifted, slab]) {
      const target = makeStore();
      decodeFrame(target, frame);
      expect(target.ltpPaise[2]).toBe(7);
    }
  });

  it('names why a frame is refused', () => {
    const store = filled(5);
    const pick = picked([2], { firstSlot: 0, count: 1, hasAll: false });
    const bytes = encodeFrame(store, head, pick);
    const changed = (at: number, value: number): Uint8Array => {
      const copy = bytes.slice();
      copy[at] = value;
      return copy;
    };
    expect(readFrameHeader(bytes.subarray(0, 20))).toBe('too_short');
    expect(readFrameHeader(changed(0, 0))).toBe('wrong_magic');
    expect(readFrameHeader(changed(4, 9))).toBe('wrong_layout');
    expect(readFrameHeader(bytes.subarray(0, bytes.length - 8))).toBe('wrong_length');
    expect(decodeFrame(makeStore(), changed(120, 200))).toBe('bad_row');
  });

  it('never throws and never writes outside, whatever the bytes (seeded)', () => {
    const store = filled(5);
    const pick = picked([2, 3], { firstSlot: 0, count: 2, hasAll: true });
    const valid = encodeFrame(store, head, pick);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { maxLength: 20 }),
        fc.nat(valid.length),
        (edits, cut) => {
          const bytes = valid.slice(0, Math.max(cut, valid.length - (cut % 9)));
          for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value;
          expect(() => decodeFrame(makeStore(), bytes)).not.toThrow();
        },
      ),
      { seed: 31, numRuns: 2_000 },
    );
  });
});
