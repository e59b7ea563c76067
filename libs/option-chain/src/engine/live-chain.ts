import { underlyingKey, type Exchange, type UnderlyingRef } from '@strikewire/contracts';
import type { QuoteStore } from '@strikewire/market-data';
import { pointAtm, type AtmPointer } from '../core/atm-pointer';
import type { ChainSlots } from '../core/generation-layout';
import { ChainPricer } from './chain-pricer-batch';
import type { Generation } from './generation';

/** `NSE:NIFTY:2026-11-24`. */
export function chainKey(underlying: UnderlyingRef, expiry: string): string {
  return `${underlyingKey(underlying)}:${expiry}`;
}

/** The chain that such a key names. */
export function chainOf(key: string): UnderlyingRef & { expiry: string } {
  const [exchange = '', symbol = '', expiry = ''] = key.split(':');
  return { exchange: exchange as Exchange, symbol, expiry };
}

/** Without a tick, time alone moves volatility and Greeks: they are worked out anew after this. */
const repriceMs = 60_000;

/**
 * One chain as clients see it: which generation it lies in, and a version that rises whenever
 * something that they see has changed since they could last look.
 */
export class LiveChain {
  readonly key: string;
  generation: Generation;
  slots: ChainSlots;
  /** Volatility, Greeks and the chain's figures. */
  pricer: ChainPricer;
  version = 1;
  isStale = true;
  /** Whose sockets carry it: its first contracts', by the account's label; null: nobody's. */
  account: string | null = null;
  /** The store's version up to which changes are part of `version`. */
  storeVersion = 0;
  private spotVersion = 0;
  private atm: AtmPointer = { atmPaise: 0, anchorIndex: -1, isOutsideWindow: false };

  constructor(generation: Generation, slots: ChainSlots) {
    this.key = chainKey(slots.skeleton, slots.skeleton.expiry);
    this.generation = generation;
    this.slots = slots;
    this.pricer = new ChainPricer(generation, slots);
    this.storeVersion = generation.store.version;
    this.repoint();
  }

  get store(): QuoteStore {
    return this.generation.store;
  }

  get atmPointer(): AtmPointer {
    return this.atm;
  }

  /** Moves to the next generation; whoever held rows must take the new layout. */
  moveTo(generation: Generation, slots: ChainSlots): void {
    this.generation = generation;
    this.slots = slots;
    this.pricer = new ChainPricer(generation, slots);
    this.version++;
    this.storeVersion = generation.store.version;
    this.repoint();
  }

  /**
   * Takes what has changed by `nowMs` (epoch) into a new version, priced anew; true when there was
   * something.
   */
  refresh(isStale: boolean, nowMs: number): boolean {
    const { store, slots } = this;
    const spotVersion = slots.spotSlot < 0 ? 0 : (store.changedAt[slots.spotSlot] ?? 0);
    const isDirty = store.groupDirty[slots.group] === 1;
    const hasMoved = isDirty || spotVersion !== this.spotVersion;
    const isDue = Math.abs(nowMs - this.pricer.pricedMs) >= repriceMs;
    if (!hasMoved && !isDue && isStale === this.isStale) return false;
    store.groupDirty[slots.group] = 0;
    this.isStale = isStale;
    if (spotVersion !== this.spotVersion) this.repoint();
    if (hasMoved || isDue) this.pricer.run(nowMs, this.atm);
    this.version++;
    this.storeVersion = store.version;
    return true;
  }

  /** Newest receive time of any leg, epoch ms; 0 before the first. */
  lastReceivedMs(): number {
    const { firstSlot, legCount } = this.slots;
    let newest = 0;
    for (let slot = firstSlot; slot < firstSlot + legCount; slot++) {
      newest = Math.max(newest, this.store.receivedMs[slot] ?? 0);
    }
    return newest;
  }

  /** Legs that a feed has ticked, and the newest such tick by the monotonic clock. */
  liveness(): { liveCount: number; tickMonoMs: number } {
    const { firstSlot, legCount } = this.slots;
    let liveCount = 0;
    let tickMonoMs = -Infinity;
    for (let slot = firstSlot; slot < firstSlot + legCount; slot++) {
      const touched = this.store.touchedMonoMs[slot] ?? -Infinity;
      if (touched > -Infinity) liveCount++;
      tickMonoMs = Math.max(tickMonoMs, touched);
    }
    return { liveCount, tickMonoMs };
  }

  /** The ATM as the spot stands, whether or not a version has taken it up. */
  atmNow(): AtmPointer {
    const { store, slots } = this;
    const ltpPaise = slots.spotSlot < 0 ? 0 : (store.ltpPaise[slots.spotSlot] ?? 0);
    return pointAtm(slots.strikesPaise, slots.skeleton.intervalPaise, ltpPaise);
  }

  private repoint(): void {
    const { store, slots } = this;
    this.spotVersion = slots.spotSlot < 0 ? 0 : (store.changedAt[slots.spotSlot] ?? 0);
    this.atm = this.atmNow();
  }
}
