/** One chain's mirrored figures under its key. */
export interface MirrorEntry {
  key: string;
  bytes: Uint8Array;
}

/**
 * Where the mirror lies: a place that outlives this process and may be emptied at any time. Values
 * are forgotten there by themselves after `mirrorTtlMs`. Whatever fails rejects, kind `retryable`.
 */
export interface ChainMirrorStore {
  /**
   * Leaves a mark and answers with the one that was there, in one step: whoever does not find the
   * mark that it left knows that what it wrote may be gone as well.
   */
  mark(value: string): Promise<string | undefined>;
  save(entries: readonly MirrorEntry[]): Promise<void>;
  /** What is there of these keys. */
  load(keys: readonly string[]): Promise<Map<string, Uint8Array>>;
  forget(keys: readonly string[]): Promise<void>;
}

/** Older figures are of no use: three days, so that a weekend is bridged. */
export const mirrorTtlMs = 3 * 86_400_000;
