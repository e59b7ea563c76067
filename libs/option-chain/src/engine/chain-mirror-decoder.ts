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
  const { firstSlot, legCount, spotSlot } = slots;
  const { tokens } = mirrored;
  const isSound = soundRows(mirrored, nowMs);
  const mayTake = (slot: number, row: number): boolean =>
    row >= 0 && isUnknown(generation, slot) && isSound(row);
  let filled = 0;
  const spot = generation.layout.underlyings[spotSlot]?.token;
  const spotRow = tokens.length - 1;
  if (spot && tokens[spotRow] === tokenKey(spot) && mayTake(spotSlot, spotRow)) {
    copyRows(generation, { slot: spotSlot, row: spotRow, count: 1 }, mirrored);
    filled++;
  }
  const rows = rowsOfLegs(slots, mirrored);
  // Legs that lie side by side in both are copied in one go: mostly that is the whole chain.
  for (let leg = 0; leg < legCount; leg++) {
    const row = rows[leg]!;
    let count = 0;
    while (
      leg + count < legCount &&
      rows[leg + count] === row + count &&
      mayTake(firstSlot + leg + count, row + count)
    ) {
      count++;
    }
    if (count === 0) continue;
    copyRows(generation, { slot: firstSlot + leg, row, count }, mirrored);
    filled += count;
    leg += count - 1;
  }
  return filled;
}

/** The row of each leg; -1: none. */
function rowsOfLegs({ skeleton, legCount }: ChainSlots, mirrored: MirroredChain): Int32Array {
  const { tokens, strikesPaise } = mirrored;
  const legTokens = skeleton.strikes.flatMap(({ CE, PE }) => [
    tokenKey(CE.token), tokenKey(PE.token),
  ]);
  const isSame = tokens.length === legCount + 1 && legTokens.every((key, i) => key === tokens[i]);
  const places = isSame ? null : new Map(tokens.slice(0, -1).map((token, row) => [token, row]));
  return Int32Array.from(legTokens, (token, leg) => {
    const row = places ? (places.get(token) ?? -1) : leg;
    // A token may mean another contract on another day: its strike and side have to agree.
    const isContract =
      row >= 0 &&
      row % 2 === leg % 2 &&
      strikesPaise[row] === skeleton.strikes[leg >> 1]!.strikePaise;
    return isContract ? row : -1;
  });
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

/** Tells whether a row's figures are such as a market has, and young enough. */
function soundRows({ columns }: MirroredChain, nowMs: number): (row: number) => boolean {
  const { known, receivedMs, tradeMs, brokerGreeksAtMs, brokerGreeks } = columns;
  const countColumns = counts.map((name) => columns[name]);
  const priceColumns = prices.map((name) => columns[name]);
  return (row) => {
    if (known[row]! === 0 || (known[row]! & ~mirroredFields) !== 0) return false;
    for (const column of countColumns) {
      if (!(column[row]! >= 0 && column[row]! < Infinity)) return false;
    }
    for (const column of priceColumns) if (column[row]! < 0) return false;
    for (let at = 6 * row; at < 6 * row + 6; at++) {
      if (Math.abs(brokerGreeks[at]!) === Infinity) return false;
    }
    if (Math.max(tradeMs[row]!, brokerGreeksAtMs[row]!) > nowMs + aheadMaxMs) return false;
    // What only REST has told, and only slowly, has no receive time: the value's own age counts.
    if (receivedMs[row]! === 0) return (known[row]! & movingFields) === 0;
    return isTimely(receivedMs[row]!, nowMs);
  };
}

const movingFields = field.ltp | field.top | field.volume | field.oi;

function isTimely(atMs: number, nowMs: number): boolean {
  return atMs > nowMs - mirrorTtlMs && atMs <= nowMs + aheadMaxMs;
}

/** Rows and slots that follow each other. */
interface Run {
  slot: number;
  row: number;
  count: number;
}

function copyRows(
  { store }: Generation,
  { slot, row, count }: Run,
  { columns }: MirroredChain,
): void {
  for (const { name, width } of mirrorColumns) {
    const from = columns[name].subarray(row * width, (row + count) * width);
    store[name].set(from as never, slot * width);
  }
  for (let at = slot; at < slot + count; at++) {
    store.touch(at);
    store.slowChangedAt[at] = store.version;
  }
}
