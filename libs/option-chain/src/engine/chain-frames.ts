import { indiaIsoOf, type ChainLayout, type ServerMessage } from '@strikewire/contracts';
import { encodeFrame, field, type FrameHead } from '@strikewire/market-data';
import { sourceOfChain, type ChainSource } from './chain-json';
import { figuresJson, forwardJson } from './figures-json';
import { legGreeks, legUpdate } from './leg-json';
import type { LiveChain } from './live-chain';

/** What a step of a stream starts from; a snapshot starts from nothing. */
export interface StreamStep {
  stream: number;
  /**
   * Version the receiver holds, and the store's version that it covers; null: a snapshot.
   * `derivedVersion` likewise for volatility and Greeks; null: they are left out.
   */
  from: { version: number; storeVersion: number; derivedVersion: number | null } | null;
  /** Version that the receiver then holds. */
  version: number;
  asOfMs: number;
}

type Head = Extract<ServerMessage, { type: 'snapshot' }>['head'];

/** The structure message of a stream. */
export function layoutMessage(
  chain: LiveChain,
  stream: number,
  source: ChainSource,
): ChainLayout {
  const { skeleton } = chain.slots;
  return {
    type: 'layout',
    stream,
    generation: chain.generation.number,
    underlying: skeleton.symbol,
    exchange: skeleton.exchange,
    expiry: skeleton.expiry,
    expiryClass: skeleton.expiryClass,
    lotSize: skeleton.lotSize,
    strikeInterval: skeleton.intervalPaise / 100,
    strikes: skeleton.strikes.map((strike) => strike.strikePaise / 100),
    tokens: skeleton.strikes.flatMap(({ CE, PE }) => [CE.token.id, PE.token.id]),
    source: sourceOfChain(chain, source),
  };
}

const rowsScratch = new Uint16Array(65_535);

/** Rows that changed since `from`, in the shared scratch; all for a snapshot. */
function pickRows(
  { store, slots }: LiveChain,
  from: StreamStep['from'],
): { count: number; hasSlowChange: boolean; hasDerived: boolean } {
  const storeVersion = from?.storeVersion ?? -1;
  const derivedVersion = from ? (from.derivedVersion ?? Infinity) : -1;
  let count = 0;
  let hasSlowChange = from === null;
  for (let row = 0; row < slots.legCount; row++) {
    const slot = slots.firstSlot + row;
    const isMoved = (store.changedAt[slot] ?? 0) > storeVersion;
    if (!isMoved && !((store.derivedAt[slot] ?? 0) > derivedVersion)) continue;
    rowsScratch[count++] = row;
    if ((store.slowChangedAt[slot] ?? 0) > storeVersion) hasSlowChange = true;
  }
  return { count, hasSlowChange, hasDerived: derivedVersion < Infinity };
}

/** A binary frame: a snapshot, or what changed since `step.from`. */
export function binaryStep(chain: LiveChain, step: StreamStep): Uint8Array {
  const { store, slots, atmPointer } = chain;
  const spot = slots.spotSlot;
  const picked = pickRows(chain, step.from);
  const head: FrameHead = {
    kind: step.from ? 'delta' : 'snapshot',
    stream: step.stream,
    generation: chain.generation.number,
    previousVersion: step.from?.version ?? 0,
    version: step.version,
    asOfMs: step.asOfMs,
    isStale: chain.isStale,
    isAtmOutsideWindow: atmPointer.isOutsideWindow,
    spotPaise: spot < 0 ? 0 : (store.ltpPaise[spot] ?? 0),
    spotClosePaise: spot < 0 ? 0 : (store.closePaise[spot] ?? 0),
    spotMs: spot < 0 ? 0 : (store.receivedMs[spot] ?? 0),
    atmPaise: atmPointer.atmPaise,
    anchorIndex: atmPointer.anchorIndex,
    ...chain.pricer.figures,
  };
  return encodeFrame(store, head, { firstSlot: slots.firstSlot, rows: rowsScratch, ...picked });
}

/** The same step as text. */
export function jsonStep(chain: LiveChain, step: StreamStep): string {
  const { store, slots } = chain;
  const { count, hasDerived } = pickRows(chain, step.from);
  const rows = Array.from(rowsScratch.subarray(0, count), (row) => {
    const slot = slots.firstSlot + row;
    const update = legUpdate(store, slot);
    return [row, hasDerived ? { ...update, ...legGreeks(store, slot) } : update];
  });
  return JSON.stringify({
    type: step.from ? 'delta' : 'snapshot',
    ...(step.from ? { previous: step.from.version } : {}),
    stream: step.stream,
    generation: chain.generation.number,
    version: step.version,
    head: headJson(chain, step.asOfMs),
    rows,
  });
}

/** What stands above the rows of a step. */
export function headJson(chain: LiveChain, asOfMs: number): Head {
  const { store, slots, atmPointer } = chain;
  const spot = slots.spotSlot;
  const has = (bit: number): boolean => spot >= 0 && store.knows(spot, bit);
  const anchor = slots.strikesPaise[atmPointer.anchorIndex];
  return {
    spot: has(field.ltp) ? (store.ltpPaise[spot] ?? 0) / 100 : null,
    spotClose: has(field.close) ? (store.closePaise[spot] ?? 0) / 100 : null,
    spotAt: has(field.ltp) ? indiaIsoOf(store.receivedMs[spot] ?? 0) : null,
    atmStrike: atmPointer.atmPaise > 0 ? atmPointer.atmPaise / 100 : null,
    anchorStrike: anchor === undefined ? null : anchor / 100,
    atmOutsideWindow: atmPointer.isOutsideWindow,
    stale: chain.isStale,
    asOf: indiaIsoOf(asOfMs),
    forward: forwardJson(chain.pricer.figures),
    figures: figuresJson(chain.pricer.figures),
  };
}
