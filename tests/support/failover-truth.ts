import { paiseOf } from '@strikewire/contracts';
import type { QuoteStore } from '@strikewire/market-data';
import type { TrueContract } from '@strikewire/simulator';

/** What is held of a contract that differs from what is true: one text per figure. */
export function wrongFigures(store: QuoteStore, slot: number, truth: TrueContract): string[] {
  const ltp: Figure = ['ltp', store.ltpPaise[slot], paiseOf(truth.ltp)];
  // An index has neither book nor volume.
  const book: Figure[] = truth.segment.startsWith('IDX') ? [] : [
    ['bid', store.bestBidPaise(slot), paiseOf(truth.bid)],
    ['ask', store.bestAskPaise(slot), paiseOf(truth.ask)],
    ['bid quantity', store.bestBidQty(slot), truth.bidQty],
    ['ask quantity', store.bestAskQty(slot), truth.askQty],
    ['volume', store.volume[slot], truth.volume],
    ['open interest', store.oi[slot], truth.oi],
  ];
  return [ltp, ...book].flatMap(([name, held, real]) =>
    held === real ? [] : [`${name} is ${real}, not ${held}`]);
}

type Figure = readonly [name: string, held: number | undefined, real: number];
