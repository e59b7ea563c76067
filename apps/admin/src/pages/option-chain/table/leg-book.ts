import { emptyLegFigures, readLeg } from '@strikewire/client';
import { bookAt, bookInts, depthLevels, field, levelInts } from '@strikewire/market-data';
import type { QuoteStore } from '@strikewire/market-data';
import { grouped } from '../../../format/numbers';
import { buildUpOf, type BuildUp } from './build-up';
import { liquidityOf } from './liquidity';
import { spreadBandOf, spreadPercentOf, type SpreadBand } from './spread';

/** One level of one side; prices in paise, quantities in units. */
export interface BookSide {
  pricePaise: number;
  qty: number;
}

/** What is told of one leg beside its row. */
export interface LegBook {
  /** Best first: five with the market's depth, else the best alone; empty while unknown. */
  bids: readonly BookSide[];
  asks: readonly BookSide[];
  /** The levels behind the best are known too. */
  isDepth: boolean;
  /** `0.42 %`; null without a two-sided book and a price. */
  spread: { text: string; band: SpreadBand } | null;
  /** Liquidity, 0 to 100; NaN for none. */
  score: number;
  buildUp: BuildUp | null;
}

/** Reads the book of a leg as far as this client has it, with what is concluded from it. */
export function readLegBook(store: QuoteStore, leg: number, lotSize: number): LegBook {
  const figures = readLeg(store, leg, emptyLegFigures());
  // That the market tells of depth does not mean that it has come this far: levels decide.
  const isKnown = store.knows(leg, field.top | field.depth);
  const isDepth = isKnown && hasSecondLevel(store, leg);
  const levels = isKnown ? (isDepth ? depthLevels : 1) : 0;
  const percent = spreadPercentOf(figures);
  const band = spreadBandOf(percent);
  return {
    bids: sideOf(store, leg, { levels, price: bookAt.bidPaise, qty: bookAt.bidQty }),
    asks: sideOf(store, leg, { levels, price: bookAt.askPaise, qty: bookAt.askQty }),
    isDepth,
    spread: band && { text: `${grouped(percent, 2)}%`, band },
    score: liquidityOf(figures, lotSize),
    buildUp: buildUpOf(figures),
  };
}

/** Rupees at which it could be had now: the other side's best, else the last; null for neither. */
export function touchOf(store: QuoteStore, leg: number, side: 'BUY' | 'SELL'): number | null {
  const best = side === 'BUY' ? bookAt.askPaise : bookAt.bidPaise;
  const isKnown = store.knows(leg, field.top | field.depth);
  const touch = isKnown ? (store.book[leg * bookInts + best] ?? 0) : 0;
  const paise = touch > 0 ? touch : (store.ltpPaise[leg] ?? 0);
  return paise > 0 ? paise / 100 : null;
}

function hasSecondLevel({ book }: QuoteStore, leg: number): boolean {
  const second = leg * bookInts + levelInts;
  return (book[second + bookAt.bidPaise] ?? 0) > 0 || (book[second + bookAt.askPaise] ?? 0) > 0;
}

function sideOf(
  { book }: QuoteStore,
  leg: number,
  { levels, price, qty }: { levels: number; price: number; qty: number },
): BookSide[] {
  return Array.from({ length: levels }, (_, level) => {
    const at = leg * bookInts + level * levelInts;
    return { pricePaise: book[at + price] ?? 0, qty: book[at + qty] ?? 0 };
  });
}
