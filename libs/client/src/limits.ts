import { socketLimits } from '@strikewire/contracts';

/** Limits of one client; times in milliseconds, sizes in bytes. */
export const clientLimits = {
  /** Chains watched at once: what the server serves on one socket. */
  chainsMax: socketLimits.subscriptionsMax,
  /** A snapshot of 1,000 legs has about 130 kB; a larger message than this ends the socket. */
  messageBytesMax: 4_194_304,
  handshakeTimeoutMs: 5_000,
  /** Reconnection waits a random part of base × 2^failures, at most the cap. */
  backOffBaseMs: 1_000,
  backOffCapMs: 15_000,
  /** Failed openings in a row after which chains are read over HTTP instead. */
  failuresBeforePolling: 3,
  pollEveryMs: 2_000,
  requestTimeoutMs: 8_000,
  answerBytesMax: 8_388_608,
  /** Without a byte for this long the server is asked for a sign of life. */
  quietMs: 10_000,
  /** Without a byte for this long the socket counts as lost. */
  silentMs: 20_000,
  /** How long an answer to subscribe or resync may take. */
  answerWaitMs: 5_000,
  /** Unanswered resyncs of one chain after which the socket is opened anew. */
  resyncsMax: 3,
  /** A refused subscription is asked for again after this long. */
  refusedRetryMs: 5_000,
  /** The socket outlives its last chain by this long, so that changing pages keeps it. */
  lingerMs: 1_000,
} as const;
