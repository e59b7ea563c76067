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
  headerOffset,
  padTo8,
  isColumnMask,
  slowColumnMask,
  type FrameHeader,
} from './frame-format';
import { bookAt, bookInts } from './quote-fields';
import type { QuoteStore } from './quote-store';

/** Why a frame was refused; the reader then asks for a snapshot. */
export type FrameFault = 'too_short' | 'wrong_magic' | 'wrong_layout' | 'wrong_length' | 'bad_row';

/** Reads and checks a frame's header. Never throws. */
export function readFrameHeader(bytes: Uint8Array): FrameHeader | FrameFault {
  if (bytes.byteLength < frameHeaderBytes) return 'too_short';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(headerOffset.magic, true) !== frameMagic) return 'wrong_magic';
  if (view.getUint8(headerOffset.layoutVersion) !== frameLayoutVersion) return 'wrong_layout';
  const kind = view.getUint8(headerOffset.kind);
  if (kind !== frameKind.snapshot && kind !== frameKind.delta) return 'wrong_layout';
  const rowCount = view.getUint32(headerOffset.rowCount, true);
  const columnMask = view.getUint32(headerOffset.columnMask, true);
  if (!isColumnMask(columnMask)) return 'wrong_layout';
  const forwardSource = forwardSourceNames[view.getUint32(headerOffset.forwardSource, true)];
  if (forwardSource === undefined) return 'wrong_layout';
  if (frameBytes(rowCount, columnMask) !== bytes.byteLength) return 'wrong_length';
  const flags = view.getUint8(headerOffset.flags);
  return {
    kind: kind === frameKind.snapshot ? 'snapshot' : 'delta',
    stream: view.getUint32(headerOffset.stream, true),
    generation: view.getUint32(headerOffset.generation, true),
    previousVersion: view.getUint32(headerOffset.previousVersion, true),
    version: view.getUint32(headerOffset.version, true),
    rowCount,
    columnMask,
    asOfMs: view.getFloat64(headerOffset.asOfMs, true),
    isStale: (flags & frameFlag.stale) !== 0,
    isAtmOutsideWindow: (flags & frameFlag.atmOutsideWindow) !== 0,
    spotPaise: view.getInt32(headerOffset.spotPaise, true),
    spotClosePaise: view.getInt32(headerOffset.spotClosePaise, true),
    atmPaise: view.getInt32(headerOffset.atmPaise, true),
    anchorIndex: view.getInt32(headerOffset.anchorIndex, true),
    spotMs: view.getFloat64(headerOffset.spotMs, true),
    forward: view.getFloat64(headerOffset.forward, true),
    forwardSource,
    atmIv: view.getFloat64(headerOffset.atmIv, true),
    skew: view.getFloat64(headerOffset.skew, true),
    straddle: view.getFloat64(headerOffset.straddle, true),
    expectedMove: view.getFloat64(headerOffset.expectedMove, true),
    gammaExposure: view.getFloat64(headerOffset.gammaExposure, true),
    maxPainPaise: view.getInt32(headerOffset.maxPainPaise, true),
  };
}

/**
 * Applies a frame to a store that holds one chain (row = slot). The caller has checked stream,
 * generation and version. Returns the header, or why nothing was changed.
 */
export function decodeFrame(store: QuoteStore, bytes: Uint8Array): FrameHeader | FrameFault {
  const header = readFrameHeader(bytes);
  if (typeof header === 'string') return header;
  // A copy by constructor: the slice of a Node Buffer is a view of the same memory.
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
  const { rowCount } = header;
  const rows = new Uint16Array(aligned.buffer, aligned.byteOffset + frameHeaderBytes, rowCount);
  for (let index = 0; index < rowCount; index++) {
    if (rows[index]! >= store.capacity) return 'bad_row';
  }
  const start = aligned.byteOffset + frameHeaderBytes + padTo8(rowCount * 2);
  const buffer = aligned.buffer as ArrayBuffer;
  let at = readQuick(store, buffer, start, { rows, header });
  if ((header.columnMask & slowColumnMask) !== 0) at = readSlow(store, buffer, at, rows);
  if ((header.columnMask & derivedColumnMask) !== 0) readDerived(store, buffer, at, rows);
  return header;
}

/** Returns the offset after the quick columns. */
function readQuick(
  store: QuoteStore,
  buffer: ArrayBuffer,
  start: number,
  { rows, header }: { rows: Uint16Array; header: FrameHeader },
): number {
  const from = quickColumns(buffer, start, rows.length);
  for (let index = 0; index < rows.length; index++) {
    const slot = rows[index]!;
    const best = slot * bookInts;
    const ageMs = from.ageMs[index]!;
    store.volume[slot] = from.volume[index]!;
    store.oi[slot] = from.oi[index]!;
    store.ltpPaise[slot] = from.ltpPaise[index]!;
    store.book[best + bookAt.bidPaise] = from.bidPaise[index]!;
    store.book[best + bookAt.askPaise] = from.askPaise[index]!;
    store.book[best + bookAt.bidQty] = from.bidQty[index]!;
    store.book[best + bookAt.askQty] = from.askQty[index]!;
    store.known[slot] = from.known[index]!;
    store.receivedMs[slot] = ageMs === ageUnknown ? 0 : header.asOfMs - ageMs;
    store.touch(slot);
  }
  return from.end;
}

/** Returns the offset after the slow columns. */
function readSlow(
  store: QuoteStore,
  buffer: ArrayBuffer,
  start: number,
  rows: Uint16Array,
): number {
  const from = slowColumns(buffer, start, rows.length);
  for (let index = 0; index < rows.length; index++) {
    const slot = rows[index]!;
    store.previousOi[slot] = from.previousOi[index]!;
    store.closePaise[slot] = from.closePaise[index]!;
    store.brokerGreeks.set(from.greeks.subarray(index * 6, index * 6 + 6), slot * 6);
    store.brokerGreeksAtMs[slot] = from.greeksAtMs[index]!;
  }
  return from.end;
}

function readDerived(
  store: QuoteStore,
  buffer: ArrayBuffer,
  start: number,
  rows: Uint16Array,
): void {
  const from = derivedColumns(buffer, start, rows.length);
  for (let index = 0; index < rows.length; index++) {
    const slot = rows[index]!;
    store.iv[slot] = from.greeks[6 * index]!;
    store.delta[slot] = from.greeks[6 * index + 1]!;
    store.gamma[slot] = from.greeks[6 * index + 2]!;
    store.theta[slot] = from.greeks[6 * index + 3]!;
    store.vega[slot] = from.greeks[6 * index + 4]!;
    store.rho[slot] = from.greeks[6 * index + 5]!;
    store.ivStatus[slot] = from.ivStatus[index]!;
  }
}
