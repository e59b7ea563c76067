import type { MarginShape } from '../core/position-shape';

/** Ratios of one account and shape, as they are kept. */
export interface StoredRatios {
  account: string;
  shape: MarginShape;
  /** Estimate ÷ broker, oldest first. */
  ratios: readonly number[];
  /** The last one was outside its band: it has been told. */
  isOutside: boolean;
}

/** Where what was learned outlives the process. */
export interface MarginStore {
  ratios(): Promise<StoredRatios[]>;
  saveRatios(row: StoredRatios): Promise<void>;
}
