import type { Exchange } from '@strikewire/contracts';
import { errorMessageOf, type Clock, type Log, type Timer } from '@strikewire/runtime';
import type { ChainSlots, GenerationLayout } from '../core/generation-layout';
import {
  decodeMirror,
  fillFromMirror,
  isUnknown,
  type MirroredChain,
} from './chain-mirror-decoder';
import { encodeMirror } from './chain-mirror-encoder';
import type { ChainMirrorStore, MirrorEntry } from './chain-mirror-store';
import type { Generation } from './generation';
import { chainKey } from './live-chain';

/** What the mirror looks at and writes to. */
export interface ChainMirrorDeps {
  clock: Clock;
  log: Log;
  store: ChainMirrorStore;
  /** The one that is served now. */
  generation(): Generation;
  /** The trading day that an exchange is in, `2026-11-24`. */
  tradingDay(exchange: Exchange): string;
}

const roundMs = 1_000;
/** Chains written in a round: all of them within eight rounds, however many there are. */
const chainsPerRoundMin = 100;
const roundsPerCycle = 8;
/** One turn of the event loop encodes and sends no more, and begins no chain past this time. */
const chainsPerSlice = 32;
const bytesPerSlice = 256 * 1024;
const sliceMs = 2;
/** Asked for at once. */
const keysPerRead = 64;
/** A start does not wait longer for what is mirrored. */
const prepareMsMax = 2_000;
/** Nor a stop for what is still to be written. */
const settleMsMax = 2_000;
/** A longer chain is not mirrored: its value would be over a mebibyte. */
const legsMax = 4_000;
/** Retired chains that wait to be forgotten; past it they are left to their own expiry. */
const goneMax = 10_000;

/** How far a chain is mirrored. */
interface Mirrored {
  /** What was there before has been looked for: only then is it written over. */
  isTried: boolean;
  /** Generation and store version of what was last written; -1: to be written in any case. */
  generation: number;
  version: number;
}

/**
 * Keeps a copy of every chain in a place that outlives the process, and begins with what is there.
 * Memory is the truth: the copy follows within seconds, and is written whole again whenever it may
 * have been lost. One round at a time, so nothing queues while the place is away.
 */
export class ChainMirror {
  private readonly deps: ChainMirrorDeps;
  private readonly run: string;
  /** By key; what was written longest ago comes first. */
  private readonly states = new Map<string, Mirrored>();
  private readonly read = new Map<string, MirroredChain>();
  private readonly gone = new Set<string>();
  private layout: GenerationLayout | undefined;
  private slotsByKey: ReadonlyMap<string, ChainSlots> = new Map();
  private markCount = 0;
  private markLeft: string | undefined;
  private isAway = false;
  private isStopped = false;
  private timer: Timer | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(deps: ChainMirrorDeps) {
    this.deps = deps;
    this.run = deps.clock.wallMs().toString(36);
  }

  start(): void {
    this.arm();
  }

  stop(): void {
    this.isStopped = true;
    this.timer?.cancel();
  }

  /** Reads what is mirrored of chains that are about to be served; never rejects. */
  async prepare(keys: readonly string[]): Promise<void> {
    const untried = keys.filter((key) => !this.states.get(key)?.isTried);
    const endMono = this.deps.clock.monoMs() + prepareMsMax;
    await this.readBack(untried, endMono).catch((error: unknown) => this.lost(error));
  }

  /** Writes what was read to whatever of the served chains has no figures yet. */
  fill(): void {
    const { read } = this;
    if (read.size === 0) return;
    const generation = this.deps.generation();
    const nowMs = this.deps.clock.wallMs();
    const chains = generation.layout.chains.flatMap((slots) => {
      const mirrored = read.get(keyOf(slots));
      return mirrored ? [{ slots, mirrored }] : [];
    });
    // Each chain brings its spot along: the newest is taken first.
    chains.sort((a, b) => spotMs(b.mirrored) - spotMs(a.mirrored));
    let contracts = 0;
    for (const { slots, mirrored } of chains) {
      contracts += fillFromMirror(generation, slots, mirrored, nowMs);
    }
    read.clear();
    if (contracts > 0) {
      this.deps.log.info('chains begin with what was mirrored', {
        chains: chains.length, contracts,
      });
    }
  }

  /** Stops, once all that has changed is written too; takes two seconds at most. */
  async settle(): Promise<void> {
    this.stop();
    await this.running;
    if (this.isAway) return;
    const endMono = this.deps.clock.monoMs() + settleMsMax;
    await this.write({ chainsMax: Infinity, endMono }).catch((error: unknown) => this.lost(error));
  }

  private arm(): void {
    if (this.isStopped) return;
    this.timer = this.deps.clock.after(roundMs, () => {
      this.running = this.round()
        .then(() => this.reached())
        .catch((error: unknown) => this.lost(error))
        .finally(() => this.arm());
    });
  }

  private async round(): Promise<void> {
    const { clock, store } = this.deps;
    this.takeLayout();
    await this.checkMark();
    const endMono = clock.monoMs() + prepareMsMax;
    await this.readBack(this.untried(), endMono);
    this.fill();
    if (this.gone.size > 0) {
      const keys = [...this.gone];
      await clock.track(store.forget(keys));
      for (const key of keys) this.gone.delete(key);
    }
    const perCycle = Math.ceil(this.slotsByKey.size / roundsPerCycle);
    const chainsMax = Math.max(chainsPerRoundMin, perCycle);
    await this.write({ chainsMax, endMono: Infinity });
  }

  /** Without the mark of the last round, all that was written may be gone, or be of before. */
  private async checkMark(): Promise<void> {
    const { clock, store } = this.deps;
    const next = `${this.run}-${++this.markCount}`;
    const before = await clock.track(store.mark(next));
    const isMine = before !== undefined && before === this.markLeft;
    if (!isMine) for (const state of this.states.values()) state.generation = -1;
    this.markLeft = next;
  }

