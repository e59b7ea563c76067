import {
  wireNumber,
  type BrokerOrder,
  type BrokerPosition,
  type BrokerTrade,
} from '@strikewire/broker';
import { paiseOf } from '@strikewire/contracts';
import { countOf, priceOf, wordOf } from '../map/figures';
import { indiaTimeOf } from '../map/india-time';
import {
  clientOrderIdOf,
  orderTypeOf,
  pricesOf,
  productOf,
  sideOf,
  statusOf,
} from '../map/order-words';
import { malformedAnswer } from './dhan-rest';

type Row = Record<string, unknown>;

/** A book as it came. One that has a row that cannot be read proves nothing, so all is refused. */
function rowsOf<T>(operation: string, body: unknown, read: (row: Row) => T | undefined): T[] {
  if (!Array.isArray(body)) throw malformedAnswer(operation, 'list');
  return body.map((row: unknown, index) => {
    const found = typeof row === 'object' && row !== null ? read(row as Row) : undefined;
    if (found === undefined) throw malformedAnswer(operation, `row ${index} that can be read`);
    return found;
  });
}

/** The book of orders; `clientId` names those that have no correlation id of ours. */
export function readOrders(body: unknown, clientId: string): BrokerOrder[] {
  return rowsOf('GET /orders', body, (row) => readOrder(row, clientId));
}

/**
 * A status that was never met is read as `pending`: the order stays alive, counts its fills, and is
 * looked at again, while a refusal of the whole book would hide every other order.
 */
function readOrder(row: Row, clientId: string): BrokerOrder | undefined {
  const brokerOrderId = wordOf(row['orderId']);
  const token = tokenOf(row);
  const side = sideOf(wordOf(row['transactionType']) ?? '');
  const word = wordOf(row['orderStatus']);
  const quantity = countOf(row['quantity']);
  const filledQuantity = countOf(row['filledQty'] ?? 0);
  if (brokerOrderId === null || !token || !side || word === null) return undefined;
  if (quantity === null || filledQuantity === null) return undefined;
  const status = statusOf(word);
  const type = orderTypeOf(wordOf(row['orderType']) ?? '');
  const { hasLimit, hasTrigger } = pricesOf(type);
  const said = wordOf(row['omsErrorDescription']);
  return {
    brokerOrderId,
    clientOrderId: clientOrderIdOf(wordOf(row['correlationId']), clientId),
    token,
    side,
    status: status ?? 'pending',
    quantity,
    filledQuantity,
    averagePaise: filledQuantity > 0 ? priceOf(row['averageTradedPrice']) : null,
    limitPaise: hasLimit ? priceOf(row['price']) : null,
    triggerPaise: hasTrigger ? priceOf(row['triggerPrice']) : null,
    reason: reasonOf(status, word, said),
    updatedMs: timeOf(row, ['updateTime', 'exchangeTime', 'createTime']),
  };
}

function reasonOf(status: string | undefined, word: string, said: string | null): string | null {
  if (status === undefined) return `Dhan calls it "${word.slice(0, 40)}", which is not known here`;
  return status === 'rejected' ? (said ?? 'no reason given').slice(0, 200) : null;
}

/** The day's fills. Numbers of trades are each exchange's own: the order's makes them unique. */
export function readTrades(body: unknown, receivedMs: number): BrokerTrade[] {
  return rowsOf('GET /trades', body, (row) => {
    const brokerOrderId = wordOf(row['orderId']);
    const tradeId = wordOf(row['exchangeTradeId']);
    const token = tokenOf(row);
    const side = sideOf(wordOf(row['transactionType']) ?? '');
    const quantity = countOf(row['tradedQuantity']);
    const pricePaise = priceOf(row['tradedPrice']);
    if (brokerOrderId === null || tradeId === null || !token || !side) return undefined;
    if (quantity === null || quantity === 0 || pricePaise === null) return undefined;
    return {
      tradeId: `${brokerOrderId}-${tradeId}`,
      brokerOrderId,
      token,
      side,
      quantity,
      pricePaise,
      tradedMs: timeOf(row, ['exchangeTime', 'updateTime', 'createTime']) ?? receivedMs,
    };
  });
}

/** What is held; what was closed today is in it with 0 units. */
export function readPositions(body: unknown): BrokerPosition[] {
  return rowsOf('GET /positions', body, (row) => {
    const token = tokenOf(row);
    const netQuantity = wireNumber(row['netQty']);
    const product = wordOf(row['productType']);
    if (!token || netQuantity === null || product === null) return undefined;
    if (!Number.isSafeInteger(netQuantity)) return undefined;
    const average = wireNumber(row[netQuantity > 0 ? 'buyAvg' : 'sellAvg']) ?? 0;
    const isKnown = netQuantity !== 0 && average > 0;
    const averagePaise = isKnown ? paiseOf(average) : null;
    return { token, product: productOf(product), netQuantity, averagePaise };
  });
}

function tokenOf(row: Row): { segment: string; id: string } | undefined {
  const segment = wordOf(row['exchangeSegment']);
  const id = wordOf(row['securityId']);
  return segment === null || id === null ? undefined : { segment, id };
}

function timeOf(row: Row, names: readonly string[]): number | null {
  return names.map((name) => indiaTimeOf(row[name])).find((time) => time !== null) ?? null;
}
