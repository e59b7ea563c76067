import type { FeedEndKind } from '@strikewire/broker';

/** A connection that did not authenticate in time, or not with a good key. */
const unauthenticatedClose = 4401;

/** What a refused handshake's status, or a close code, means. */
export function classifyFeedEnd(end: {
  closeCode?: number;
  httpStatus?: number;
}): FeedEndKind | 'throttled' {
  if (end.httpStatus === 429) return 'throttled';
  const isRefused = end.httpStatus === 401 || end.httpStatus === 403;
  return isRefused || end.closeCode === unauthenticatedClose ? 'auth' : 'other';
}
