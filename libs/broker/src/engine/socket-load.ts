import type { FeedItem, FeedProtocol } from '../core/feed-protocol';
import { tokenKey } from '../core/market-data-port';
import { messagesOf } from './plugin-answers';

/** What one socket is to do now. */
export interface SocketLoad {
  /** To be subscribed now: all that is planned, or what of it trades. */
  items: readonly FeedItem[];
  /** Instruments that the plan gives to this socket, subscribed or not. */
  planned: number;
  /** Whether the socket is to stand at all; else it rests. */
  isWanted: boolean;
}

/** Of a socket that the plan does not need. */
export const noLoad: SocketLoad = { items: [], planned: 0, isWanted: false };

/** Messages that turn one subscription into another, by the difference only. */
export function changeMessages(
  protocol: FeedProtocol,
  before: readonly FeedItem[],
  items: readonly FeedItem[],
): (string | Uint8Array)[] {
  return [
    ...messagesOf('unsubscribe', protocol.unsubscribe(withoutItems(before, items))),
    ...messagesOf('subscribe', protocol.subscribe(withoutItems(items, before))),
  ];
}

/** Much less is subscribed than was: how often that ticked says nothing of what is left. */
export function isThinned(before: readonly FeedItem[], items: readonly FeedItem[]): boolean {
  return 2 * items.length < before.length;
}

function withoutItems(items: readonly FeedItem[], without: readonly FeedItem[]): FeedItem[] {
  const keys = new Set(without.map(itemKey));
  return items.filter((item) => !keys.has(itemKey(item)));
}

function itemKey(item: FeedItem): string {
  return `${tokenKey(item.token)}:${item.mode}`;
}
