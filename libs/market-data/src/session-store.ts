import { field } from './quote-fields';
import { noVolume, type QuoteSink } from './quote-sink';
import type { QuoteStore } from './quote-store';

/** How ownership of a slot moves between live feeds. */
export interface OwnershipRules {
  /** A peer may write when the owner has been silent on the slot for longer than this. */
  takeoverMs: number;
  /** After a move the slot stays with its new owner for at least this long. */
  dwellMs: number;
}

/** A silent owner is relieved after 2 s, and no slot moves again within 5 s. */
export const defaultOwnershipRules: OwnershipRules = { takeoverMs: 2_000, dwellMs: 5_000 };

/** What became of the packets of one session. */
export interface SessionCounters {
  applied: number;
  /** Older than what the slot holds, by trade time or cumulative volume. */
  behind: number;
  /** From a feed that does not own the slot. */
  observed: number;
  /** Written after the session was revoked. */
  revoked: number;
}

/** A trade time further ahead than this is not believed: the packet counts, its time does not. */
const tradeAheadMaxMs = 5 * 60_000;
const indiaOffsetMs = 5.5 * 3_600_000;
const dayMs = 86_400_000;

/**
 * One connection's right to write to a store: (source, epoch). Within a session arrival order
 * decides where the wire cannot tell; a packet that the wire shows to be older (earlier trade
 * time, or the same with a lower cumulative volume) never replaces a newer one.
 */
export class QuoteSession implements QuoteSink {
  readonly counters: SessionCounters = { applied: 0, behind: 0, observed: 0, revoked: 0 };
  readonly source: number;
  readonly epoch: number;
  readonly store: QuoteStore;
  private readonly rules: OwnershipRules;
  /** This session in the store's `owner` column. */
  private readonly number: number;
  private isRevoked = false;
  private wallMs = 0;
  private monoMs = 0;

  /** `source`: 1 to 65,535, this connection's number; `epoch` rises with each reconnection. */
  constructor(
    store: QuoteStore,
    identity: { source: number; epoch: number },
    rules: OwnershipRules = defaultOwnershipRules,
  ) {
    this.store = store;
    this.source = identity.source;
    this.epoch = identity.epoch;
    this.rules = rules;
    this.number = ++store.sessionCount;
  }

  /** Stamps what follows: one reading of the clock per received frame. */
  beginFrame(wallMs: number, monoMs: number): void {
    this.wallMs = wallMs;
    this.monoMs = monoMs;
  }

  /** From now on every write of this session is dropped. */
  revoke(): void {
    this.isRevoked = true;
  }

  admit(slot: number, tradeMs: number, volume: number): boolean {
    const { store, counters } = this;
    if (this.isRevoked) {
      counters.revoked++;
      return false;
    }
    const isOwner = store.owner[slot]! === this.number;
    if (!isOwner && !this.mayTake(slot)) {
      counters.observed++;
      return false;
    }
    if (this.isBehind(slot, tradeMs, volume, isOwner)) {
      counters.behind++;
      return false;
    }
    if (!isOwner) this.take(slot);
    if (tradeMs > 0 && tradeMs <= this.wallMs + tradeAheadMaxMs) store.tradeMs[slot] = tradeMs;
    return true;
  }

  commit(slot: number, fields: number): void {
    const { store } = this;
    store.known[slot] = store.known[slot]! | fields | ((fields & field.depth) >> 1);
    store.receivedMs[slot] = this.wallMs;
    store.touchedMonoMs[slot] = this.monoMs;
    store.touch(slot);
    if ((fields & (field.ltp | field.top | field.depth)) !== 0) store.pushTick(slot, this.wallMs);
    this.counters.applied++;
  }

  /** Nobody owns the slot, an earlier epoch of this source does, or its owner fell silent. */
  private mayTake(slot: number): boolean {
    const { store, rules } = this;
    const owner = store.source[slot]!;
    if (owner === 0) return true;
    if (owner === this.source) return store.epoch[slot]! <= this.epoch;
    return (
      this.monoMs - store.touchedMonoMs[slot]! > rules.takeoverMs &&
      this.monoMs - store.ownedSinceMonoMs[slot]! >= rules.dwellMs
    );
  }

  private take(slot: number): void {
    this.store.owner[slot] = this.number;
    this.store.source[slot] = this.source;
    this.store.epoch[slot] = this.epoch;
    this.store.ownedSinceMonoMs[slot] = this.monoMs;
  }

  private isBehind(slot: number, tradeMs: number, volume: number, isOwner: boolean): boolean {
    const { store } = this;
    const heldMs = store.tradeMs[slot]!;
    const isTimed = tradeMs > 0 && heldMs > 0;
    if (isTimed && tradeMs !== heldMs) return tradeMs < heldMs;
    // Without a trade time, the owner's order of arrival decides.
    if (isOwner && !isTimed) return false;
    const isLower = volume !== noVolume && volume < store.volume[slot]!;
    // A contract that has not traded today still tells its last trade's time, with volume 0.
    return isLower && this.hasVolumeOfToday(slot);
  }

  /**
   * Cumulative volume can be compared only within one Indian calendar day. The held trade tells
   * whose volume it is: what comes before the open is received today and still yesterday's.
   */
  private hasVolumeOfToday(slot: number): boolean {
    const heldMs = this.store.tradeMs[slot]! || this.store.receivedMs[slot]!;
    const heldDay = Math.floor((heldMs + indiaOffsetMs) / dayMs);
    return heldDay === Math.floor((this.wallMs + indiaOffsetMs) / dayMs);
  }
}
