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

// Copies of imports, which would be looked up anew for every packet.
const depthField = field.depth;
/** A packet with one of these is a tick. */
const tickFields = field.ltp | field.top | field.depth;
/** A trade time further ahead than this is not believed: the packet counts, its time does not. */
const tradeAheadMaxMs = 60_000;
/** Clocks may differ by so much, and mean the same. */
const clockSlackMs = 2_000;
/** More than this is no clock that is wrong, but another time of the day. */
const clockSkewMaxMs = 600_000;
/** No packet of one connection is later than that. */
const lateMaxMs = 60_000;
/** In place of a session's number: no slot is owned by it. */
const revokedNumber = -1;
const indiaOffsetMs = 5.5 * 3_600_000;
const dayMs = 86_400_000;

/**
 * One connection's right to write to a store: (source, epoch). Within a session arrival order
 * decides where the wire cannot tell; a packet that the wire shows to be older (earlier trade
 * time, or the same with a lower cumulative volume) never replaces a newer one. Of two brokers the
 * clocks may differ: then volume decides. A source whose clock was ahead is heard again a minute
 * after it was put right, at the latest.
 */
export class QuoteSession implements QuoteSink {
  readonly counters: SessionCounters = { applied: 0, behind: 0, observed: 0, revoked: 0 };
  // Declared, so that each is set once: engines then trust its type where packets are merged.
  declare readonly source: number;
  declare readonly epoch: number;
  declare readonly store: QuoteStore;
  declare private readonly rules: OwnershipRules;
  /** This session in the store's `owner` column; owns nothing once it is revoked. */
  declare private number: number;
  private wallMs = 0;
  private monoMs = 0;
  /** The store's version when the frame began. */
  private frameVersion = 0;
  /** `wallMs` as the ticks tell it. */
  private tickMs = 0;
  /** Later trade times are not believed. */
  private tradeMaxMs = 0;

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
    this.tickMs = (wallMs - this.store.baseWallMs) | 0;
    this.tradeMaxMs = wallMs + tradeAheadMaxMs;
    this.frameVersion = this.store.version;
  }

  /** All packets of the frame are merged: whoever watches the store is told. */
  endFrame(): void {
    const { store, frameVersion } = this;
    if (store.frameEnded !== null && store.version !== frameVersion) store.frameEnded(frameVersion);
  }

  /** From now on every write of this session is dropped. */
  revoke(): void {
    this.number = revokedNumber;
  }

  admit(slot: number, tradeMs: number, volume: number): boolean {
    const { store } = this;
    if (store.owner[slot]! !== this.number) return this.admitOther(slot, tradeMs, volume);
    // Without a trade time the order of arrival decides.
    if (tradeMs <= 0) return true;
    const heldMs = store.tradeMs[slot]!;
    if (
      (tradeMs < heldMs && !this.isLongSilent(slot)) ||
      (tradeMs <= heldMs && volume < store.volume[slot]! && this.isOfHeldDay(slot, volume))
    ) {
      this.counters.behind++;
      return false;
    }
    if (tradeMs <= this.tradeMaxMs) store.tradeMs[slot] = tradeMs;
    return true;
  }

  commit(slot: number, fields: number): void {
    const { store } = this;
    store.known[slot] = store.known[slot]! | fields | ((fields & depthField) >> 1);
    store.receivedMs[slot] = this.wallMs;
    store.touchedMonoMs[slot] = this.monoMs;
    store.touch(slot);
    if ((fields & tickFields) !== 0) store.pushTick(slot, this.tickMs);
    this.counters.applied++;
  }

  /** A packet for a slot that this session does not own yet: the rare case. */
  private admitOther(slot: number, tradeMs: number, volume: number): boolean {
    const { store, counters } = this;
    if (this.number === revokedNumber) {
      counters.revoked++;
      return false;
    }
    if (!this.mayTake(slot)) {
      counters.observed++;
      return false;
    }
    if (this.isBehindOther(slot, tradeMs, volume)) {
      counters.behind++;
      return false;
    }
    this.take(slot);
    if (tradeMs > 0 && tradeMs <= this.tradeMaxMs) store.tradeMs[slot] = tradeMs;
    return true;
  }

  /**
   * What no feed has brought yet is REST's: it does not tell whose day its volume is, and before
   * the open that is yesterday's. The first packet comes after it, and is newer.
   */
  private isBehindOther(slot: number, tradeMs: number, volume: number): boolean {
    const { store } = this;
    if (store.source[slot]! === 0) return false;
    const heldMs = store.tradeMs[slot]!;
    if (tradeMs > 0 && heldMs > 0) {
      // Some brokers tell whole seconds only: within one of them the wires cannot be compared.
      const [second, held] = [Math.floor(tradeMs / 1_000), Math.floor(heldMs / 1_000)];
      if (second > held) return false;
      if (second < held && !this.isByOtherClock(slot, tradeMs, volume)) return true;
    }
    return volume < store.volume[slot]! && this.isOfHeldDay(slot, volume);
  }

  /**
   * Whether an earlier trade time is no sign of age, because the clocks of two brokers differ: more
   * was traded since; or what is held was told by a clock that is ahead of ours; or whoever told it
   * has let go of the slot, and nothing was traded since; or nothing was told for long.
   */
  private isByOtherClock(slot: number, tradeMs: number, volume: number): boolean {
    const { store } = this;
    const heldMs = store.tradeMs[slot]!;
    if (heldMs > this.wallMs + clockSlackMs) return true;
    const isOfDay = this.isOfHeldDay(slot, volume);
    const moreUnits = volume - store.volume[slot]!;
    if (isOfDay && moreUnits > 0) return true;
    if (store.source[slot]! !== this.source) return false;
    if (this.isLongSilent(slot)) return true;
    const isLetGo = store.epoch[slot]! === 0;
    // An index has no volume, and ticks all the time.
    const isSame = volume === noVolume ? heldMs - tradeMs < clockSkewMaxMs : moreUnits === 0;
    return isLetGo && isSame;
  }

  /** Nothing was told for longer than a packet can be late: an earlier time is a clock put back. */
  private isLongSilent(slot: number): boolean {
    return this.monoMs - this.store.touchedMonoMs[slot]! > lateMaxMs;
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

  /**
   * Cumulative volume can be compared only within one Indian calendar day. The held trade tells
   * whose volume it is: what comes before the open is received today and still yesterday's. A
   * packet that tells no volume is of no day.
   */
  private isOfHeldDay(slot: number, volume: number): boolean {
    if (volume === noVolume) return false;
    const heldMs = this.store.tradeMs[slot]! || this.store.receivedMs[slot]!;
    const heldDay = Math.floor((heldMs + indiaOffsetMs) / dayMs);
    return heldDay === Math.floor((this.wallMs + indiaOffsetMs) / dayMs);
  }
}