  /** Follows the served layout; chains that are no more in it are forgotten in the mirror too. */
  private takeLayout(): void {
    const { layout } = this.deps.generation();
    if (layout === this.layout) return;
    const before = this.slotsByKey;
    this.layout = layout;
    this.slotsByKey = new Map(
      layout.chains
        .filter(({ legCount }) => legCount <= legsMax)
        .map((slots) => [keyOf(slots), slots]),
    );
    for (const key of this.slotsByKey.keys()) {
      this.gone.delete(key);
      this.stateOf(key);
    }
    for (const key of before.keys()) {
      if (this.slotsByKey.has(key)) continue;
      this.states.delete(key);
      this.gone.add(key);
    }
    if (this.gone.size > goneMax) this.gone.clear();
  }

  /** Served chains of which something is unknown, and of which nobody has asked the mirror yet. */
  private untried(): string[] {
    const generation = this.deps.generation();
    return [...this.slotsByKey].flatMap(([key, { firstSlot, legCount, spotSlot }]) => {
      const state = this.stateOf(key);
      if (state.isTried) return [];
      const isLacking = (slot: number): boolean => slot >= 0 && isUnknown(generation, slot);
      let lacks = isLacking(spotSlot);
      for (let row = 0; row < legCount && !lacks; row++) lacks = isLacking(firstSlot + row);
      state.isTried = !lacks;
      return lacks ? [key] : [];
    });
  }

  private async readBack(keys: readonly string[], endMono: number): Promise<void> {
    const { clock, store } = this.deps;
    for (let at = 0; at < keys.length && clock.monoMs() < endMono; at += keysPerRead) {
      const some = keys.slice(at, at + keysPerRead);
      const found = await clock.track(store.load(some));
      for (const key of some) {
        this.stateOf(key).isTried = true;
        const bytes = found.get(key);
        const mirrored = bytes && decodeMirror(bytes, clock.wallMs());
        // Malformed, too old or of another version: as if it were not there.
        if (typeof mirrored === 'object' && mirrored.key === key) this.read.set(key, mirrored);
      }
    }
  }

  /** Writes chains that have changed since they were last written, longest ago first. */
  private async write(limit: { chainsMax: number; endMono: number }): Promise<void> {
    const { clock, store } = this.deps;
    const generation = this.deps.generation();
    const due = this.due(generation);
    let at = 0;
    while (at < Math.min(due.length, limit.chainsMax)) {
      // What is left is of a layout that is no more served, or has to wait for the next start.
      if (this.deps.generation() !== generation || clock.monoMs() > limit.endMono) return;
      const { entries, version } = this.encodeSome(
        generation, due.slice(at, Math.min(at + chainsPerSlice, limit.chainsMax)),
      );
      await clock.track(store.save(entries));
      for (const { key } of entries) {
        // To the end of the line.
        this.states.delete(key);
        this.states.set(key, { isTried: true, generation: generation.number, version });
      }
      at += entries.length;
    }
  }

  private due({ number, store }: Generation): [key: string, slots: ChainSlots][] {
    const due: [string, ChainSlots][] = [];
    for (const [key, { isTried, generation, version }] of this.states) {
      const slots = this.slotsByKey.get(key);
      if (!slots || !isTried) continue;
      const sinceVersion = generation === number ? version : -1;
      if (hasNews(store, slots, sinceVersion)) due.push([key, slots]);
    }
    return due;
  }

  private encodeSome(
    generation: Generation,
    chains: readonly [key: string, slots: ChainSlots][],
  ): { entries: MirrorEntry[]; version: number } {
    const { clock, tradingDay } = this.deps;
    const endMono = clock.monoMs() + sliceMs;
    const writtenMs = clock.wallMs();
    const entries: MirrorEntry[] = [];
    let sum = 0;
    for (const [key, slots] of chains) {
      if (sum > bytesPerSlice || (sum > 0 && clock.monoMs() > endMono)) break;
      const head = { writtenMs, tradingDay: tradingDay(slots.skeleton.exchange) };
      const bytes = encodeMirror(generation, slots, head);
      entries.push({ key, bytes });
      sum += bytes.byteLength;
    }
    return { entries, version: generation.store.version };
  }

  private stateOf(key: string): Mirrored {
    const held = this.states.get(key);
    if (held) return held;
    const state = { isTried: false, generation: -1, version: -1 };
    this.states.set(key, state);
    return state;
  }

  private lost(error: unknown): void {
    this.markLeft = undefined;
    if (!this.isAway) {
      this.deps.log.warn('chains are not mirrored', { reason: errorMessageOf(error) });
    }
    this.isAway = true;
  }

  private reached(): void {
    if (this.isAway) this.deps.log.info('chains are mirrored again');
    this.isAway = false;
  }
}

function keyOf({ skeleton }: ChainSlots): string {
  return chainKey(skeleton, skeleton.expiry);
}

function spotMs({ columns, tokens }: MirroredChain): number {
  return columns.receivedMs[tokens.length - 1] ?? 0;
}

/** Whether a leg or the spot has changed; a chain of which nothing is known has no news. */
function hasNews(
  store: Generation['store'],
  { firstSlot, legCount, spotSlot }: ChainSlots,
  sinceVersion: number,
): boolean {
  const isNews = (slot: number): boolean =>
    (store.changedAt[slot] ?? 0) > sinceVersion && (store.known[slot] ?? 0) !== 0;
  if (spotSlot >= 0 && isNews(spotSlot)) return true;
  for (let row = 0; row < legCount; row++) if (isNews(firstSlot + row)) return true;
  return false;
}
