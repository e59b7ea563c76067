/** Limits of one socket of `/ws`; beyond them an error message says so. */
export const socketLimits = {
  /** Bytes of one message from a client; a larger one closes the socket with 1009. */
  messageBytesMax: 16_384,
  subscriptionsMax: 64,
  /** Messages from a client per second, with a burst of twice as many. */
  messagesPerSecond: 50,
  /** Bytes waiting for a slow client; beyond, it skips deltas and gets a snapshot when drained. */
  bufferedBytesMax: 1_048_576,
  /** Milliseconds a client may stay over its buffer before it is cut (close code 1013). */
  slowMsMax: 15_000,
  /** Contracts and spots of one subscription to `quotes`. */
  quotesMax: 200,
  /** Messages of an ordered channel that can be had again, and that wait for a slow client. */
  orderedLogMax: 1_000,
} as const;
