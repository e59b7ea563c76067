import { tokenKey } from '@strikewire/broker';
import { field } from '@strikewire/market-data';
import type { ChainSlots } from '../core/generation-layout';
import {
  mirrorAt,
  mirrorBytes,
  mirrorChecksum,
  mirrorColumns,
  mirroredFields,
  mirrorHeaderBytes,
  mirrorLayoutVersion,
  mirrorMagic,
  mirrorViews,
  type MirrorColumns,
} from './chain-mirror-format';
import { mirrorTtlMs } from './chain-mirror-store';
import type { Generation } from './generation';

/** A mirrored chain as it was read back. */
export interface MirroredChain {
  /** Of the chain: `NSE:NIFTY:2026-11-24`. */
  key: string;
  writtenMs: number;
  /** `20261124`. */
  tradingDay: number;
  /** Token of each row; the last one, maybe empty, is the spot's. */
  tokens: readonly string[];
  strikesPaise: Int32Array;
  columns: MirrorColumns;
}

/** Why a value is not read. */
export type MirrorFault =
  | 'short'
  | 'foreign'
  | 'version'
  | 'length'
  | 'checksum'
  | 'age'
  | 'text';

/** Clocks of two machines differ by less. */
const aheadMaxMs = 300_000;

const utf8 = new TextDecoder();

/** Reads a value that was found somewhere; nothing of it is believed before it has been checked. */
export function decodeMirror(given: Uint8Array, nowMs: number): MirroredChain | MirrorFault {
  if (given.byteLength < mirrorHeaderBytes) return 'short';
  // What comes from a socket may begin anywhere in its buffer.
  const { buffer } = new Uint8Array(given);
  const view = new DataView(buffer);
  if (view.getUint32(mirrorAt.magic, true) !== mirrorMagic) return 'foreign';
  if (view.getUint16(mirrorAt.layoutVersion, true) !== mirrorLayoutVersion) return 'version';
  const rowCount = view.getUint16(mirrorAt.rowCount, true);
  const textBytes = view.getUint32(mirrorAt.textBytes, true);
  const isWhole =
    view.getUint32(mirrorAt.byteCount, true) === buffer.byteLength &&
    textBytes <= buffer.byteLength &&
    mirrorBytes(rowCount, textBytes) === buffer.byteLength;
  if (!isWhole) return 'length';
  if (view.getUint32(mirrorAt.checksum, true) !== mirrorChecksum(buffer, rowCount)) {
    return 'checksum';
  }
  const writtenMs = view.getFloat64(mirrorAt.writtenMs, true);
  if (!isTimely(writtenMs, nowMs)) return 'age';
  const text = utf8.decode(new Uint8Array(buffer, mirrorHeaderBytes, textBytes));
  const [key = '', ...tokens] = text.split('\n');
  if (tokens.length !== rowCount) return 'text';
  const tradingDay = view.getUint32(mirrorAt.tradingDay, true);
  return { key, writtenMs, tradingDay, tokens, ...mirrorViews(buffer, rowCount, textBytes) };
}

/**
 * Writes mirrored figures to those slots of a chain of which nothing is known yet, as from no feed:
 * any tick and any REST answer replaces them. Answers with the number of slots.
 */
export function fillFromMirror(
  generation: Generation,
  slots: ChainSlots,
  mirrored: MirroredChain,
  nowMs: number,
): number {
  const { skeleton, firstSlot, spotSlot } = slots;
  const { tokens, strikesPaise } = mirrored;
  const spotRow = tokens.length - 1;
  let filled = 0;
  const take = (slot: number, row: number): void => {
    if (isUnknown(generation, slot) && isSound(mirrored, row, nowMs)) {
      copyRow(generation, slot, { mirrored, row });
      filled++;
    }
  };
  const spot = generation.layout.underlyings[spotSlot]?.token;
  if (spot && tokens[spotRow] === tokenKey(spot)) take(spotSlot, spotRow);
  const rows = new Map(tokens.slice(0, spotRow).map((token, row) => [token, row]));
  skeleton.strikes.forEach(({ strikePaise, CE, PE }, strike) => {
    [CE, PE].forEach(({ token }, side) => {
      // A token may mean another contract on another day: its strike and side have to agree.
      const row = rows.get(tokenKey(token));
      if (row === undefined || row % 2 !== side || strikesPaise[row] !== strikePaise) return;
      take(firstSlot + 2 * strike + side, row);
    });
  });
  return filled;
}

/** Neither a feed nor REST has told anything. */
export function isUnknown({ store }: Generation, slot: number): boolean {
  const isTouched = store.source[slot]! !== 0 || store.touchedMonoMs[slot]! !== -Infinity;
  return store.known[slot]! === 0 && !isTouched;
}

const counts = ['volume', 'oi', 'previousOi', 'tradeMs', 'receivedMs', 'brokerGreeksAtMs'] as const;
const prices = [
  'ltpPaise',
  'averagePaise',
  'openPaise',
  'highPaise',
  'lowPaise',
  'closePaise',
] as const;

/** Whether a row's figures are such as a market has, and young enough. */
function isSound({ columns }: MirroredChain, row: number, nowMs: number): boolean {
  const known = columns.known[row]!;
  if (known === 0 || (known & ~mirroredFields) !== 0) return false;
  if (!counts.every((name) => columns[name][row]! >= 0 && columns[name][row]! < Infinity)) {
    return false;
  }
  if (!prices.every((name) => columns[name][row]! >= 0)) return false;
  const greeks = columns.brokerGreeks.subarray(6 * row, 6 * row + 6);
  if (greeks.some((value) => Math.abs(value) === Infinity)) return false;
  const { receivedMs, tradeMs, brokerGreeksAtMs } = columns;
  if (Math.max(tradeMs[row]!, brokerGreeksAtMs[row]!) > nowMs + aheadMaxMs) return false;
  // What only REST has told, and only slowly, has no receive time: the value's own age counts.
  const isMoving = (known & (field.ltp | field.top | field.volume | field.oi)) !== 0;
  return receivedMs[row]! === 0 ? !isMoving : isTimely(receivedMs[row]!, nowMs);
}

function isTimely(atMs: number, nowMs: number): boolean {
  return atMs > nowMs - mirrorTtlMs && atMs <= nowMs + aheadMaxMs;
}

function copyRow(
  { store }: Generation,
  slot: number,
  { mirrored, row }: { mirrored: MirroredChain; row: number },
): void {
  for (const { name, width } of mirrorColumns) {
    const from = mirrored.columns[name].subarray(row * width, (row + 1) * width);
    store[name].set(from as never, slot * width);
  }
  store.touch(slot);
  store.slowChangedAt[slot] = store.version;
}
