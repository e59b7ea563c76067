import type { QuoteStore } from './quote-store';

/** No cumulative volume in the packet, for `admit`. */
export const noVolume = -1;

/**
 * Where a decoder hands packets over: it asks whether the packet may be merged, writes the figures
 * straight to the columns of its slot, and commits. Between `admit` and `commit` nothing else runs.
 */
export interface QuoteSink {
  /** The columns; written only after `admit`, only at its slot. */
  readonly store: QuoteStore;
  /**
   * Decides ownership and age. `tradeMs`: epoch ms of the last trade, 0 when the packet tells
   * none; `volume`: cumulative for the day, `noVolume` when it tells none. False: drop the packet.
   */
  admit(slot: number, tradeMs: number, volume: number): boolean;
  /** Ends an admitted packet; `fields` are the bits of `field` that were written. */
  commit(slot: number, fields: number): void;
}
