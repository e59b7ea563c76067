import { preTradeMargin } from '../core/pre-trade-margin';

/** Shares, deadlines, ages and bounds of the margin desk. */
export interface MarginSettings {
  /** Added to the larger figure before an order, as a fraction. */
  bufferShare: number;
  /** What waits for a broker before an order waits no longer than this. */
  assessWithinMs: number;
  /** A request without an answer has failed after this, and the next one's turn comes. */
  requestWithinMs: number;
  /** Older figures of a broker are as good as none: prices are others. */
  figureAgeMaxMs: number;
  /** Figures of two sets that were told further apart are not subtracted from each other. */
  figuresApartMaxMs: number;
  /** Before an order funds are asked again that are older, also when the set is the same. */
  fundsAgeMaxMs: number;
  /** Older funds are not known any more: nothing is held up, nor let through, because of them. */
  fundsKnownMaxMs: number;
  /** A set that failed is not asked again before. */
  retryAfterMs: number;
  /** After so many failures in a row a broker is left alone... */
  failuresMax: number;
  /** ...for so long; then one question tries it. */
  pauseMs: number;
  /** Sets of an account that are kept: the one that was used longest ago goes. */
  setsMax: number;
  /** Accounts of which something is kept; likewise. */
  accountsMax: number;
  /** Sets of an account that wait for their turn; one more is not asked. */
  waitingMax: number;
}

/** The usual settings. */
export const defaultMarginSettings: MarginSettings = {
  bufferShare: 0.05,
  assessWithinMs: 4_000,
  requestWithinMs: 10_000,
  figureAgeMaxMs: 8 * 3_600_000,
  figuresApartMaxMs: 5 * 60_000,
  fundsAgeMaxMs: 5 * 60_000,
  fundsKnownMaxMs: 30 * 60_000,
  retryAfterMs: 15_000,
  failuresMax: 3,
  pauseMs: 60_000,
  setsMax: 64,
  accountsMax: 1_000,
  waitingMax: 16,
};

/**
 * The usual ones but for these.
 * @throws StrikewireError `invalid` for a buffer that is no share: now, not at the first order.
 */
export function marginSettingsWith(changes: Partial<MarginSettings> = {}): MarginSettings {
  const settings = { ...defaultMarginSettings, ...changes };
  const { bufferShare } = settings;
  preTradeMargin({ estimate: 0, broker: null, bufferShare }, { isRiskReducing: false });
  return settings;
}
