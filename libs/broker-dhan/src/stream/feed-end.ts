import type { FeedEnd, FeedEndKind } from '@strikewire/broker';

/** Reasons of the disconnect packet (DhanHQ v2, annexure, "Data API Error"). */
const reasons: Readonly<Record<number, FeedEnd>> = {
  805: { kind: 'too_many', reason: 'too many connections (805)' },
  806: { kind: 'entitlement', reason: 'market data is not subscribed (806)' },
  807: { kind: 'auth', reason: 'access token expired (807)' },
  808: { kind: 'auth', reason: 'authentication failed (808)' },
  809: { kind: 'auth', reason: 'access token invalid (809)' },
  // No other token helps: the broker does not know the client, or does not want to.
  810: { kind: 'suspended', reason: 'client id invalid (810)' },
};

/** What a disconnect packet's reason means. */
export function readFeedEnd(reason: number): FeedEnd {
  return reasons[reason] ?? { kind: 'other', reason: `disconnected (${reason})` };
}

/** What a refused handshake's status, or a close code, means. */
export function classifyFeedEnd(end: {
  closeCode?: number;
  httpStatus?: number;
}): FeedEndKind | 'throttled' {
  if (end.httpStatus === 429) return 'throttled';
  if (end.httpStatus === 401 || end.httpStatus === 403) return 'auth';
  return 'other';
}
