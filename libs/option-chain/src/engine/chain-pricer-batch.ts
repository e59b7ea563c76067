import { noFigures, type FrameFigures } from '@strikewire/market-data';
import {
  ParityForward,
  PricingTerms,
  solveQuoteVols,
  yearsToExpiry,
  type ForwardEstimate,
  type ParityQuotes,
} from '@strikewire/pricing';
import { segmentCloseMs } from '@strikewire/trading-hours';
import type { AtmPointer } from '../core/atm-pointer';
import { chainFigures, chainTotals, type ChainTotals } from '../core/chain-figures-batch';
import type { ChainSlots } from '../core/generation-layout';
import type { Generation } from './generation';

/** Strikes on each side of the forward that parity looks at; the nearest quoted five decide. */
const parityReach = 8;
/**
 * A quote is fresh when it is no older than this beside the chain's newest: feeds tell changes
 * only, and in far expiries minutes pass between them.
 */
const freshMs = 300_000;

/**
 * Keeps volatility, Greeks and figures of one chain: takes the forward from its quotes and prices
 * what has changed. Bound to one generation's slots.
 */
export class ChainPricer {
  readonly terms: PricingTerms;
  figures: FrameFigures = noFigures;
  totals: ChainTotals = { ceOi: NaN, peOi: NaN, ceVolume: NaN, peVolume: NaN };
  /** Epoch ms of the last run; 0 before the first. */
  pricedMs = 0;
  /** The store's version at the last run that changed a leg. */
  changedVersion = 0;
  private readonly generation: Generation;
  private readonly slots: ChainSlots;
  private readonly closeMs: number;
  private readonly legSlots: Uint32Array;
  /** Quotes that came before are not fresh, epoch ms. */
  private oldestMs = 0;
  private readonly parity = new ParityForward();
  private readonly quotes: { [Column in keyof ParityQuotes]: ParityQuotes[Column] };

  constructor(generation: Generation, slots: ChainSlots) {
    this.generation = generation;
    this.slots = slots;
    const { exchange, expiry } = slots.skeleton;
    this.legSlots = Uint32Array.from({ length: slots.legCount }, (_, row) => slots.firstSlot + row);
    this.closeMs = segmentCloseMs(exchange, expiry);
    this.terms = new PricingTerms(generation.sheet.convention.model);
    const column = (): Float64Array => new Float64Array(2 * parityReach + 1);
    this.quotes = {
      strike: column(),
      callBid: column(),
      callAsk: column(),
      putBid: column(),
      putAsk: column(),
      isFresh: new Uint8Array(2 * parityReach + 1),
    };
  }

  /** Prices what has changed by `nowMs`, and marks it for whoever sends it. */
  run(nowMs: number, { anchorIndex }: AtmPointer): void {
    const { store, sheet } = this.generation;
    const { convention, batch, price } = sheet;
    const { slots, terms } = this;
    this.pricedMs = nowMs;
    this.takePrices();
    // An option is over at its close, to whatever moment a convention counts.
    const years = nowMs < this.closeMs ? yearsToExpiry(convention, nowMs, this.closeMs) : 0;
    const spot = slots.spotSlot < 0 ? NaN : store.ltpPaise[slots.spotSlot]! / 100;
    const forward = this.forward(spot, years);
    const underlying = convention.model === 'spot' ? spot : (forward?.value ?? NaN);
    terms.update(underlying, years, convention.rate);
    const count = batch.run(terms, slots.firstSlot, slots.firstSlot + slots.legCount);
    if (count > 0) {
      this.changedVersion = ++store.version;
      for (let index = 0; index < count; index++) {
        store.derivedAt[batch.changed[index]!] = store.version;
      }
    }
    this.totals = chainTotals(store, slots);
    this.figures = chainFigures(store, slots, {
      forward: forward?.value ?? NaN,
      forwardSource: forward?.source ?? 'none',
      underlying,
      yearsToExpiry: years,
      anchorIndex,
      price,
    });
  }

