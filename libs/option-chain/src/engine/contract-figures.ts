import type { UnderlyingRef } from '@strikewire/contracts';
import { field, type QuoteStore } from '@strikewire/market-data';
import { unitsOfOne } from '../core/commodity-lots';
import { bookLevels } from './book-levels';
import type { ContractReading } from './contract-reading';

type Trade = Pick<
  ContractReading,
  'ltpPaise' | 'tradedMs' | 'lastQuantity' | 'volume' | 'previousClosePaise'
>;

/** Book and last trade of a slot, quantities in units. */
export function marketOf(
  store: QuoteStore,
  slot: number,
  { exchange, symbol }: UnderlyingRef,
): Pick<ContractReading, 'bids' | 'asks'> & Trade {
  const units = unitsOfOne(exchange, symbol) ?? 1;
  return {
    bids: levelsOf(store, slot, { side: 'bid', units }),
    asks: levelsOf(store, slot, { side: 'ask', units }),
    ...tradeOf(store, slot, units),
  };
}

/** What is offered, in units: a commodity's book is told in lots. */
function levelsOf(
  store: QuoteStore,
  slot: number,
  { side, units }: { side: 'bid' | 'ask'; units: number },
): ContractReading['bids'] {
  return bookLevels(store, slot, side)
    .filter(({ quantity }) => quantity > 0)
    .map((level) => ({ ...level, quantity: level.quantity * units }));
}

function tradeOf(
  store: QuoteStore,
  slot: number,
  units: number,
): Trade {
  return {
    ltpPaise: store.knows(slot, field.ltp) ? store.ltpPaise[slot] || null : null,
    tradedMs: store.tradeMs[slot] ?? 0,
    lastQuantity: (store.lastQty[slot] ?? 0) * units,
    volume: (store.volume[slot] ?? 0) * units,
    previousClosePaise: store.knows(slot, field.close) ? store.closePaise[slot] || null : null,
  };
}

/** Volatility and delta of an option, as a chain has worked them out. */
export function greeksOf(store: QuoteStore, slot: number): Pick<ContractReading, 'iv' | 'delta'> {
  const [iv, delta] = [store.iv[slot] ?? NaN, store.delta[slot] ?? NaN];
  const isPriced = Number.isFinite(iv);
  return {
    iv: isPriced ? iv / 100 : null,
    delta: isPriced && Number.isFinite(delta) ? delta : null,
  };
}
