import {
  denied,
  wireNumber,
  type OrderChange,
  type OrderRequest,
  type OrderTicket,
} from '@strikewire/broker';
import { rupeesOf } from '@strikewire/contracts';
import {
  countedInLots,
  lotsSegment,
  orderTypeOf,
  orderTypeWords,
  pricesOf,
  productWords,
  statusOf,
  tradedSegments,
} from '../map/order-words';
import { countOf, isAmount, priceOf, wordOf } from '../map/figures';

/** Dhan takes these in a correlation id, thirty at the most. */
const clientIdPattern = /^[A-Za-z0-9 _-]{1,30}$/;
/** What goes into a path. */
const orderIdPattern = /^[A-Za-z0-9_-]{1,64}$/;

/** The body of a new order: keys without a value are left out, because Dhan refuses empty ones. */
export function writeOrder(clientId: string, order: OrderRequest): OrderTicket {
  const { clientOrderId, token, type, quantity, limitPaise, triggerPaise } = order;
  if (!clientIdPattern.test(clientOrderId)) {
    const needed = 'needs 1 to 30 letters, digits, blanks, "_" or "-"';
    return denied('client_id_unfit', `the client order id has ${clientOrderId.length}: ${needed}`);
  }
  if (token.segment === lotsSegment) return denied('segment_not_served', countedInLots);
  if (!tradedSegments.has(token.segment)) {
    return denied('segment_not_traded', `no derivative trades in segment "${token.segment}"`);
  }
  if (!/^\d{1,12}$/.test(token.id)) {
    return denied('instrument_unfit', `security id "${token.id}", needs digits`);
  }
  if (type === 'MARKET') {
    const reason = 'a market order is not sent as it is: it needs a limit that protects it';
    return denied('market_unprotected', reason);
  }
  if (!isAmount(quantity)) return denied('quantity_unfit', `${quantity} units, needs 1 or more`);
  const orderType = orderTypeWords[type];
  const prices = writePrices(pricesOf(orderType), { limitPaise, triggerPaise });
  if ('kind' in prices) return prices;
  return {
    body: {
      dhanClientId: clientId,
      correlationId: clientOrderId,
      transactionType: order.side,
      exchangeSegment: token.segment,
      productType: productWords[order.product],
      orderType,
      validity: order.validity,
      securityId: token.id,
      quantity,
      ...prices.body,
    },
  };
}

/**
 * The body of a modification. Dhan takes the whole order again, so what is to stay as it is comes
 * from its row in the book.
 */
export function writeChange(clientId: string, row: unknown, change: OrderChange): OrderTicket {
  const found = (row ?? {}) as Record<string, unknown>;
  const orderId = wordOf(found['orderId']);
  const orderType = orderTypeOf(wordOf(found['orderType']) ?? '');
  const held = countOf(found['quantity']);
  if (orderId === null || orderType === undefined || held === null) {
    return denied('order_not_read', 'the order is not in the book as it should be');
  }
  const status = statusOf(wordOf(found['orderStatus']) ?? '');
  if (status === 'filled' || status === 'cancelled' || status === 'rejected' ||
    status === 'expired') {
    return denied('order_ended', `the order is ${status} already`);
  }
  if (orderType === 'MARKET') {
    return denied('market_unprotected', 'a market order is not modified: it has no limit');
  }
  const { hasLimit, hasTrigger } = pricesOf(orderType);
  const quantity = change.quantity ?? held;
  if (!isAmount(quantity)) return denied('quantity_unfit', `${quantity} units, needs 1 or more`);
  const prices = writePrices({ hasLimit, hasTrigger }, {
    limitPaise: change.limitPaise ?? (hasLimit ? priceOf(found['price']) : null),
    triggerPaise: change.triggerPaise ?? (hasTrigger ? priceOf(found['triggerPrice']) : null),
  });
  if ('kind' in prices) return prices;
  const disclosed = wireNumber(found['disclosedQuantity']) ?? 0;
  return {
    body: {
      dhanClientId: clientId,
      orderId,
      orderType,
      validity: wordOf(found['validity']) ?? 'DAY',
      quantity,
      ...(disclosed > 0 && { disclosedQuantity: disclosed }),
      ...prices.body,
    },
  };
}

/** Undefined where an id could not be part of a path. */
export function orderPath(brokerOrderId: string): string | undefined {
  return orderIdPattern.test(brokerOrderId) ? `/orders/${brokerOrderId}` : undefined;
}

/** Rupees with two decimals at the most: whole paise, and none where the type has no price. */
function writePrices(
  { hasLimit, hasTrigger }: { hasLimit: boolean; hasTrigger: boolean },
  { limitPaise, triggerPaise }: { limitPaise: number | null; triggerPaise: number | null },
): OrderTicket {
  const body: Record<string, unknown> = {};
  const prices = [
    ['price', 'limit', hasLimit, limitPaise],
    ['triggerPrice', 'trigger', hasTrigger, triggerPaise],
  ] as const;
  for (const [key, name, isNeeded, paise] of prices) {
    if (isNeeded !== (paise !== null)) {
      const found = isNeeded ? `has no ${name}, and needs one` : `has a ${name}, and may not`;
      return denied(`${name}_unfit`, `an order of this type ${found}`);
    }
    if (paise === null) continue;
    if (!isAmount(paise)) return denied(`${name}_unfit`, `${name} ${paise}, needs whole paise`);
    body[key] = rupeesOf(paise);
  }
  return { body };
}
