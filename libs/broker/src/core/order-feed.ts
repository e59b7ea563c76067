import type { FeedLimits, FeedNews, FeedProtocol } from './feed-protocol';
import type { BrokerOrder, BrokerTrade } from './orders-port';

/**
 * What a message of an order feed says. `look`: something became of an order that the message does
 * not tell whole, so its book is read; null: of which order is not known.
 */
export type OrderNews =
  | { kind: 'row'; row: BrokerOrder }
  | { kind: 'trade'; trade: BrokerTrade }
  | { kind: 'look'; brokerOrderId: string | null }
  | FeedNews;

/**
 * Tells what becomes of an account's orders, those placed elsewhere included. News may be late,
 * doubled, out of order or lost: the book is what counts. The host connects, and reads the book
 * after each connection.
 */
export interface OrderFeed extends Pick<FeedProtocol, 'address' | 'hello' | 'classifyEnd'> {
  limits: Pick<FeedLimits, 'lingerMs' | 'throttledWaitMs' | 'silentMs'>;
  /** Never throws, whatever it is given; what it cannot read is a `look`. */
  read(bytes: Uint8Array, isBinary: boolean): OrderNews[];
}
