import {
  ageUnknown,
  allColumnMask,
  frameBytes,
  frameFlag,
  frameHeaderBytes,
  frameKind,
  frameLayoutVersion,
  frameMagic,
  frameRowsMax,
  frameView,
  headerOffset,
  padTo8,
  quickColumnMask,
  type FrameHeader,
} from './frame-format';
import { bookAt, bookInts } from './quote-fields';
import type { QuoteStore } from './quote-store';

/** The part of the header that the encoder does not count itself. */
export type FrameHead = Omit<FrameHeader, 'rowCount' | 'columnMask'>;

/** Which legs go in: a chain's legs lie in consecutive slots. */
export interface FrameRows {
  firstSlot: number;
  /** Rows (slot less `firstSlot`), ascending; only the first `count` are used. */
  rows: Uint16Array;
  count: number;
  /** Whether a previous OI, close or broker Greek is among the changes. */
  hasSlowChange: boolean;
}

/**
 * Encodes one frame into fresh memory: sockets keep what they are given until it is written, so a
 * buffer is never used twice.
 * @throws RangeError for more than 65,535 rows.
 */
export function encodeFrame(store: QuoteStore, head: FrameHead, pick: FrameRows): Uint8Array {
  if (pick.count > frameRowsMax) {
    throw new RangeError(`[market-data] rows were ${pick.count}, at most ${frameRowsMax} fit`);
  }
  const columnMask = pick.hasSlowChange ? allColumnMask : quickColumnMask;
  const buffer = new ArrayBuffer(frameBytes(pick.count, columnMask));
  writeHeader(new DataView(buffer), head, pick.count, columnMask);
  new Uint16Array(buffer, frameHeaderBytes, pick.count).set(pick.rows.subarray(0, pick.count));
  let at = frameHeaderBytes + padTo8(pick.count * 2);
  at = writeQuick({ buffer, at }, store, pick, head.asOfMs);
  if (pick.hasSlowChange) writeSlow(buffer, at, store, pick);
  return new Uint8Array(buffer);
}

function writeHeader(
  view: DataView,
  head: FrameHead,
  rowCount: number,
  columnMask: number,
): void {
  const flags =
    (head.isStale ? frameFlag.stale : 0) |
    (head.isAtmOutsideWindow ? frameFlag.atmOutsideWindow : 0);
  view.setUint32(headerOffset.magic, frameMagic, true);
  view.setUint8(headerOffset.layoutVersion, frameLayoutVersion);
  view.setUint8(headerOffset.kind, frameKind[head.kind]);
  view.setUint8(headerOffset.view, frameView.quotes);
  view.setUint8(headerOffset.flags, flags);
  view.setUint32(headerOffset.stream, head.stream, true);
  view.setUint32(headerOffset.generation, head.generation, true);
  view.setUint32(headerOffset.previousVersion, head.previousVersion, true);
  view.setUint32(headerOffset.version, head.version, true);
  view.setUint32(headerOffset.rowCount, rowCount, true);
  view.setUint32(headerOffset.columnMask, columnMask, true);
  view.setFloat64(headerOffset.asOfMs, head.asOfMs, true);
  view.setInt32(headerOffset.spotPaise, head.spotPaise, true);
  view.setInt32(headerOffset.spotClosePaise, head.spotClosePaise, true);
  view.setInt32(headerOffset.atmPaise, head.atmPaise, true);
  view.setInt32(headerOffset.anchorIndex, head.anchorIndex, true);
  view.setFloat64(headerOffset.spotMs, head.spotMs, true);
}

/** The figures that move with every tick; returns the offset after them. */
function writeQuick(
  { buffer, at: start }: { buffer: ArrayBuffer; at: number },
  store: QuoteStore,
  pick: FrameRows,
  asOfMs: number,
): number {
  const { count, rows, firstSlot } = pick;
  const wide = padTo8(count * 8);
  const narrow = padTo8(count * 4);
  const volume = new Float64Array(buffer, start, count);
  const oi = new Float64Array(buffer, start + wide, count);
  let at = start + 2 * wide;
  const ltp = new Int32Array(buffer, at, count);
  const bid = new Int32Array(buffer, (at += narrow), count);
  const ask = new Int32Array(buffer, (at += narrow), count);
  const bidQty = new Uint32Array(buffer, (at += narrow), count);
  const askQty = new Uint32Array(buffer, (at += narrow), count);
  const age = new Uint32Array(buffer, (at += narrow), count);
  const known = new Uint16Array(buffer, (at += narrow), count);
  for (let index = 0; index < count; index++) {
    const slot = firstSlot + rows[index]!;
    const best = slot * bookInts;
    volume[index] = store.volume[slot]!;
    oi[index] = store.oi[slot]!;
    ltp[index] = store.ltpPaise[slot]!;
    bid[index] = store.book[best + bookAt.bidPaise]!;
    ask[index] = store.book[best + bookAt.askPaise]!;
    bidQty[index] = store.book[best + bookAt.bidQty]!;
    askQty[index] = store.book[best + bookAt.askQty]!;
    age[index] = Math.min(ageUnknown, Math.max(0, asOfMs - store.receivedMs[slot]!));
    known[index] = store.known[slot]!;
  }
  return at + padTo8(count * 2);
}

function writeSlow(buffer: ArrayBuffer, start: number, store: QuoteStore, pick: FrameRows): void {
  const { count, rows, firstSlot } = pick;
  const previousOi = new Float64Array(buffer, start, count);
  const close = new Int32Array(buffer, start + count * 8, count);
  const greeksAt = start + count * 8 + padTo8(count * 4);
  const greeks = new Float64Array(buffer, greeksAt, count * 6);
  const greeksMs = new Float64Array(buffer, greeksAt + count * 48, count);
  for (let index = 0; index < count; index++) {
    const slot = firstSlot + rows[index]!;
    previousOi[index] = store.previousOi[slot]!;
    close[index] = store.closePaise[slot]!;
    for (let greek = 0; greek < 6; greek++) {
      greeks[index * 6 + greek] = store.brokerGreeks[slot * 6 + greek]!;
    }
    greeksMs[index] = store.brokerGreeksAtMs[slot]!;
  }
}
