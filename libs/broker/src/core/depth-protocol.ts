import type { Exchange } from '@strikewire/contracts';
import type {
  DecoderCounters,
  FeedEnd,
  FeedLimits,
  FeedProtocol,
  SlotLookup,
} from './feed-protocol';
import type { InstrumentToken } from './market-data-port';

/** Price levels per side of a full book. */
export const fullDepthLevels = 20;

/** Who wants to buy, or who wants to sell. */
export type BookSide = 'bid' | 'ask';

/**
 * Where full books are written: columns with `fullDepthLevels` entries for each side of each slot,
 * best level first.
 */
export interface DepthSink {
  readonly pricePaise: Int32Array;
  /** Units. */
  readonly quantity: Uint32Array;
  readonly orders: Uint32Array;
  /** Where the best level of a slot's side lies in the columns. */
  place(slot: number, side: BookSide): number;
  /** So many levels were written, from the best on: the rest of that side is empty. */
  commit(slot: number, side: BookSide, levels: number): void;
}

/** Decodes one socket's frames of full books. Never throws, whatever it is given. */
export interface DepthDecoder {
  readonly counters: DecoderCounters;
  bind(lookup: SlotLookup, sink: DepthSink): void;
  /** Sides of books go to the sink; returns how the feed ends, when the frame says so. */
  decode(bytes: Uint8Array, isBinary: boolean): FeedEnd | undefined;
}

/** The words of a feed of full books; what has the same name means the same as of the feed. */
export interface DepthProtocol
  extends Pick<FeedProtocol, 'address' | 'hello' | 'wireId' | 'classifyEnd'> {
  /** Messages to send, each within the broker's limit. */
  subscribe(tokens: readonly InstrumentToken[]): (string | Uint8Array)[];
  unsubscribe(tokens: readonly InstrumentToken[]): (string | Uint8Array)[];
  createDecoder(): DepthDecoder;
}

/**
 * A second feed of an account, with full books of the few contracts that somebody looks at. It has
 * its own sockets, which the broker counts by themselves; the host opens one of them, when the
 * first book is wanted.
 */
export interface DepthFeed {
  protocol: DepthProtocol;
  limits: FeedLimits;
  /** Exchanges whose contracts it carries. */
  exchanges: readonly Exchange[];
}
