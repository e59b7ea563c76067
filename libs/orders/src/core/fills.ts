import type { OrderSide } from '@strikewire/broker';
import { dearer, oppositeLevels, touchOf, type BookLevel, type OrderBook } from './book';
import {
  hasPaperEnded,
  type PaperMarketSettings,
  type PaperOrder,
  type TakenQuantity,
} from './paper-order';
import { protectPrice } from './price-protection';

/** A trade that the market printed; each is given once. */
export interface MarketTrade {
  pricePaise: number;
  quantity: number;
  atMs: number;
}

/** The market as it is at `nowMs`, with the trade that was printed since; null: none was. */
export interface MarketView {
  book: OrderBook;
  /** Another one with each update of what the book shows, and only then. */
  bookVersion: number;
  trade: MarketTrade | null;
  nowMs: number;
}

/** `taken`: from what the book showed. `rested`: somebody came to the order's own price. */
export interface PaperFill {
  quantity: number;
  pricePaise: number;
  liquidity: 'taken' | 'rested';
  atMs: number;
}

/** The order after it met the market, and what it traded. */
export interface PaperMatch {
  order: PaperOrder;
  fills: PaperFill[];
}

/**
 * One order against one view of the market; the same input gives the same fills.
 *
 * On arrival an order takes what the other side shows within its limit, level by level at their
 * prices; a MARKET order has the limit of its protection, and is rejected when there is no fresh
 * touch. What is left rests (IOC: is cancelled). A resting order has no known place in its queue,
 * so it fills only when the other side's touch comes to its price, or a trade prints through it;
 * then at its own price, and no more than was shown or printed. Stops are triggered by trades
 * that print after their arrival. No unit of one book is taken twice.
 */
export function matchOrder(
  order: PaperOrder,
  view: MarketView,
  settings: PaperMarketSettings,
): PaperMatch {
  if (hasPaperEnded(order) || view.nowMs < order.arrivesMs) return { order, fills: [] };
  if (order.stage === 'resting') return rest(order, view, settings);
  const ready = arrive(order, view, settings);
  if (ready.stage !== 'resting') return { order: ready, fills: [] };
  const isFresh = isBookFresh(view, settings);
  const taken = isFresh ? take(ready, view) : { order: ready, fills: [] };
  const isLeft = !hasPaperEnded(taken.order);
  if (!isLeft || order.request.validity !== 'IOC') return taken;
  const reason = 'what could not be filled at once was cancelled (IOC)';
  return { ...taken, order: { ...taken.order, stage: 'cancelled', reason } };
}

/** The book less what an order took from it, for those that come after it. */
export function withoutTaken(
  book: OrderBook,
  side: OrderSide,
  fills: readonly PaperFill[],
): OrderBook {
  const taken = fills.map(({ pricePaise, quantity }) => ({ pricePaise, quantity }));
  const left = lessTaken(oppositeLevels(book, side), taken);
  return side === 'BUY' ? { ...book, asks: left } : { ...book, bids: left };
}

/** From the wire to the book, as far as it gets now. */
function arrive(
  order: PaperOrder,
  view: MarketView,
  settings: PaperMarketSettings,
): PaperOrder {
  const { type, limitPaise } = order.request;
  if (order.stage === 'repriced') return { ...order, stage: 'resting' };
  if (order.stage === 'travelling') {
    if (type === 'LIMIT') return { ...order, stage: 'resting', workingPaise: limitPaise };
    if (type === 'MARKET') return protect(order, view, settings);
    return arrive({ ...order, stage: 'stopped' }, view, settings);
  }
  if (order.stage === 'stopped' && !isTriggered(order, view)) return order;
  if (type === 'SL') return { ...order, stage: 'resting', workingPaise: limitPaise };
  // A stop that finds nobody waits for somebody: it must not vanish.
  const priced = protect(order, view, settings);
  if (priced.stage === 'resting') return priced;
  return { ...order, stage: 'triggered', reason: priced.reason };
}

function isTriggered({ request, arrivesMs }: PaperOrder, { trade }: MarketView): boolean {
  const { side, triggerPaise } = request;
  if (trade === null || triggerPaise === null || trade.atMs < arrivesMs) return false;
  return dearer(side) * (trade.pricePaise - triggerPaise) >= 0;
}

