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

/** Strikes on each side of the money that parity looks at; the nearest quoted five decide. */
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
  totals: ChainTotals = { ceOi: 0, peOi: 0, ceVolume: 0, peVolume: 0 };
  /** Epoch ms of the last run; 0 before the first. */
  pricedMs = 0;
  /** The store's version at the last run that changed a leg. */
  changedVersion = 0;
  private readonly generation: Generation;
  private readonly slots: ChainSlots;
  private readonly closeMs: number;
  private readonly legSlots: Uint32Array;
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
    const years = yearsToExpiry(convention, nowMs, this.closeMs);
    const spot = slots.spotSlot < 0 ? NaN : store.ltpPaise[slots.spotSlot]! / 100;
    const forward = this.forward(spot, years, anchorIndex);
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

  private forward(spot: number, years: number, anchorIndex: number): ForwardEstimate | null {
    const near = this.figures.forward > 0 ? this.figures.forward : spot;
    const count = anchorIndex < 0 ? 0 : this.takeQuotes(anchorIndex);
    return this.parity.estimate(this.quotes, count, near, {
      future: NaN,
      spot,
      rate: this.generation.sheet.convention.rate,
      yearsToExpiry: years,
    });
  }

  /** The quotes of the strikes around the anchor; answers how many strikes. */
  private takeQuotes(anchorIndex: number): number {
    const { store } = this.generation;
    const { firstSlot, strikesPaise } = this.slots;
    const { quotes } = this;
    const from = Math.max(0, anchorIndex - parityReach);
    const to = Math.min(strikesPaise.length - 1, anchorIndex + parityReach);
    const oldestMs = this.newestMs() - freshMs;
    for (let index = from; index <= to; index++) {
      const at = index - from;
      const call = firstSlot + 2 * index;
      quotes.strike[at] = strikesPaise[index]! / 100;
      quotes.callBid[at] = store.bestBidPaise(call) / 100;
      quotes.callAsk[at] = store.bestAskPaise(call) / 100;
      quotes.putBid[at] = store.bestBidPaise(call + 1) / 100;
      quotes.putAsk[at] = store.bestAskPaise(call + 1) / 100;
      const olderMs = Math.min(store.receivedMs[call]!, store.receivedMs[call + 1]!);
      quotes.isFresh[at] = olderMs > 0 && olderMs >= oldestMs ? 1 : 0;
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
