import type { LiveChain } from './live-chain';

/** One message as it goes to every subscriber: bytes are sent as binary, text as text. */
export type StreamData = string | Uint8Array;

/**
 * How soon subscribers learn of a change: `index` at the next flush, `other` at the next but a few,
 * `second` once a second.
 */
export type StreamPace = 'index' | 'other' | 'second';

/** What subscribers lack: the structure too, when that has changed. */
export interface StreamNews {
  layout?: string;
  data: StreamData;
}

/**
 * What a stream shows, as a sequence of versions. It knows which of them its subscribers hold:
 * they all hold the same.
 */
export interface StreamView {
  readonly pace: StreamPace;
  /** Streams of a chain end with it; null for what is of no single one. */
  readonly chain: LiveChain | null;
  /** The structure message; null where there is none. */
  layout(stream: number): object | null;
  /** Of the version that subscribers hold; what changed since may be part of it already. */
  snapshot(stream: number): StreamData;
  /** What subscribers do not hold and have to be told now; they hold it then. */
  advance(stream: number): StreamNews | undefined;
  /** Whether what comes next has another structure than what subscribers hold. */
  isAnew(): boolean;
  /** A chain is no more. */
  retired?(chain: LiveChain): void;
}
