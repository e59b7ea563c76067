import type { FeedDecoder, FeedProtocol } from '@strikewire/broker';
import { errorKindOf } from '@strikewire/runtime';

/**
 * The same protocol, which counts each connection that is refused because of its credentials: by a
 * handshake's status, by a close code, by a frame, or while its address is asked for.
 */
export function countedFeed(feed: FeedProtocol, refused: () => void): FeedProtocol {
  const address: FeedProtocol['address'] = () => {
    const asked = feed.address();
    if (!(asked instanceof Promise)) return asked;
    asked.catch((error: unknown) => {
      if (errorKindOf(error) === 'unauthenticated') refused();
    });
    return asked;
  };
  return {
    ...feed,
    address,
    createDecoder: () => countedDecoder(feed.createDecoder(), refused),
    classifyEnd(end) {
      const kind = feed.classifyEnd(end);
      if (kind === 'auth') refused();
      return kind;
    },
  };
}

function countedDecoder(decoder: FeedDecoder, refused: () => void): FeedDecoder {
  return {
    counters: decoder.counters,
    bind: (lookup, sink) => decoder.bind(lookup, sink),
    decode(bytes, isBinary) {
      const news = decoder.decode(bytes, isBinary);
      if (news?.kind === 'auth') refused();
      return news;
    },
  };
}
