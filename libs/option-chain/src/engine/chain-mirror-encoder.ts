import { tokenKey } from '@strikewire/broker';
import type { ChainSlots } from '../core/generation-layout';
import type { Skeleton } from '../core/skeleton';
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
} from './chain-mirror-format';
import type { Generation } from './generation';
import { chainKey } from './live-chain';

const utf8 = new TextEncoder();

/** Key and tokens of a skeleton as text: they stay as long as it does. */
const texts = new WeakMap<Skeleton, { spot: string; bytes: Uint8Array }>();

function textOf({ layout }: Generation, { skeleton, spotSlot }: ChainSlots): Uint8Array {
  const token = layout.underlyings[spotSlot]?.token;
  const spot = token ? tokenKey(token) : '';
  const held = texts.get(skeleton);
  if (held?.spot === spot) return held.bytes;
  const legs = skeleton.strikes.flatMap(({ CE, PE }) => [tokenKey(CE.token), tokenKey(PE.token)]);
  const lines = [chainKey(skeleton, skeleton.expiry), ...legs, spot];
  const bytes = utf8.encode(lines.join('\n'));
  texts.set(skeleton, { spot, bytes });
  return bytes;
}

/**
 * Everything that a chain is served from, and its spot, as one value of fresh memory: whole columns
 * are copied, as the legs of a chain lie side by side. `tradingDay`: `2026-11-24`.
 */
export function encodeMirror(
  generation: Generation,
  slots: ChainSlots,
  head: { writtenMs: number; tradingDay: string },
): Uint8Array<ArrayBuffer> {
  const { store } = generation;
  const { firstSlot, legCount, spotSlot, strikesPaise } = slots;
  const text = textOf(generation, slots);
  const rowCount = legCount + 1;
  const buffer = new ArrayBuffer(mirrorBytes(rowCount, text.length));
  const bytes = new Uint8Array(buffer);
  bytes.set(text, mirrorHeaderBytes);
  const views = mirrorViews(buffer, rowCount, text.length);
  for (const { name, width } of mirrorColumns) {
    const from = store[name];
    const to = views.columns[name];
    to.set(from.subarray(firstSlot * width, (firstSlot + legCount) * width) as never);
    if (spotSlot < 0) continue;
    const spot = from.subarray(spotSlot * width, (spotSlot + 1) * width);
    to.set(spot as never, legCount * width);
  }
  const { known } = views.columns;
  for (let row = 0; row < rowCount; row++) known[row] = known[row]! & mirroredFields;
  for (let row = 0; row < legCount; row++) views.strikesPaise[row] = strikesPaise[row >> 1]!;
  const view = new DataView(buffer);
  view.setUint32(mirrorAt.magic, mirrorMagic, true);
  view.setUint16(mirrorAt.layoutVersion, mirrorLayoutVersion, true);
  view.setUint16(mirrorAt.rowCount, rowCount, true);
  view.setUint32(mirrorAt.byteCount, buffer.byteLength, true);
  view.setFloat64(mirrorAt.writtenMs, head.writtenMs, true);
  view.setUint32(mirrorAt.tradingDay, Number(head.tradingDay.replaceAll('-', '')), true);
  view.setUint32(mirrorAt.textBytes, text.length, true);
  view.setUint32(mirrorAt.checksum, mirrorChecksum(buffer, rowCount), true);
  return bytes;
}
