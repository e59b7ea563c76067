import type {
  BrokerOrderStatus,
  OrderProduct,
  OrderSide,
  OrderType,
} from '@strikewire/broker';

/** Order types as requests and the book have them (DhanHQ v2, "Orders"). */
export type DhanOrderType = 'LIMIT' | 'STOP_LOSS' | 'STOP_LOSS_MARKET';

/** A market order has no word: it is not sent, because its price would be anybody's guess. */
export const orderTypeWords: Readonly<Record<Exclude<OrderType, 'MARKET'>, DhanOrderType>> = {
  LIMIT: 'LIMIT',
  SL: 'STOP_LOSS',
  'SL-M': 'STOP_LOSS_MARKET',
};

/** Derivatives: `MARGIN` is what is kept overnight. */
export const productWords: Readonly<Record<OrderProduct, string>> = {
  intraday: 'INTRADAY',
  carry: 'MARGIN',
};

/** Segments in which the platform trades. */
export const tradedSegments: ReadonlySet<string> = new Set(['NSE_FNO', 'BSE_FNO']);

/** Dhan counts its quantities in lots: the platform's units would be so many times too many. */
export const lotsSegment = 'MCX_COMM';

/** Why nothing is asked of `lotsSegment`. */
export const countedInLots = 'quantities of MCX are lots at Dhan, so none is sent there';

const statuses: Readonly<Record<string, BrokerOrderStatus>> = {
  TRANSIT: 'pending',
  PENDING: 'open',
  PART_TRADED: 'open',
  MODIFIED: 'open',
  TRIGGERED: 'triggered',
  TRADED: 'filled',
  CANCELLED: 'cancelled',
  REJECTED: 'rejected',
  EXPIRED: 'expired',
};

/** `Part Traded` of the socket is `PART_TRADED` of the book; undefined for a word never met. */
export function statusOf(word: string): BrokerOrderStatus | undefined {
  return statuses[word.trim().toUpperCase().replaceAll(/[ -]/g, '_')];
}

const sides: Readonly<Record<string, OrderSide>> = {
  BUY: 'BUY', SELL: 'SELL', B: 'BUY', S: 'SELL',
};

/** The socket says `B` and `S`. */
export function sideOf(word: string): OrderSide | undefined {
  return sides[word.trim().toUpperCase()];
}

const types: Readonly<Record<string, DhanOrderType | 'MARKET'>> = {
  LIMIT: 'LIMIT', LMT: 'LIMIT',
  MARKET: 'MARKET', MKT: 'MARKET',
  STOP_LOSS: 'STOP_LOSS', SL: 'STOP_LOSS',
  STOP_LOSS_MARKET: 'STOP_LOSS_MARKET', SLM: 'STOP_LOSS_MARKET',
};

/** The socket says `LMT`, `MKT`, `SL` and `SLM`. */
export function orderTypeOf(word: string): DhanOrderType | 'MARKET' | undefined {
  return types[word.trim().toUpperCase()];
}

/** Whether orders of a type have a limit, and a trigger. */
export function pricesOf(type: DhanOrderType | 'MARKET' | undefined): {
  hasLimit: boolean;
  hasTrigger: boolean;
} {
  return {
    hasLimit: type === 'LIMIT' || type === 'STOP_LOSS',
    hasTrigger: type === 'STOP_LOSS' || type === 'STOP_LOSS_MARKET',
  };
}

/** Cover and bracket orders end with their day. */
export function productOf(word: string): OrderProduct {
  return ['INTRADAY', 'CO', 'BO'].includes(word.toUpperCase()) ? 'intraday' : 'carry';
}

/**
 * The platform's id of an order; null: it has none of ours. Dhan gives those without one a name of
 * its own: the client's id and a time.
 */
export function clientOrderIdOf(correlationId: string | null, clientId: string): string | null {
  const isDhans = correlationId?.startsWith(`${clientId}-`) ?? false;
  return isDhans && /^\d+-\d+$/.test(correlationId ?? '') ? null : correlationId;
}
