import type { OrderSide } from '@strikewire/broker';
import { isAmount, type Touch } from './book';
import { tickDown, tickUp } from './tick';

/** How far beyond the touch a market order may go at a price below `belowPaise`. */
export interface ProtectionSlab {
  belowPaise: number;
  percent: number;
}

/** How market orders are protected. The larger of percent and ticks counts. */
export interface ProtectionSettings {
  /** Ascending; the last one has no end. */
  slabs: readonly ProtectionSlab[];
  ticks: number;
  /** A touch older than this is none. */
  touchAgeMaxMs: number;
}

/**
 * Slabs of options as Indian brokers publish them for their own protected market orders (one
 * broker's support page as another project had it in 2026; not checked at an exchange).
 */
export const optionProtection: ProtectionSettings = {
  slabs: [
    { belowPaise: 1_000, percent: 5 },
    { belowPaise: 10_000, percent: 3 },
    { belowPaise: 50_000, percent: 2 },
    { belowPaise: Infinity, percent: 1 },
  ],
  ticks: 2,
  touchAgeMaxMs: 2_000,
};

/** The same for futures. */
export const futureProtection: ProtectionSettings = {
  ...optionProtection,
  slabs: [
    { belowPaise: 10_000, percent: 2 },
    { belowPaise: 50_000, percent: 1 },
    { belowPaise: Infinity, percent: 0.5 },
  ],
};

/** What a price is protected by. */
export interface ProtectionTerms {
  side: OrderSide;
  touch: Touch;
  touchMs: number;
  nowMs: number;
  tickPaise: number;
  /** Prices that the exchange takes; null: not known. */
  lowerCircuitPaise: number | null;
  upperCircuitPaise: number | null;
}

/** A limit that takes what is there and no further, or why there is none. */
export type ProtectedPrice =
  | { kind: 'limit'; limitPaise: number; touchPaise: number }
  | { kind: 'refused'; code: 'no_touch' | 'stale_touch'; reason: string };

/**
 * The limit of a market order: the touch and its protection, rounded to the tick towards the
 * touch (never beyond the protection), within the circuit limits.
 */
export function protectPrice(
  terms: ProtectionTerms,
  settings: ProtectionSettings,
): ProtectedPrice {
  const { side, touch, touchMs, nowMs, tickPaise } = terms;
  const isBuy = side === 'BUY';
  const touchPaise = isBuy ? touch.askPaise : touch.bidPaise;
  if (touchPaise === null || !isAmount(touchPaise)) {
    const reason = `there is no ${isBuy ? 'ask' : 'bid'} to protect a market order by`;
    return { kind: 'refused', code: 'no_touch', reason };
  }
  const ageMs = nowMs - touchMs;
  // Written so that an age that is no number is stale too.
  if (!(ageMs <= settings.touchAgeMaxMs)) {
    const reason = `the touch is ${ageMs} ms old, needs ${settings.touchAgeMaxMs} or less`;
    return { kind: 'refused', code: 'stale_touch', reason };
  }
  const slab = settings.slabs.find(({ belowPaise }) => touchPaise < belowPaise);
  const byPercent = (touchPaise * (slab?.percent ?? 0)) / 100;
  const roomPaise = Math.max(byPercent, settings.ticks * tickPaise);
  const limitPaise = isBuy
    ? Math.min(tickDown(touchPaise + roomPaise, tickPaise), terms.upperCircuitPaise ?? Infinity)
    : Math.max(
      tickUp(touchPaise - roomPaise, tickPaise),
      terms.lowerCircuitPaise ?? tickPaise,
      tickPaise,
    );
  return { kind: 'limit', limitPaise, touchPaise };
}
