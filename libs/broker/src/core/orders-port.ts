import type { InstrumentToken } from './market-data-port';

/** Which way an order goes. */
export type OrderSide = 'BUY' | 'SELL';
/** `SL`: a limit order, `SL-M`: a market order, once the trigger is met. */
export type OrderType = 'LIMIT' | 'MARKET' | 'SL' | 'SL-M';
/** `intraday` is squared off on its day, `carry` is kept overnight. */
export type OrderProduct = 'intraday' | 'carry';

/** An order to place. Prices in paise; null where its type has none. */
export interface OrderRequest {
  /** Ours, unique for ever, stored before anything is sent: the broker gets it as its tag. */
  clientOrderId: string;
  token: InstrumentToken;
  side: OrderSide;
  type: OrderType;
  product: OrderProduct;
  validity: 'DAY' | 'IOC';
  /** Units, not lots. */
  quantity: number;
  limitPaise: number | null;
  triggerPaise: number | null;
}

/** What is to be others in an order that stands; null: as it is. */
export interface OrderChange {
  quantity: number | null;
  limitPaise: number | null;
  triggerPaise: number | null;
}

/**
 * How a request about an order ended. `rejected`: the broker has proved that it did not take it.
 * `denied`: it was never sent. `unknown`: it may have been taken, so it is looked up and never sent
 * again blindly; a timeout is always that.
 */
export type OrderOutcome =
  | { kind: 'accepted'; brokerOrderId: string }
  | { kind: 'rejected'; code: string; reason: string }
  | { kind: 'denied'; code: string; reason: string }
  | { kind: 'unknown'; reason: string };

/** Where an order stands. */
export type BrokerOrderStatus =
  | 'pending' | 'open' | 'triggered' | 'filled' | 'cancelled' | 'rejected' | 'expired';

/** An order in the broker's book. */
export interface BrokerOrder {
  brokerOrderId: string;
  /** Null: not placed by the platform. */
  clientOrderId: string | null;
  token: InstrumentToken;
  side: OrderSide;
  status: BrokerOrderStatus;
  quantity: number;
  filledQuantity: number;
  /** Of what is filled; null before. */
  averagePaise: number | null;
  /** As it stands, modifications included; null: its type has none; left out: it is not told. */
  limitPaise?: number | null;
  triggerPaise?: number | null;
  /** The broker's words for a refusal. */
  reason: string | null;
  updatedMs: number | null;
}

/** One fill. */
export interface BrokerTrade {
  tradeId: string;
  brokerOrderId: string;
  token: InstrumentToken;
  side: OrderSide;
  quantity: number;
  pricePaise: number;
  tradedMs: number;
}

/** What is held of one contract. */
export interface BrokerPosition {
  token: InstrumentToken;
  product: OrderProduct;
  /** Units; below zero: short. */
  netQuantity: number;
  averagePaise: number | null;
}

/**
 * Asked by the host in the turn in which a request leaves, however long an adapter has let it wait:
 * why it may not leave any more, or null.
 */
export type MayLeave = () => { code: string; reason: string } | null;

/**
 * A broker's orders. `place`, `modify` and `cancel` never reject: whatever happens is one of the
 * four outcomes. The books reject with typed errors, as reading does.
 */
export interface OrdersPort {
  place(order: OrderRequest, mayLeave?: MayLeave): Promise<OrderOutcome>;
  modify(
    brokerOrderId: string,
    change: OrderChange,
    mayLeave?: MayLeave,
  ): Promise<OrderOutcome>;
  cancel(brokerOrderId: string): Promise<OrderOutcome>;
  orders(): Promise<BrokerOrder[]>;
  trades(): Promise<BrokerTrade[]>;
  positions(): Promise<BrokerPosition[]>;
}
