import type { BookLevel, MarketTrade, MarketView } from '@strikewire/orders';
import type { PaperReading } from './paper-ports';

/**
 * One contract's market as orders meet it, one view after the other. A book is known by what it
 * shows, so that a restart in front of the same book does not offer the same units again; a trade
 * is given once.
 */
export class BookTracker {
  private volume: number | null = null;
  private tradedMs = 0;
  private ltpPaise: number | null = null;

  /** The next view; a trade counts when it was seen, since feeds tell whole seconds. */
  view(reading: PaperReading, nowMs: number): MarketView {
    const { bids, asks, confirmedMs: atMs } = reading;
    return {
      book: { bids, asks, atMs },
      bookVersion: versionOf(bids, asks),
      trade: this.tradeOf(reading, nowMs),
      nowMs,
    };
  }

  /** Of what was traded between two views only the last trade's price and size are known. */
  private tradeOf(reading: PaperReading, nowMs: number): MarketTrade | null {
    const { volume, tradedMs, ltpPaise, lastQuantity } = reading;
    const before = this.volume;
    const grown = before === null ? 0 : volume - before;
    const isLater = tradedMs > this.tradedMs || ltpPaise !== this.ltpPaise;
    this.volume = volume;
    this.tradedMs = tradedMs;
    this.ltpPaise = ltpPaise;
    if (before === null || ltpPaise === null) return null;
    // A new day begins at nothing; then a later trade is all there is to go by.
    if (grown === 0 || (grown < 0 && !isLater)) return null;
    const most = grown > 0 ? grown : volume;
    const quantity = lastQuantity > 0 ? Math.min(lastQuantity, most) : most;
    return { pricePaise: ltpPaise, quantity, atMs: nowMs };
  }
}

/** Two hashes (FNV-1a) of 26 bits each: a number that a double holds. */
function versionOf(bids: readonly BookLevel[], asks: readonly BookLevel[]): number {
  let [one, other] = [0x811c9dc5, 0x01000193];
  const mix = (value: number): void => {
    one = Math.imul(one ^ (value | 0), 0x01000193);
    other = Math.imul(other ^ ((value + 0x9e3779b9) | 0), 0x85ebca6b) ^ (one >>> 15);
  };
  for (const side of [bids, asks]) {
    mix(side.length);
    for (const { pricePaise, quantity } of side) {
      mix(pricePaise);
      mix(quantity);
    }
  }
  return (one >>> 6) * 2 ** 26 + (other >>> 6);
}
