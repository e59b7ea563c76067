import { isWireRow, wireText, type OrderFeed, type OrderNews } from '@strikewire/broker';
import { upstoxLimits } from '../limits';
import { readOrder } from '../rest/order-rows';
import type { UpstoxRest } from '../rest/upstox-rest';
import { authorize } from './authorize';
import { classifyFeedEnd } from './feed-end';

/** News of these kinds are not of orders. */
const otherKinds: readonly unknown[] = ['gtt_order', 'position', 'holding'];

/**
 * Upstox's portfolio stream: JSON in frames, one update to a frame, from the moment of connecting.
 * It tells of orders from wherever they were placed. Nothing of single trades: the book has those.
 */
export function createUpstoxOrderFeed(rest: UpstoxRest): OrderFeed {
  const { lingerMs, throttledWaitMs, silentMs } = upstoxLimits.feed;
  return {
    limits: { lingerMs, throttledWaitMs, silentMs },
    address: () =>
      authorize(rest, '/v2/feed/portfolio-stream-feed/authorize', { update_types: 'order' }),
    read,
    classifyEnd: classifyFeedEnd,
  };
}

function read(bytes: Uint8Array): OrderNews[] {
  const message = parse(bytes);
  if (!isWireRow(message)) return [{ kind: 'look', brokerOrderId: null }];
  if (otherKinds.includes(message['update_type'])) return [];
  const found = readOrder(message);
  // A word that is not known may be an end: its book row is looked at.
  if ('row' in found && found.row.unknownStatus === null) {
    return [{ kind: 'row', row: found.row.order }];
  }
  return [{ kind: 'look', brokerOrderId: wireText(message['order_id']) }];
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
