import type { Random, ServedRequest } from '@strikewire/runtime';

/** Addresses of the feed, each good for one connection. */
export interface FeedCodes {
  /** A new address for a user; the host is the one that was asked. */
  issue(clientId: string, request: ServedRequest): string;
  /** Whose code it is; undefined when it is unknown or was used before. */
  redeem(code: string): string | undefined;
}

export const feedPath = '/market-data-feeder/v3/upstox-developer-api/feeds';
/** Older ones are forgotten first. */
const codesMax = 1_000;

/** `fallbackHost`: what the feed is at when a request does not say whom it asked. */
export function createFeedCodes(
  random: Random,
  fallbackHost: string,
  path = feedPath,
): FeedCodes {
  const open = new Map<string, string>();
  return {
    issue(clientId, { headers }) {
      const code = uuidFrom(random);
      open.set(code, clientId);
      for (const oldest of open.keys()) {
        if (open.size <= codesMax) break;
        open.delete(oldest);
      }
      const host = headers['host'] ?? fallbackHost;
      return `ws://${host}${path}?requestId=${uuidFrom(random)}&code=${code}`;
    },
    redeem(code) {
      const clientId = open.get(code);
      open.delete(code);
      return clientId;
    },
  };
}

/** Of the shape of a UUID; it guards nothing. */
export function uuidFrom(random: Random): string {
  const hex = (digits: number): string => Array.from({ length: digits }, () =>
    Math.floor(random.next() * 16).toString(16)).join('');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
}
