import type { DepthFeed, InstrumentToken } from '@strikewire/broker';
import type { DhanConfig } from '../config';
import { dhanDepthLimits } from '../limits';
import { segmentCodeOf } from '../map/segments';
import { DhanDepthDecoder } from './depth-decoder';
import { classifyFeedEnd } from './feed-end';

/**
 * Request codes of the 20-level feed. Its documentation and its own client unsubscribe by 24,
 * another page by 25.
 */
const requestCode = { on: 23, off: 24 } as const;

/** Dhan's 20-level depth of NSE's shares and derivatives; undefined where it has no address. */
export function createDhanDepthFeed({ credentials, endpoints }: DhanConfig): DepthFeed | undefined {
  const { depth } = endpoints;
  if (depth === undefined) return undefined;
  return {
    limits: dhanDepthLimits,
    exchanges: ['NSE'],
    protocol: {
      address() {
        const url = new URL(depth);
        url.searchParams.set('token', credentials.accessToken);
        url.searchParams.set('clientId', credentials.clientId);
        url.searchParams.set('authType', '2');
        return { url: url.toString() };
      },
      subscribe: (tokens) => messages(tokens, 'on'),
      unsubscribe: (tokens) => messages(tokens, 'off'),
      wireId: ({ segment, id }) => ({ segment: segmentCodeOf(segment), id: Number(id) }),
      createDecoder: () => new DhanDepthDecoder(),
      classifyEnd: classifyFeedEnd,
    },
  };
}

function messages(tokens: readonly InstrumentToken[], direction: 'on' | 'off'): string[] {
  const size = dhanDepthLimits.instrumentsPerMessageMax;
  const count = Math.ceil(tokens.length / size);
  return Array.from({ length: count }, (_, batch) => {
    const some = tokens.slice(batch * size, (batch + 1) * size);
    return JSON.stringify({
      RequestCode: requestCode[direction],
      InstrumentCount: some.length,
      InstrumentList: some.map(({ segment, id }) => ({ ExchangeSegment: segment, SecurityId: id })),
    });
  });
}
