import type { Contract } from '../market/contract';

export type Side = 'BUY' | 'SELL';
/** `SL`: a limit order, `SL-M`: a market order, once the trigger is met. */
export type OrderType = 'LIMIT' | 'MARKET' | 'SL' | 'SL-M';
export type Product = 'intraday' | 'carry' | 'delivery';
/** `transit`: not yet at the exchange; `waiting`: for its trigger. */
export type OrderState =
  | 'transit' | 'open' | 'waiting' | 'filled' | 'cancelled' | 'rejected' | 'expired';

/** Prices in paise, 0 where the type has none; quantities as the exchange counts them. */
export interface OrderDraft {
  contract: Contract;
  side: Side;
  type: OrderType;
  product: Product;
  validity: 'DAY' | 'IOC';
  quantity: number;
  disclosed: number;
  pricePaise: number;
  triggerPaise: number;
  /** The client's own name for it; empty when it gave none. */
  clientOrderId: string;
  /** The broker's programming interface, or another front end of the broker. */
  source: 'api' | 'other';
}

/** What an open order is to become; all of it. */
export type OrderTerms =
  Pick<OrderDraft, 'type' | 'validity' | 'quantity' | 'disclosed' | 'pricePaise' | 'triggerPaise'>;

/** What of an order changes, at one moment. Times are epoch ms. */
export interface OrderView extends OrderTerms {
  state: OrderState;
  filled: number;
  /** What the filled part has cost: price × quantity. */
  filledPaise: number;
  /** Why it was rejected. */
  reason: Refusal | undefined;
  updatedMs: number;
  /** 0 while the exchange has not seen it. */
  exchangeMs: number;
}

/** An order, as it is and as the broker's books show it. */
export interface Order extends Omit<OrderDraft, keyof OrderTerms> {
  id: string;
  account: string;
  placedMs: number;
  /** The day in India. */
  day: string;
  exchangeId: string;
  now: OrderView;
  told: OrderView;
  /** All that was ever told, oldest first. */
  history: OrderView[];
  modifications: number;
  /** Monotonic ms until which no book shows it. */
  hiddenUntilMs: number;
}

/** One fill. */
export interface Trade {
  id: string;
  order: Order;
  quantity: number;
  pricePaise: number;
  atMs: number;
  day: string;
  isTold: boolean;
}

/** What can be wrong with an order; each broker has its own words for it. */
export type RefusalCode =
  | 'product' | 'price' | 'trigger' | 'quantity' | 'lot' | 'closed' | 'expired' | 'untradable'
  | 'killed' | 'tick' | 'freeze' | 'funds' | 'exchange' | 'unknown' | 'done' | 'transit'
  | 'modifications';

export interface Refusal {
  code: RefusalCode;
  /** What was found and what is needed. */
  detail: string;
}

/** Whether it still can be filled. */
export function isLive({ state }: OrderView): boolean {
  return state === 'transit' || state === 'open' || state === 'waiting';
}

/** Paise a unit of what is filled; 0 before. */
export function averageOf({ filled, filledPaise }: OrderView): number {
  return filled === 0 ? 0 : filledPaise / filled;
}

export function signOf(side: Side): 1 | -1 {
  return side === 'BUY' ? 1 : -1;
}
