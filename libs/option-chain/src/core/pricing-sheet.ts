import type { QuoteStore } from '@strikewire/market-data';
import { LegBatch, type PricingConvention, type QuoteVolColumns } from '@strikewire/pricing';
import type { ChainSlots } from './generation-layout';

/** What the options of a generation are priced from, one index per slot of its store. */
export interface PricingSheet {
  convention: PricingConvention;
  /** Rupees; what a leg is priced on: the middle of its book, else its LTP; 0 for none. */
  price: Float64Array;
  /** Writes volatility and Greeks to the columns of the store. */
  batch: LegBatch;
  /** Best bid and ask, rupees, and their volatilities, percent; filled when somebody asks. */
  quotes: { [Column in keyof QuoteVolColumns]: Float64Array };
}

/** Lays the sheet of a generation out; the store's derived columns become the batch's. */
export function createPricingSheet(
  store: QuoteStore,
  chains: readonly ChainSlots[],
  convention: PricingConvention,
): PricingSheet {
  const price = new Float64Array(store.capacity);
  const strike = new Float64Array(store.capacity);
  const isCall = new Uint8Array(store.capacity);
  for (const { firstSlot, strikesPaise } of chains) {
    strikesPaise.forEach((paise, index) => {
      const slot = firstSlot + 2 * index;
      strike.fill(paise / 100, slot, slot + 2);
      isCall[slot] = 1;
    });
  }
  const { iv: ivPercent, ivStatus, delta, gamma, theta, vega, rho } = store;
  const figures = { ivPercent, ivStatus, delta, gamma, theta, vega, rho };
  const column = (): Float64Array => new Float64Array(store.capacity);
  const quotes = { bid: column(), ask: column(), bidIvPercent: column(), askIvPercent: column() };
  return { convention, price, batch: new LegBatch({ price, strike, isCall }, figures), quotes };
}
