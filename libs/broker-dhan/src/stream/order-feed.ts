import type { BrokerOrder, OrderFeed, OrderNews } from '@strikewire/broker';
import type { DhanConfig } from '../config';
import { dhanOrderFeedLimits } from '../limits';
import { countOf, priceOf, wordOf } from '../map/figures';
import { indiaTimeOf } from '../map/india-time';
import {
  clientOrderIdOf,
  orderTypeOf,
  pricesOf,
  sideOf,
  statusOf,
} from '../map/order-words';
import { segmentOfMasterRow } from '../map/segments';
import { classifyFeedEnd } from './feed-end';

/** Keys in lower case: Dhan's documentation writes them `OrderNo`, its clients read `orderNo`. */
type Fields = ReadonlyMap<string, unknown>;

const loginCode = 42;
const somethingHappened: OrderNews = { kind: 'look', brokerOrderId: null };

/**
 * Dhan's order updates: JSON text, signed in by the first message. It tells orders of every front
 * end; of fills only how much has been traded by now, so the trades are read from the book. A
 * token that is not good is answered with a broken connection.
 */
export function createDhanOrderFeed({ credentials, endpoints }: DhanConfig): OrderFeed | undefined {
  const { orders } = endpoints;
  if (orders === undefined) return undefined;
  const { clientId } = credentials;
  return {
    limits: dhanOrderFeedLimits,
    address: () => ({ url: orders }),
    hello: () => [JSON.stringify({
      LoginReq: { MsgCode: loginCode, ClientId: clientId, Token: credentials.accessToken },
      UserType: 'SELF',
    })],
    read: (bytes) => readNews(bytes, clientId),
    classifyEnd: classifyFeedEnd,
  };
}

function readNews(bytes: Uint8Array, clientId: string): OrderNews[] {
  try {
    const text = new TextDecoder().decode(bytes);
    if (text.trim() === '') return [];
    const message: unknown = JSON.parse(text);
    const all: unknown[] = Array.isArray(message) ? message : [message];
    return all.flatMap((one) => readMessage(one, clientId));
  } catch {
    return [somethingHappened];
  }
}

function readMessage(message: unknown, clientId: string): OrderNews[] {
  const fields = fieldsOf(message);
  if (!fields) return [somethingHappened];
  const isOrder = String(fields.get('type') ?? '').toLowerCase() === 'order_alert';
  // What has nothing to tell of an order is no news: an acknowledgement, a sign of life.
  if (!isOrder && !fields.has('data')) return [];
  const data = fieldsOf(fields.get('data'));
  const brokerOrderId = wordOf(data?.get('orderno'));
  if (!data || brokerOrderId === null) return [somethingHappened];
  const row = readRow(data, brokerOrderId, clientId);
  return [row ? { kind: 'row', row } : { kind: 'look', brokerOrderId }];
}

/** Undefined where something is missing, or a word was never met: then the book tells. */
function readRow(data: Fields, brokerOrderId: string, clientId: string): BrokerOrder | undefined {
  const word = (name: string): string => wordOf(data.get(name)) ?? '';
  const segment = segmentOfMasterRow(word('exchange'), word('segment'));
  const id = word('securityid');
  const side = sideOf(word('txntype'));
  const type = orderTypeOf(word('ordertype'));
  const status = statusOf(word('status'));
  const quantity = countOf(data.get('quantity'));
  const filledQuantity = countOf(data.get('tradedqty') ?? 0);
  if (!segment || id === '' || !side || !type || !status) return undefined;
  if (!quantity || filledQuantity === null || filledQuantity > quantity) return undefined;
  const { hasLimit, hasTrigger } = pricesOf(type);
  const said = wordOf(data.get('reasondescription'));
  return {
    brokerOrderId,
    clientOrderId: clientOrderIdOf(wordOf(data.get('correlationid')), clientId),
    token: { segment, id },
    side,
    status,
    quantity,
    filledQuantity,
    averagePaise: filledQuantity > 0 ? priceOf(data.get('avgtradedprice')) : null,
    limitPaise: hasLimit ? priceOf(data.get('price')) : null,
    triggerPaise: hasTrigger ? priceOf(data.get('triggerprice')) : null,
    reason: status === 'rejected' ? (said ?? 'no reason given').slice(0, 200) : null,
    updatedMs: indiaTimeOf(data.get('lastupdatedtime')),
  };
}

/** Of two keys that differ in case only, the one with a value counts. */
function fieldsOf(value: unknown): Fields | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const fields = new Map<string, unknown>();
  for (const [key, one] of Object.entries(value)) {
    const name = key.toLowerCase();
    const isEmpty = one === null || one === undefined || one === '';
    if (!isEmpty || !fields.has(name)) fields.set(name, one);
  }
  return fields;
}
