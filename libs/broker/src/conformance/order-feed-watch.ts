import type { OpenSocket, Socket } from '@strikewire/runtime';
import type { FeedAddress } from '../core/feed-protocol';
import type { OrderFeed, OrderNews } from '../core/order-feed';
import type { ConformanceEnd } from './harness';

const newsMax = 10_000;
const socketOptions = { handshakeTimeoutMs: 10_000, messageBytesMax: 1 << 20 };

/** One connection of the plugin's feed of orders, and what it has told. */
export class OrderFeedWatch {
  readonly news: OrderNews[] = [];
  /** What the plugin said of its end. */
  reason: string | undefined;
  private readonly feed: OrderFeed;
  private socket: Socket | undefined;
  private endedAs: ConformanceEnd | undefined;
  /** What the plugin threw at the socket's events, where nobody could catch it. */
  private thrown: { error: unknown } | undefined;

  constructor(feed: OrderFeed) {
    this.feed = feed;
  }

  connect(openSocket: OpenSocket, { url, headers = {} }: FeedAddress): void {
    this.socket = openSocket(url, { ...socketOptions, headers }, {
      opened: () => this.guarded(() => {
        for (const message of this.feed.hello?.() ?? []) this.socket?.send(message);
      }),
      message: (bytes, isBinary) => this.guarded(() => this.take(bytes, isBinary)),
      closed: (closeCode) => this.guarded(() => this.end({ closeCode })),
      refused: (httpStatus) => this.guarded(() => this.end({ httpStatus })),
    });
  }

  close(): void {
    this.socket?.close();
  }

  /** Whether this order was told of, by a row or as one to look at. */
  isTold(brokerOrderId: string, isRight: (news: OrderNews) => boolean = () => true): boolean {
    if (this.thrown) throw this.thrown.error;
    return this.news.some((news) => idOf(news) === brokerOrderId && isRight(news));
  }

  /** As the plugin tells it; undefined while it is open. Throws what the plugin has thrown. */
  ended(): ConformanceEnd | undefined {
    if (this.thrown) throw this.thrown.error;
    return this.endedAs;
  }

  private guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.thrown ??= { error };
    }
  }

  private end(how: { closeCode?: number; httpStatus?: number }): void {
    this.endedAs ??= this.feed.classifyEnd(how);
  }

  private take(bytes: Uint8Array, isBinary: boolean): void {
    for (const news of this.feed.read(bytes, isBinary)) {
      if (this.news.length < newsMax) this.news.push(news);
      if (!('reason' in news)) continue;
      this.endedAs ??= news.kind;
      this.reason ??= news.reason;
    }
  }
}

function idOf(news: OrderNews): string | null {
  switch (news.kind) {
    case 'row':
      return news.row.brokerOrderId;
    case 'trade':
      return news.trade.brokerOrderId;
    case 'look':
      return news.brokerOrderId;
    default:
      return null;
  }
}
