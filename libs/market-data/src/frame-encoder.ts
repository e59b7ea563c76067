import { derivedColumns, quickColumns, slowColumns } from './frame-columns';
import {
  ageUnknown,
  derivedColumnMask,
  forwardSourceNames,
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
  slowColumnMask,
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
  /** Whether volatility and Greeks are told. */
  hasDerived: boolean;
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
  const columnMask =
    quickColumnMask |
    (pick.hasSlowChange ? slowColumnMask : 0) |
    (pick.hasDerived ? derivedColumnMask : 0);
  const buffer = new ArrayBuffer(frameBytes(pick.count, columnMask));
  writeHeader(new DataView(buffer), head, pick.count, columnMask);
  new Uint16Array(buffer, frameHeaderBytes, pick.count).set(pick.rows.subarray(0, pick.count));
  let at = frameHeaderBytes + padTo8(pick.count * 2);
  at = writeQuick({ buffer, at }, store, pick, head.asOfMs);
  if (pick.hasSlowChange) at = writeSlow({ buffer, at }, store, pick);
  if (pick.hasDerived) writeDerived({ buffer, at }, store, pick);
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
  view.setFloat64(headerOffset.forward, head.forward, true);
  view.setFloat64(headerOffset.atmIv, head.atmIv, true);
  view.setFloat64(headerOffset.skew, head.skew, true);
  view.setFloat64(headerOffset.straddle, head.straddle, true);
  view.setFloat64(headerOffset.expectedMove, head.expectedMove, true);
  view.setFloat64(headerOffset.gammaExposure, head.gammaExposure, true);
  view.setInt32(headerOffset.maxPainPaise, head.maxPainPaise, true);
  const source = forwardSourceNames.indexOf(head.forwardSource);
  view.setUint32(headerOffset.forwardSource, source, true);
}

/** The figures that move with every tick; returns the offset after them. */
function writeQuick(
  { buffer, at }: { buffer: ArrayBuffer; at: number },
  store: QuoteStore,
  { count, rows, firstSlot }: FrameRows,
  asOfMs: number,
): number {
  const to = quickColumns(buffer, at, count);
  for (let index = 0; index < count; index++) {
    const slot = firstSlot + rows[index]!;
    const best = slot * bookInts;
    to.volume[index] = store.volume[slot]!;
    to.oi[index] = store.oi[slot]!;
    to.ltpPaise[index] = store.ltpPaise[slot]!;
    to.bidPaise[index] = store.book[best + bookAt.bidPaise]!;
    to.askPaise[index] = store.book[best + bookAt.askPaise]!;
    to.bidQty[index] = store.book[best + bookAt.bidQty]!;
    to.askQty[index] = store.book[best + bookAt.askQty]!;
    to.ageMs[index] = Math.min(ageUnknown, Math.max(0, asOfMs - store.receivedMs[slot]!));
    to.known[index] = store.known[slot]!;
  }
  return to.end;
}

/** Returns the offset after the slow columns. */
function writeSlow(
  { buffer, at }: { buffer: ArrayBuffer; at: number },
  store: QuoteStore,
  pick: FrameRows,
): number {
  const { count, rows, firstSlot } = pick;
  const to = slowColumns(buffer, at, count);
  for (let index = 0; index < count; index++) {
    const slot = firstSlot + rows[index]!;
    to.previousOi[index] = store.previousOi[slot]!;
    to.closePaise[index] = store.closePaise[slot]!;
    for (let greek = 0; greek < 6; greek++) {
      to.greeks[index * 6 + greek] = store.brokerGreeks[slot * 6 + greek]!;
    }
    to.greeksAtMs[index] = store.brokerGreeksAtMs[slot]!;
  }
  return to.end;
}

function writeDerived(
  { buffer, at }: { buffer: ArrayBuffer; at: number },
  store: QuoteStore,
  { count, rows, firstSlot }: FrameRows,
): void {
  const to = derivedColumns(buffer, at, count);
  for (let index = 0; index < count; index++) {
    const slot = firstSlot + rows[index]!;
    to.greeks[6 * index] = store.iv[slot]!;
    to.greeks[6 * index + 1] = store.delta[slot]!;
    to.greeks[6 * index + 2] = store.gamma[slot]!;
    to.greeks[6 * index + 3] = store.theta[slot]!;
    to.greeks[6 * index + 4] = store.vega[slot]!;
    to.greeks[6 * index + 5] = store.rho[slot]!;
    to.ivStatus[index] = store.ivStatus[slot]!;
  }
}
