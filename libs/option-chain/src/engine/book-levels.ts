import type { DepthLevel } from '@strikewire/broker/engine';
import { bookAt, bookInts, depthLevels, levelInts, type QuoteStore } from '@strikewire/market-data';

/** The levels of the market feed's book at which there are orders, best first. */
export function bookLevels(store: QuoteStore, slot: number, side: 'bid' | 'ask'): DepthLevel[] {
  const { price, quantity } = side === 'bid'
    ? { price: bookAt.bidPaise, quantity: bookAt.bidQty }
    : { price: bookAt.askPaise, quantity: bookAt.askQty };
  const levels = Array.from({ length: depthLevels }, (_, level): DepthLevel => {
    const at = slot * bookInts + level * levelInts;
    const orders = store.book[at + bookAt.orders] ?? 0;
    return {
      pricePaise: store.book[at + price] ?? 0,
      quantity: store.book[at + quantity] ?? 0,
      orders: side === 'bid' ? orders & 0xffff : orders >>> 16,
    };
  });
  return levels.filter(({ pricePaise }) => pricePaise > 0);
}
