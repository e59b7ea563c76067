import type { Market } from '../market/market';
import { cashOf, positionsOf } from './ledger';
import { marginOf, type Leg, type MarginParts } from './margin-model';
import { signOf, type Order, type OrderDraft, type Refusal } from './order';
import type { AccountBook } from './order-books';
import { refusal } from './order-checks';

/** In paise. */
export interface Funds {
  opening: number;
  /** With what trades have brought and cost. */
  cash: number;
  /** Margin of what is held and of what would be if all orders were filled. */
  margin: number;
  span: number;
  exposure: number;
  /** What orders to buy would cost. */
  premium: number;
  available: number;
}

/** An order, or one that is thought of. */
export type Asked = Pick<OrderDraft, 'contract' | 'side' | 'quantity' | 'pricePaise'>;

export function fundsOf(book: AccountBook, market: Market, more: readonly Asked[] = []): Funds {
  const { openingPaise: opening } = book;
  const cash = opening + cashOf(book.trades, market);
  const held = heldLegs(book, market);
  const parts = marginOf(market, [...held, ...openLegs(book), ...more.map(legOf)]);
  const least = marginOf(market, held);
  const margin = Math.max(parts.span + parts.exposure, least.span + least.exposure);
  const { span, exposure } = parts;
  const premium = parts.premium;
  return { opening, cash, margin, span, exposure, premium, available: cash - margin - premium };
}

/** Whether there is too little for it; what lowers the need is never refused. */
export function fundsRefusal(
  book: AccountBook,
  market: Market,
  order: Asked,
): Refusal | undefined {
  const before = fundsOf(book, market).available;
  const after = fundsOf(book, market, [order]).available;
  if (after >= 0 || after >= before) return undefined;
  const needed = (before - after) / 100;
  return refusal('funds', `needs ${needed.toFixed(2)}, available ${(before / 100).toFixed(2)}`);
}

/** The margin of some orders, alone or beside what is held and ordered already. */
export function marginFor(
  book: AccountBook,
  market: Market,
  asked: readonly Asked[],
  beside: { positions: boolean; orders: boolean },
): MarginParts {
  return marginOf(market, [
    ...(beside.positions ? heldLegs(book, market) : []),
    ...(beside.orders ? openLegs(book) : []),
    ...asked.map(legOf),
  ]);
}

/** What an order pays: its limit, or what is asked where it has none. */
export function legOf({ contract, side, quantity, pricePaise }: Asked): Leg {
  const ask = contract.depth[5] ?? 0;
  return {
    contract, quantity: signOf(side) * quantity,
    pricePaise: pricePaise || ask || contract.ltpPaise,
  };
}

function heldLegs({ trades }: AccountBook, market: Market): Leg[] {
  return positionsOf(trades, market).map(({ contract, net }) => ({ contract, quantity: net }));
}

function openLegs({ orders }: AccountBook): Leg[] {
  return orders
    .filter(({ now: { state } }) => state === 'open' || state === 'waiting')
    .map((order) => legOf(restOf(order)));
}

function restOf({ contract, side, now }: Order): Asked {
  const { quantity, filled, pricePaise } = now;
  return { contract, side, quantity: quantity - filled, pricePaise };
}
