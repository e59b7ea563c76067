import type { QuoteSink } from '@strikewire/market-data';
import type { InstrumentToken } from './market-data-port';

/** How much of an instrument is asked for: `quote` for indices, `full` with depth for options. */
export type FeedMode = 'quote' | 'full';

/** One instrument of a subscription. */
export interface FeedItem {
  token: InstrumentToken;
  mode: FeedMode;
}

/** Connection limits of one account. */
export interface FeedLimits {
  /** Sockets that may be open at once. */
  socketsMax: number;
  /** Of these, how many the plan fills; the rest is kept for replacing a lost one. */
  socketsPlanned: number;
  instrumentsPerSocketMax: number;
  instrumentsPerMessageMax: number;
  /** A socket whose closing was not confirmed counts as open for this long. */
  lingerMs: number;
  /** Wait after a handshake that answered 429. */
  throttledWaitMs: number;
  /** No frame, ping or pong for this long: the transport is lost. */
  silentMs: number;
}

/** Why the broker ended a feed. `auth`, `suspended`: never try again by itself. */
export type FeedEndKind = 'auth' | 'suspended' | 'entitlement' | 'too_many' | 'other';

/** Why a feed was ended, for the host and for people. */
export interface FeedEnd {
  kind: FeedEndKind;
  reason: string;
}

/** What a frame tells the host besides quotes: that it may subscribe now, or that the feed ends. */
export type FeedNews = { kind: 'ready' } | FeedEnd;

/** Where a connection goes. Both may have credentials in them: never log them. */
export interface FeedAddress {
  url: string;
  headers?: Record<string, string>;
}

/** Maps the wire's instrument to a slot; -1 when unknown. */
export interface SlotLookup {
  get(segment: number, id: number): number;
}

/** What a decoder has met besides quotes. */
export interface DecoderCounters {
  packets: number;
  unknownInstrument: number;
  /** Truncated, of a wrong length, or of an unknown code. */
  malformed: number;
}

/** Decodes one socket's frames. Never throws, whatever it is given. */
export interface FeedDecoder {
  readonly counters: DecoderCounters;
  /** Sends what follows to another store: called on a generation's swap. */
  bind(lookup: SlotLookup, sink: QuoteSink): void;
  /** Quotes go to the sink; returns what else the frame says to the host, else undefined. */
  decode(bytes: Uint8Array, isBinary: boolean): FeedNews | undefined;
}

/** A broker's streaming protocol. Connections, retries and batching belong to the host. */
export interface FeedProtocol {
  /**
   * Where to connect now; asked before every connection, because an address may be good for one
   * only. A rejection counts as a refused connection: kinds `unauthenticated` and `fatal` park the
   * account, `throttled` waits as a throttled handshake does.
   */
  address(): FeedAddress | Promise<FeedAddress>;
  /** Messages to send before anything is subscribed; none when not given. */
  hello?(): (string | Uint8Array)[];
  /** True: nothing may be subscribed before the decoder has told that the feed is `ready`. */
  awaitsReady?: boolean;
  /** Messages to send, each within the broker's limit. */
  subscribe(items: readonly FeedItem[]): (string | Uint8Array)[];
  unsubscribe(items: readonly FeedItem[]): (string | Uint8Array)[];
  /**
   * The wire's numbers of an instrument: what the decoder looks up. A protocol that names
   * instruments by texts numbers them as it meets them; its decoders know the same numbers.
   */
  wireId(token: InstrumentToken): { segment: number; id: number };
  createDecoder(): FeedDecoder;
  /** What a close code or a refused handshake's HTTP status means. */
  classifyEnd(end: { closeCode?: number; httpStatus?: number }): FeedEndKind | 'throttled';
}
