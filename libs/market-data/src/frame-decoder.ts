import {
  ageUnknown,
  allColumnMask,
  frameBytes,
  frameFlag,
  frameHeaderBytes,
  frameKind,
  frameLayoutVersion,
  frameMagic,
  headerOffset,
  padTo8,
  quickColumnMask,
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
  if (columnMask !== quickColumnMask && columnMask !== allColumnMask) return 'wrong_layout';
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
  const next = readQuick(store, aligned.buffer as ArrayBuffer, start, { rows, header });
  if (header.columnMask === allColumnMask) {
    readSlow(store, aligned.buffer as ArrayBuffer, next, rows);
  }
  return header;
}

function readQuick(
  store: QuoteStore,
  buffer: ArrayBuffer,
  start: number,
  { rows, header }: { rows: Uint16Array; header: FrameHeader },
): number {
  const count = rows.length;
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
    const slot = rows[index]!;
    const best = slot * bookInts;
    store.volume[slot] = volume[index]!;
    store.oi[slot] = oi[index]!;
    store.ltpPaise[slot] = ltp[index]!;
    store.book[best + bookAt.bidPaise] = bid[index]!;
    store.book[best + bookAt.askPaise] = ask[index]!;
    store.book[best + bookAt.bidQty] = bidQty[index]!;
    store.book[best + bookAt.askQty] = askQty[index]!;
    store.known[slot] = known[index]!;
    store.receivedMs[slot] = age[index]! === ageUnknown ? 0 : header.asOfMs - age[index]!;
    store.touch(slot);
  }
  return at + padTo8(count * 2);
}

function readSlow(store: QuoteStore, buffer: ArrayBuffer, start: number, rows: Uint16Array): void {
  const count = rows.length;
  const previousOi = new Float64Array(buffer, start, count);
  const close = new Int32Array(buffer, start + count * 8, count);
  const greeksAt = start + count * 8 + padTo8(count * 4);
  const greeks = new Float64Array(buffer, greeksAt, count * 6);
  const greeksMs = new Float64Array(buffer, greeksAt + count * 48, count);
  for (let index = 0; index < count; index++) {
    const slot = rows[index]!;
    store.previousOi[slot] = previousOi[index]!;
    store.closePaise[slot] = close[index]!;
    store.brokerGreeks.set(greeks.subarray(index * 6, index * 6 + 6), slot * 6);
    store.brokerGreeksAtMs[slot] = greeksMs[index]!;
  }
}
