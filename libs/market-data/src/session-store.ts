import { bookInts, field, levelInts, QuoteScratch, type QuoteSink } from './quote-fields';
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
  readonly scratch = new QuoteScratch();
  readonly counters: SessionCounters = { applied: 0, behind: 0, observed: 0, revoked: 0 };
  readonly source: number;
  readonly epoch: number;
  private readonly store: QuoteStore;
  private readonly rules: OwnershipRules;
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

  apply(slot: number, fields: number): boolean {
    const { store, scratch, counters } = this;
    if (this.isRevoked) {
      counters.revoked++;
      return false;
    }
    const isOwner = store.source[slot]! === this.source && store.epoch[slot]! === this.epoch;
    if (!isOwner && !this.mayTake(slot)) {
      counters.observed++;
      return false;
    }
    if (this.isBehind(slot, fields, isOwner)) {
      counters.behind++;
      return false;
    }
    if (!isOwner) this.take(slot);
    writeQuote(store, scratch, slot, fields);
    if ((fields & field.tradeTime) !== 0) {
      const tradeMs = scratch.units[QuoteScratch.tradeMs]!;
      if (tradeMs <= this.wallMs + tradeAheadMaxMs) store.tradeMs[slot] = tradeMs;
    }
    if ((fields & (field.top | field.depth)) !== 0) writeBook(store, scratch, slot, fields);
    store.known[slot] = store.known[slot]! | fields | ((fields & field.depth) >> 1);
    store.receivedMs[slot] = this.wallMs;
    store.touchedMonoMs[slot] = this.monoMs;
    store.touch(slot);
    if ((fields & (field.ltp | field.top | field.depth)) !== 0) store.pushTick(slot, this.wallMs);
    counters.applied++;
    return true;
  }

  /** Nobody owns the slot, an earlier epoch of this source does, or its owner fell silent. */
  private mayTake(slot: number): boolean {
    const { store, rules } = this;
    const owner = store.source[slot]!;
    if (owner === 0) return true;
    if (owner === this.source) return store.epoch[slot]! < this.epoch;
    return (
      this.monoMs - store.touchedMonoMs[slot]! > rules.takeoverMs &&
      this.monoMs - store.ownedSinceMonoMs[slot]! >= rules.dwellMs
    );
  }

  private take(slot: number): void {
    this.store.source[slot] = this.source;
    this.store.epoch[slot] = this.epoch;
    this.store.ownedSinceMonoMs[slot] = this.monoMs;
  }

  private isBehind(slot: number, fields: number, isOwner: boolean): boolean {
    const { store, scratch } = this;
    const heldMs = store.tradeMs[slot]!;
    const hasVolume = (fields & field.volume) !== 0;
    if ((fields & field.tradeTime) !== 0 && heldMs > 0) {
      const tradeMs = scratch.units[QuoteScratch.tradeMs]!;
      if (tradeMs === 0) return false;
      if (tradeMs < heldMs) return true;
      if (tradeMs > heldMs) return false;
      return hasVolume && scratch.units[QuoteScratch.volume]! < store.volume[slot]!;
    }
    if (isOwner || !hasVolume || !this.isSameDay(slot)) return false;
    return scratch.units[QuoteScratch.volume]! < store.volume[slot]!;
  }

  /** Cumulative volume can be compared only within one Indian calendar day. */
  private isSameDay(slot: number): boolean {
    const heldDay = Math.floor((this.store.receivedMs[slot]! + indiaOffsetMs) / dayMs);
    return heldDay === Math.floor((this.wallMs + indiaOffsetMs) / dayMs);
  }
}

/** Copies the figures named by `fields`, the book apart, to the columns; hot. */
function writeQuote(store: QuoteStore, scratch: QuoteScratch, slot: number, fields: number): void {
  const { ints, units } = scratch;
  if ((fields & field.ltp) !== 0) store.ltpPaise[slot] = ints[QuoteScratch.ltp]!;
  if ((fields & field.lastQty) !== 0) store.lastQty[slot] = units[QuoteScratch.lastQty]!;
  if ((fields & field.averagePrice) !== 0) {
    store.averagePaise[slot] = ints[QuoteScratch.averagePrice]!;
  }
  if ((fields & field.volume) !== 0) store.volume[slot] = units[QuoteScratch.volume]!;
  if ((fields & field.totals) !== 0) {
    store.totalBuyQty[slot] = units[QuoteScratch.totalBuyQty]!;
    store.totalSellQty[slot] = units[QuoteScratch.totalSellQty]!;
  }
  if ((fields & field.dayRange) !== 0) {
    store.openPaise[slot] = ints[QuoteScratch.open]!;
    store.highPaise[slot] = ints[QuoteScratch.high]!;
    store.lowPaise[slot] = ints[QuoteScratch.low]!;
  }
  if ((fields & field.close) !== 0 && store.closePaise[slot] !== ints[QuoteScratch.close]!) {
    store.closePaise[slot] = ints[QuoteScratch.close]!;
    store.slowChangedAt[slot] = store.version + 1;
  }
  if ((fields & field.oi) !== 0) store.oi[slot] = units[QuoteScratch.oi]!;
  if ((fields & field.oiRange) !== 0) {
    store.oiHigh[slot] = units[QuoteScratch.oiHigh]!;
    store.oiLow[slot] = units[QuoteScratch.oiLow]!;
  }
  if ((fields & field.previousOi) !== 0) {
    store.previousOi[slot] = units[QuoteScratch.previousOi]!;
    store.slowChangedAt[slot] = store.version + 1;
  }
}

/** Copies the best level, or the whole book when `fields` has depth; hot. */
function writeBook(store: QuoteStore, scratch: QuoteScratch, slot: number, fields: number): void {
  const { book } = store;
  const from = scratch.book;
  const base = slot * bookInts;
  // The whole scratch goes in one memory move; a part of it would need a view, which allocates.
  if ((fields & field.depth) !== 0) book.set(from, base);
  else for (let index = 0; index < levelInts; index++) book[base + index] = from[index]!;
}

/**
 * Writes REST figures. They count as of the moment the request was sent: figures that a feed also
 * carries are left alone when the slot was touched since; broker Greeks and previous OI, which
 * only REST carries, are always taken. `at`: the answer's receive time and the request's send time.
 */
export class SnapshotWriter {
  readonly scratch = new QuoteScratch();
  private readonly store: QuoteStore;

  constructor(store: QuoteStore) {
    this.store = store;
  }

  apply(slot: number, fields: number, at: { wallMs: number; sentMonoMs: number }): void {
    const { store, scratch } = this;
    const isTouched = store.touchedMonoMs[slot]! > at.sentMonoMs;
    const restOnly = fields & (field.previousOi | field.brokerGreeks);
    const taken = isTouched ? restOnly : fields;
    writeQuote(store, scratch, slot, taken);
    if ((taken & (field.top | field.depth)) !== 0) writeBook(store, scratch, slot, taken);
    if ((taken & field.brokerGreeks) !== 0) {
      store.brokerGreeks.set(scratch.greeks, slot * 6);
      store.brokerGreeksAtMs[slot] = at.wallMs;
      store.slowChangedAt[slot] = store.version + 1;
    }
    store.known[slot] = store.known[slot]! | taken | ((taken & field.depth) >> 1);
    if (!isTouched) store.receivedMs[slot] = at.wallMs;
    store.touch(slot);
  }
}
