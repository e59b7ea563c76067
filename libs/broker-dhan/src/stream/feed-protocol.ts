import type { FeedItem, FeedMode, FeedProtocol } from '@strikewire/broker';
import type { DhanConfig } from '../config';
import { dhanLimits } from '../limits';
import { segmentCodeOf } from '../map/segments';
import { DhanFeedDecoder } from './feed-decoder';
import { classifyFeedEnd } from './feed-end';

/** Request codes: quote 17/18, full 21/22 (subscribe/unsubscribe). */
const requestCode: Record<FeedMode, { on: number; off: number }> = {
  quote: { on: 17, off: 18 },
  full: { on: 21, off: 22 },
};

/** Dhan's market feed, version 2: JSON text up, binary packets down, token in the address. */
export function createDhanFeed({ credentials, endpoints }: DhanConfig): FeedProtocol {
  return {
    address() {
      const url = new URL(endpoints.feed);
      url.searchParams.set('version', '2');
      url.searchParams.set('token', credentials.accessToken);
      url.searchParams.set('clientId', credentials.clientId);
      url.searchParams.set('authType', '2');
      return { url: url.toString() };
    },
    subscribe: (items) => messages(items, 'on'),
    unsubscribe: (items) => messages(items, 'off'),
    wireId: ({ segment, id }) => ({ segment: segmentCodeOf(segment), id: Number(id) }),
    createDecoder: () => new DhanFeedDecoder(),
    classifyEnd: classifyFeedEnd,
  };
}

function messages(items: readonly FeedItem[], direction: 'on' | 'off'): string[] {
  const size = dhanLimits.feed.instrumentsPerMessageMax;
  return (['quote', 'full'] as const).flatMap((mode) => {
    const ofMode = items.filter((item) => item.mode === mode);
    const batches: string[] = [];
    for (let start = 0; start < ofMode.length; start += size) {
      const batch = ofMode.slice(start, start + size);
      batches.push(
        JSON.stringify({
          RequestCode: requestCode[mode][direction],
          InstrumentCount: batch.length,
          InstrumentList: batch.map(({ token }) => ({
            ExchangeSegment: token.segment,
            SecurityId: token.id,
          })),
        }),
      );
    }
    return batches;
  });
}
