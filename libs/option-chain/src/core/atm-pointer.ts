import { atmStrike, nearestStrikeIndex } from './strike-grid';

/** Where the ATM stands in a fixed skeleton; tags move with it, strikes do not. */
export interface AtmPointer {
  /** LTP rounded to the interval, paise; 0 without an LTP. */
  atmPaise: number;
  /** Index of the nearest strike of the skeleton; -1 without an LTP. */
  anchorIndex: number;
  /** The ATM lies beyond the skeleton's first or last strike. */
  isOutsideWindow: boolean;
}

/** Recomputed from every spot price; `ltpPaise` 0 means that no price is known. */
export function pointAtm(
  strikesPaise: ArrayLike<number>,
  intervalPaise: number,
  ltpPaise: number,
): AtmPointer {
  if (ltpPaise <= 0 || strikesPaise.length === 0) {
    return { atmPaise: 0, anchorIndex: -1, isOutsideWindow: false };
  }
  const atmPaise = atmStrike(ltpPaise, intervalPaise);
  const first = strikesPaise[0] as number;
  const last = strikesPaise[strikesPaise.length - 1] as number;
  return {
    atmPaise,
    anchorIndex: nearestStrikeIndex(strikesPaise, atmPaise),
    isOutsideWindow: atmPaise < first || atmPaise > last,
  };
}
