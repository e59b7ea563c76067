import type { FeedItem, FeedMode, FeedProtocol } from '@strikewire/broker';
import type { OpenalgoConfig } from '../config';
import { openalgoLimits } from '../limits';
import { WireId } from '../map/wire-id';
import { OpenalgoFeedDecoder } from './feed-decoder';
import { classifyFeedEnd } from './feed-end';

/** Numbers of modes: quote, depth. The first, prices alone, is not used. */
const modes: Record<FeedMode, number> = { quote: 2, full: 3 };

/** OpenAlgo's socket proxy: JSON text both ways; nothing may be subscribed before a key is sent. */
export function createOpenalgoFeed({ credentials, endpoints }: OpenalgoConfig): FeedProtocol {
  return {
    address: () => ({ url: endpoints.feed }),
    hello: () => [JSON.stringify({ action: 'authenticate', api_key: credentials.apiKey })],
    awaitsReady: true,
    subscribe: (items) =>
      batchesOf(items).map(({ mode, symbols }) =>
        JSON.stringify({ action: 'subscribe', mode, symbols })),
    unsubscribe: (items) =>
      batchesOf(items).map(({ mode, symbols }) => {
        const named = symbols.map((one) => ({ ...one, mode }));
        return JSON.stringify({ action: 'unsubscribe', symbols: named });
      }),
    wireId: ({ segment, id }) => {
      const wire = new WireId();
      wire.read(segment, id);
      return { segment: wire.segment, id: wire.id };
    },
    createDecoder: () => new OpenalgoFeedDecoder(),
    classifyEnd: classifyFeedEnd,
  };
}

interface Batch {
  mode: number;
  symbols: { symbol: string; exchange: string }[];
}

/** Of one mode each. */
function batchesOf(items: readonly FeedItem[]): Batch[] {
  const size = openalgoLimits.feed.instrumentsPerMessageMax;
  return (['quote', 'full'] as const).flatMap((mode) => {
    const symbols = items
      .filter((item) => item.mode === mode)
      .map(({ token }) => ({ symbol: token.id, exchange: token.segment }));
    const batches: Batch[] = [];
    for (let start = 0; start < symbols.length; start += size) {
      batches.push({ mode: modes[mode], symbols: symbols.slice(start, start + size) });
    }
    return batches;
  });
}
