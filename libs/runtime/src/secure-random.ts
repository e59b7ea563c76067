/** Randomness for secrets and ids; never from a seed outside of tests. */
export interface SecureRandom {
  bytes(count: number): Uint8Array;
  /** A random UUID (version 4). */
  uuid(): string;
}