  /** Works the volatilities of all best bids and asks out, into the sheet's columns. */
  solveQuotes(): void {
    const { store, sheet } = this.generation;
    for (const slot of this.legSlots) {
      sheet.quotes.bid[slot] = store.bestBidPaise(slot) / 100;
      sheet.quotes.ask[slot] = store.bestAskPaise(slot) / 100;
    }
    solveQuoteVols(sheet.batch, this.terms, sheet.quotes, this.legSlots);
  }

  /** The middle of a two-sided book, else the LTP. */
  private takePrices(): void {
    const { store, sheet } = this.generation;
    const { firstSlot, legCount } = this.slots;
    for (let slot = firstSlot; slot < firstSlot + legCount; slot++) {
      const bid = store.bestBidPaise(slot);
      const ask = store.bestAskPaise(slot);
      const isTwoSided = bid > 0 && ask >= bid;
      sheet.price[slot] = isTwoSided ? (bid + ask) / 200 : store.ltpPaise[slot]! / 100;
    }
  }

  private forward(spot: number, years: number): ForwardEstimate | null {
    const center = this.parityCenter();
    const count = center < 0 ? 0 : this.takeQuotes(center);
    const near = (this.slots.strikesPaise[center] ?? NaN) / 100 + this.middleGap(center);
    return this.parity.estimate(this.quotes, count, near, {
      future: NaN,
      spot,
      rate: this.generation.sheet.convention.rate,
      yearsToExpiry: years,
    });
  }

  /**
   * Index of the quoted strike whose call and put cost most nearly the same: the nearest to the
   * forward, wherever the spot is, and if there is none. -1 without a fresh two-sided strike.
   */
  private parityCenter(): number {
    const { strikesPaise } = this.slots;
    this.oldestMs = this.newestMs() - freshMs;
    let least = Infinity;
    let center = -1;
    for (let index = 0; index < strikesPaise.length; index++) {
      const gap = Math.abs(this.middleGap(index));
      if (gap < least && this.isFresh(index)) {
        least = gap;
        center = index;
      }
    }
    return center;
  }

  /** Call less put, from the middles of their books, rupees; NaN unless both have two sides. */
  private middleGap(index: number): number {
    const { store } = this.generation;
    const call = this.slots.firstSlot + 2 * index;
    const [callBid, putBid] = [store.bestBidPaise(call), store.bestBidPaise(call + 1)];
    const [callAsk, putAsk] = [store.bestAskPaise(call), store.bestAskPaise(call + 1)];
    const isQuoted = callBid > 0 && callAsk > callBid && putBid > 0 && putAsk > putBid;
    return isQuoted ? (callBid + callAsk - putBid - putAsk) / 200 : NaN;
  }

  private isFresh(index: number): boolean {
    const { receivedMs } = this.generation.store;
    const call = this.slots.firstSlot + 2 * index;
    const olderMs = Math.min(receivedMs[call]!, receivedMs[call + 1]!);
    return olderMs > 0 && olderMs >= this.oldestMs;
  }

  /** The quotes of the strikes around one; answers how many strikes. */
  private takeQuotes(center: number): number {
    const { store } = this.generation;
    const { firstSlot, strikesPaise } = this.slots;
    const { quotes } = this;
    const from = Math.max(0, center - parityReach);
    const to = Math.min(strikesPaise.length - 1, center + parityReach);
    for (let index = from; index <= to; index++) {
      const at = index - from;
      const call = firstSlot + 2 * index;
      quotes.strike[at] = strikesPaise[index]! / 100;
      quotes.callBid[at] = store.bestBidPaise(call) / 100;
      quotes.callAsk[at] = store.bestAskPaise(call) / 100;
      quotes.putBid[at] = store.bestBidPaise(call + 1) / 100;
      quotes.putAsk[at] = store.bestAskPaise(call + 1) / 100;
      quotes.isFresh[at] = this.isFresh(index) ? 1 : 0;
    }
    return to - from + 1;
  }

  private newestMs(): number {
    const { store } = this.generation;
    const { firstSlot, legCount } = this.slots;
    let newest = 0;
    for (let slot = firstSlot; slot < firstSlot + legCount; slot++) {
      newest = Math.max(newest, store.receivedMs[slot]!);
    }
    return newest;
  }
}
