import {
  isWireRow,
  wireText,
  type OrderFeed,
  type OrderNews,
  type WireRow,
} from '@strikewire/broker';
import type { OpenalgoConfig } from '../config';
import { openalgoLimits } from '../limits';
import { isOfAnalyzer } from '../rest/openalgo-rest';
import { needsTrades, readOrder, withFills } from '../rest/order-rows';
import { classifyFeedEnd } from './feed-end';
import { endOfAuth, endOfError } from './feed-error';

/** Messages that are not of orders. */
const otherTypes: readonly unknown[] = [
  'market_data', 'subscribe', 'unsubscribe', 'unsubscribe_orders', 'pong', 'broker_info',
  'supported_brokers',
];

/**
 * Order updates of OpenAlgo's socket proxy: all of the account, in its own words. It reads what it
 * is sent in turn, so that both messages may go at once. With brokers that have no feed of orders
 * it asks their book every few seconds itself, or tells nothing.
 */
export function createOpenalgoOrderFeed({ credentials, endpoints }: OpenalgoConfig): OrderFeed {
  const { lingerMs, throttledWaitMs, silentMs } = openalgoLimits.feed;
  return {
    limits: { lingerMs, throttledWaitMs, silentMs },
    address: () => ({ url: endpoints.feed }),
    hello: () => [
      JSON.stringify({ action: 'authenticate', api_key: credentials.apiKey }),
      JSON.stringify({ action: 'subscribe_orders' }),
    ],
    read(bytes, isBinary) {
      const message = isBinary ? undefined : parse(bytes);
      return isWireRow(message) ? newsOf(message) : [{ kind: 'look', brokerOrderId: null }];
    },
    classifyEnd: classifyFeedEnd,
  };
}

function newsOf(message: WireRow): OrderNews[] {
  const { type, status } = message;
  if (type === 'order_update') return orderNews(message);
  if (type === 'subscribe_orders' && status === 'success') return [{ kind: 'ready' }];
  if (otherTypes.includes(type)) return [];
  if (type === 'auth') return [endOfAuth(message)].filter((end) => end !== undefined);
  if (status === 'error') return [endOfError(message) ?? notServed(message)];
  return [{ kind: 'look', brokerOrderId: null }];
}

/** It was asked for one thing: older versions have no such feed. */
function notServed({ code, message }: WireRow): OrderNews {
  const reason = `${String(code)}: ${String(message)}`.slice(0, 200);
  return { kind: 'entitlement', reason };
}

/** Where it does not tell what is filled, or by a word that is not known, one has to look. */
function orderNews(message: WireRow): OrderNews[] {
  // Of its sandbox: nothing that is at the broker.
  if (isOfAnalyzer(message)) return [];
  const read = readOrder(message, 0);
  if ('row' in read && read.row.unknownStatus === null && !needsTrades(read.row)) {
    // Its time is not told.
    return withFills([read.row], []).map((row) => ({ kind: 'row', row }));
  }
  return [{ kind: 'look', brokerOrderId: wireText(message['orderid']) }];
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