function protect(
  order: PaperOrder,
  { book, nowMs }: MarketView,
  { protection }: PaperMarketSettings,
): PaperOrder {
  const { tickPaise, lowerCircuitPaise, upperCircuitPaise } = order;
  const { side } = order.request;
  const touch = touchOf(book);
  const terms = { side, touch, touchMs: book.atMs, nowMs, tickPaise, lowerCircuitPaise };
  const price = protectPrice({ ...terms, upperCircuitPaise }, protection);
  if (price.kind === 'refused') return { ...order, stage: 'rejected', reason: price.reason };
  return { ...order, stage: 'resting', workingPaise: price.limitPaise, reason: null };
}

function take(order: PaperOrder, view: MarketView): PaperMatch {
  const { bookVersion, nowMs } = view;
  const levels = reachable(order, view);
  const fills: PaperFill[] = [];
  let left = order.request.quantity - order.filledQuantity;
  for (const { pricePaise, quantity: shown } of levels) {
    if (left === 0) break;
    const quantity = Math.min(left, shown);
    fills.push({ quantity, pricePaise, liquidity: 'taken', atMs: nowMs });
    left -= quantity;
  }
  const taken = fills.map(({ pricePaise, quantity }) => ({ pricePaise, quantity }));
  return { order: filled(order, bookVersion, taken), fills };
}

function rest(order: PaperOrder, view: MarketView, settings: PaperMarketSettings): PaperMatch {
  const { bookVersion, trade, nowMs } = view;
  const pricePaise = order.workingPaise ?? 0;
  const crossed = isBookFresh(view, settings) ? reachable(order, view) : [];
  const shown = crossed.reduce((sum, level) => sum + level.quantity, 0);
  const isThrough =
    trade !== null &&
    trade.atMs >= order.arrivesMs &&
    dearer(order.request.side) * (pricePaise - trade.pricePaise) > 0;
  const printed = isThrough ? Math.max(0, Math.floor(trade.quantity)) : 0;
  const left = order.request.quantity - order.filledQuantity;
  // The print may be of the very units that the book showed: the larger counts, not both.
  const quantity = Math.min(left, Math.max(shown, printed));
  if (!(quantity > 0)) return { order, fills: [] };
  const taken = firstOf(crossed, quantity);
  const fill: PaperFill = { quantity, pricePaise, liquidity: 'rested', atMs: nowMs };
  const next = filled(order, bookVersion, taken);
  return { order: withFilled(next, order.filledQuantity + quantity), fills: [fill] };
}

/** Levels within the order's limit, less what it took of this book before. */
function reachable(order: PaperOrder, { book, bookVersion }: MarketView): BookLevel[] {
  const { side } = order.request;
  const limit = order.workingPaise ?? 0;
  const within = oppositeLevels(book, side)
    .filter(({ pricePaise }) => dearer(side) * (limit - pricePaise) >= 0);
  return order.takenVersion === bookVersion ? lessTaken(within, order.taken) : within;
}

function lessTaken(
  levels: readonly BookLevel[],
  taken: readonly TakenQuantity[],
): BookLevel[] {
  return levels
    .map((level) => {
      const gone = taken
        .filter(({ pricePaise }) => pricePaise === level.pricePaise)
        .reduce((sum, { quantity }) => sum + quantity, 0);
      return { ...level, quantity: level.quantity - gone };
    })
    .filter(({ quantity }) => quantity > 0);
}

function firstOf(levels: readonly BookLevel[], quantity: number): TakenQuantity[] {
  let left = quantity;
  return levels.flatMap((level) => {
    const some = Math.min(left, level.quantity);
    left -= some;
    return some > 0 ? [{ pricePaise: level.pricePaise, quantity: some }] : [];
  });
}

function filled(
  order: PaperOrder,
  bookVersion: number,
  taken: readonly TakenQuantity[],
): PaperOrder {
  if (taken.length === 0) return order;
  const before = order.takenVersion === bookVersion ? order.taken : [];
  const sum = taken.reduce((total, { quantity }) => total + quantity, 0);
  const next = { ...order, takenVersion: bookVersion, taken: [...before, ...taken] };
  return withFilled(next, order.filledQuantity + sum);
}

function withFilled(order: PaperOrder, filledQuantity: number): PaperOrder {
  const isFull = filledQuantity >= order.request.quantity;
  return { ...order, filledQuantity, stage: isFull ? 'filled' : order.stage };
}

/** Written so that an age that is no number is stale. */
function isBookFresh(
  { book, nowMs }: MarketView,
  { bookAgeMaxMs }: PaperMarketSettings,
): boolean {
  return nowMs - book.atMs <= bookAgeMaxMs;
}
