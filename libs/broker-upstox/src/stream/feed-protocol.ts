import type { FeedItem, FeedProtocol } from '@strikewire/broker';
import { upstoxLimits } from '../limits';
import { instrumentKeyOf } from '../map/instrument-key';
import { wireIdOf } from '../map/wire-key-decoder';
import type { UpstoxRest } from '../rest/upstox-rest';
import { authorize } from './authorize';
import { UpstoxFeedDecoder } from './feed-decoder';
import { classifyFeedEnd } from './feed-end';

/**
 * Upstox's market data feed, version 3: JSON in binary frames up, protobuf down. Everything is in
 * mode `full`, indices too, because more modes at once allow for fewer instruments.
 */
export function createUpstoxFeed(rest: UpstoxRest): FeedProtocol {
  let messageCount = 0;
  const messages = (items: readonly FeedItem[], method: 'sub' | 'unsub'): Uint8Array[] => {
    const size = upstoxLimits.feed.instrumentsPerMessageMax;
    const batches: Uint8Array[] = [];
    for (let start = 0; start < items.length; start += size) {
      const instrumentKeys = items
        .slice(start, start + size)
        .map(({ token }) => instrumentKeyOf(token));
      const guid = `strikewire-${++messageCount}`;
      const data = method === 'sub' ? { mode: 'full', instrumentKeys } : { instrumentKeys };
      batches.push(new TextEncoder().encode(JSON.stringify({ guid, method, data })));
    }
    return batches;
  };
  return {
    address: () => authorize(rest, '/v3/feed/market-data-feed/authorize'),
    subscribe: (items) => messages(items, 'sub'),
    unsubscribe: (items) => messages(items, 'unsub'),
    wireId: wireIdOf,
    createDecoder: () => new UpstoxFeedDecoder(),
    classifyEnd: classifyFeedEnd,
  };
}
