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

/** Why the broker ended a feed. `auth`: never try again by itself. */
export type FeedEndKind = 'auth' | 'entitlement' | 'too_many' | 'other';

/** Why a feed was ended, for the host and for people. */
export interface FeedEnd {
  kind: FeedEndKind;
  reason: string;
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
  /** Returns why the broker ends the feed when the frame says so, else undefined. */
  decode(bytes: Uint8Array, isBinary: boolean): FeedEnd | undefined;
}

/** A broker's streaming protocol. Connections, retries and batching belong to the host. */
export interface FeedProtocol {
  /** Address with credentials in it: never log it. */
  url(): string;
  headers(): Record<string, string>;
  /** Messages to send, each within the broker's limit. */
  subscribe(items: readonly FeedItem[]): (string | Uint8Array)[];
  unsubscribe(items: readonly FeedItem[]): (string | Uint8Array)[];
  /** The wire's numbers of an instrument. */
  wireId(token: InstrumentToken): { segment: number; id: number };
  createDecoder(): FeedDecoder;
  /** What a close code or a refused handshake's HTTP status means. */
  classifyEnd(end: { closeCode?: number; httpStatus?: number }): FeedEndKind | 'throttled';
}
