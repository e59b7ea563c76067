import { bookAt, bookInts, field, levelInts, type QuoteStore } from '@strikewire/market-data';
import type { BrokerLeg } from '../core/market-data-port';
import type { TrueLeg, TrueQuote } from './harness';

type Figure = readonly [name: string, found: number | undefined, needed: number];

/** Where a slot differs from the market, of what the feed has told of it: one line per figure. */
export function quoteDifferences(store: QuoteStore, slot: number, truth: TrueQuote): string[] {
  const told = (bits: number, ...figures: Figure[]): Figure[] =>
    store.knows(slot, bits) ? figures : [];
  return lines([
    ...told(field.ltp, ['ltp', store.ltpPaise[slot], truth.ltpPaise]),
    ...told(field.close, ['close', store.closePaise[slot], truth.closePaise]),
    ...told(field.volume, ['volume', store.volume[slot], truth.volume]),
    ...told(field.oi, ['oi', store.oi[slot], truth.oi]),
    ...told(
      field.dayRange,
      ['open', store.openPaise[slot], truth.openPaise],
      ['high', store.highPaise[slot], truth.highPaise],
      ['low', store.lowPaise[slot], truth.lowPaise],
    ),
    ...told(field.top | field.depth, ...levelFigures(store, slot, truth, 1)),
  ]);
}

/** Where the first `levels` of a slot's book differ; one line that says so where it has none. */
export function depthDifferences(
  store: QuoteStore,
  slot: number,
  truth: TrueQuote,
  levels: number,
): string[] {
  if (!store.knows(slot, field.top | field.depth)) return ['has no book'];
  return lines(levelFigures(store, slot, truth, levels));
}

function levelFigures(
  { book }: QuoteStore,
  slot: number,
  { depth }: TrueQuote,
  levels: number,
): Figure[] {
  return depth.slice(0, levels).flatMap((level, index) =>
    (['bidPaise', 'bidQty', 'askPaise', 'askQty'] as const).map((name): Figure => {
      const found = book[slot * bookInts + index * levelInts + bookAt[name]];
      return [`${name} of level ${index + 1}`, found, level[name]];
    }));
}

/** Where a chain's leg differs from the market; what the broker leaves out is not compared. */
export function legDifferences(leg: BrokerLeg, truth: TrueLeg): string[] {
  return lines([
    ['ltp', leg.ltpPaise, truth.ltpPaise],
    ['bid', leg.bidPaise, truth.bidPaise],
    ['ask', leg.askPaise, truth.askPaise],
    ['bidQty', leg.bidQty, truth.bidQty],
    ['askQty', leg.askQty, truth.askQty],
    ['volume', leg.volume, truth.volume],
    ['oi', leg.oi, truth.oi],
    ['close', leg.closePaise ?? truth.closePaise, truth.closePaise],
    ['previousOi', leg.previousOi ?? truth.previousOi, truth.previousOi],
  ]);
}

function lines(figures: readonly Figure[]): string[] {
  return figures
    .filter(([, found, needed]) => found !== needed)
    .map(([name, found, needed]) => `${name} was ${found}, is ${needed}`);
}
