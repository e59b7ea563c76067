import { field, QuoteSession, QuoteStore, SlotIndex } from '@strikewire/market-data';
import type { Clock, OpenSocket, Socket } from '@strikewire/runtime';
import type {
  DecoderCounters,
  FeedAddress,
  FeedDecoder,
  FeedItem,
  FeedProtocol,
} from '../core/feed-protocol';
import { tokenKey } from '../core/market-data-port';
import { depthDifferences, quoteDifferences } from './differences';
import type { ConformanceEnd, TrueQuote } from './harness';
import { ToldSink } from './told-sink';

/** A frame as it came. */
export interface SeenFrame {
  bytes: Uint8Array;
  isBinary: boolean;
}

const framesMax = 400;
const socketOptions = { handshakeTimeoutMs: 10_000, messageBytesMax: 1 << 20 };

/** One connection of the plugin's feed, and what it has written; `items` have a slot each. */
export class FeedWatch {
  readonly frames: SeenFrame[] = [];
  /** What the plugin said of its end. */
  reason: string | undefined;
  readonly decoder: FeedDecoder;
  private readonly feed: FeedProtocol;
  private readonly clock: Clock;
  private readonly store: QuoteStore;
  private readonly session: QuoteSession;
  private readonly told: ToldSink;
  private readonly slots: ReadonlyMap<string, number>;
  private readonly atReady: readonly FeedItem[];
  private socket: Socket | undefined;
  private endedAs: ConformanceEnd | undefined;
  /** What the plugin threw at the socket's events, where nobody could catch it. */
  private thrown: { error: unknown } | undefined;

  constructor(
    { feed, clock }: { feed: FeedProtocol; clock: Clock },
    items: readonly FeedItem[],
    atReady: readonly FeedItem[] = items,
  ) {
    this.feed = feed;
    this.clock = clock;
    this.atReady = atReady;
    const capacity = Math.max(1, items.length);
    this.store = new QuoteStore({
      capacity, groupCount: 0, tickDepth: 0, baseWallMs: clock.wallMs(),
    });
    this.session = new QuoteSession(this.store, { source: 1, epoch: 1 });
    this.told = new ToldSink(this.session);
    this.slots = new Map(items.map(({ token }, slot) => [tokenKey(token), slot]));
    const index = new SlotIndex(capacity);
    items.forEach(({ token }, slot) => {
      const { segment, id } = feed.wireId(token);
      index.set(segment, id, slot);
    });
    this.decoder = feed.createDecoder();
    this.decoder.bind(index, this.told);
  }

  connect(openSocket: OpenSocket, { url, headers = {} }: FeedAddress): void {
    this.socket = openSocket(url, { ...socketOptions, headers }, {
      opened: () => this.guarded(() => {
        this.send(this.feed.hello?.() ?? []);
        if (this.feed.awaitsReady !== true) this.send(this.feed.subscribe(this.atReady));
      }),
      message: (bytes, isBinary) => this.guarded(() => this.read(bytes, isBinary)),
      closed: (closeCode) => this.guarded(() => this.end({ closeCode })),
      refused: (httpStatus) => this.guarded(() => this.end({ httpStatus })),
    });
  }

  send(messages: readonly (string | Uint8Array)[]): void {
    for (const message of messages) this.socket?.send(message);
  }

  subscribe(items: readonly FeedItem[]): void {
    this.send(this.feed.subscribe(items));
  }

  unsubscribe(items: readonly FeedItem[]): void {
    this.send(this.feed.unsubscribe(items));
  }

  close(): void {
    this.socket?.close();
  }

  /** Packets that were merged. */
  ticks(): number {
    if (this.thrown) throw this.thrown.error;
    return this.session.counters.applied;
  }

  counters(): DecoderCounters {
    return { ...this.decoder.counters };
  }

  /** As the plugin tells it; undefined while it is open. Throws what the plugin has thrown. */
  ended(): ConformanceEnd | undefined {
    if (this.thrown) throw this.thrown.error;
    return this.endedAs;
  }

  /** Whether a price has come for it; of depth: whether its book has. */
  knows({ token }: FeedItem, bits: number = field.ltp): boolean {
    const slot = this.slots.get(tokenKey(token));
    return slot !== undefined && this.store.knows(slot, bits);
  }

  /** When its last trade was as the feed has told it, epoch ms; undefined when it has not. */
  tradeMs({ token }: FeedItem): number | undefined {
    return this.told.tradeMs(this.slots.get(tokenKey(token)) ?? -1);
  }

  /** Packets whose volume was not told where it decides what is older: one line each. */
  wrongVolumes(): readonly string[] {
    return this.told.wrongVolumes;
  }

  /** What has been told and is not so: one line per figure. */
  differences({ token }: FeedItem, truth: TrueQuote): string[] {
    const slot = this.slots.get(tokenKey(token));
    if (slot === undefined) return [`${tokenKey(token)} is not watched`];
    return quoteDifferences(this.store, slot, truth).map((line) => `${tokenKey(token)} ${line}`);
  }

  /** The same of the first levels of its book; it has to have one. */
  depthDifferences({ token }: FeedItem, truth: TrueQuote, levels: number): string[] {
    const slot = this.slots.get(tokenKey(token)) ?? -1;
    const found = depthDifferences(this.store, slot, truth, levels);
    return found.map((line) => `${tokenKey(token)} ${line}`);
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

  private read(bytes: Uint8Array, isBinary: boolean): void {
    if (this.frames.length < framesMax) this.frames.push({ bytes: bytes.slice(), isBinary });
    this.session.beginFrame(this.clock.wallMs(), this.clock.monoMs());
    const news = this.decoder.decode(bytes, isBinary);
    if (news?.kind === 'ready') this.send(this.feed.subscribe(this.atReady));
    else if (news) {
      this.endedAs ??= news.kind;
      this.reason ??= news.reason;
    }
  }
}
