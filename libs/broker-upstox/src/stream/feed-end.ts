import type { FeedEndKind } from '@strikewire/broker';

/**
 * What a refused handshake's status, or a close code, means. An address is good for one connection
 * only, so that 403 is said of a used one and of one connection too many alike; credentials have
 * been checked when the address was asked for. Close codes have no documented meaning.
 */
export function classifyFeedEnd(end: {
  closeCode?: number;
  httpStatus?: number;
}): FeedEndKind | 'throttled' {
  if (end.httpStatus === 429) return 'throttled';
  if (end.httpStatus === 401) return 'auth';
  if (end.httpStatus === 403) return 'too_many';
  return 'other';
}
