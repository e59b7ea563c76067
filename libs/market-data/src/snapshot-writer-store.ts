import { bookAt, bookInts, field } from './quote-fields';
import type { QuoteStore } from './quote-store';

/** A contract's figures from a REST answer: paise, units; null: the answer has none. */
export interface SnapshotFigures {
  ltpPaise: number;
  bidPaise: number;
  askPaise: number;
  bidQty: number;
  askQty: number;
  volume: number;
  oi: number;
  previousOi: number | null;
  closePaise: number | null;
  /** The broker's iv (percent), delta, gamma, theta, vega, rho; null where it gives none. */
  greeks: readonly (number | null)[] | null;
}

/**
 * Writes REST figures. They count as of the moment the request was sent: figures that a feed also
 * carries are left alone when the slot was touched since; previous OI, close and broker Greeks,
 * which do not move with ticks, are always taken. `at`: the answer's receive time (wall) and the
 * request's send time (mono).
 */
export function writeSnapshot(
  store: QuoteStore,
  slot: number,
  figures: SnapshotFigures,
  at: { wallMs: number; sentMonoMs: number },
): void {
  const isTouched = store.touchedMonoMs[slot]! > at.sentMonoMs;
  if (!isTouched) writeMoving(store, slot, figures, at.wallMs);
  const { previousOi, closePaise, greeks } = figures;
  if (previousOi !== null) store.setPreviousOi(slot, previousOi);
  if (closePaise !== null && !(isTouched && store.knows(slot, field.close))) {
    store.setClose(slot, closePaise);
  }
  if (greeks) {
    greeks.forEach((value, index) => (store.brokerGreeks[slot * 6 + index] = value ?? NaN));
    store.brokerGreeksAtMs[slot] = at.wallMs;
    store.slowChangedAt[slot] = store.version + 1;
    store.known[slot] = store.known[slot]! | field.brokerGreeks;
  }
  store.touch(slot);
}

const movingFields = field.ltp | field.volume | field.oi | field.top;

function writeMoving(
  store: QuoteStore,
  slot: number,
  figures: SnapshotFigures,
  wallMs: number,
): void {
  const { book } = store;
  const best = slot * bookInts;
  store.ltpPaise[slot] = figures.ltpPaise;
  store.volume[slot] = figures.volume;
  store.oi[slot] = figures.oi;
  book[best + bookAt.bidPaise] = figures.bidPaise;
  book[best + bookAt.askPaise] = figures.askPaise;
  book[best + bookAt.bidQty] = figures.bidQty;
  book[best + bookAt.askQty] = figures.askQty;
  store.known[slot] = store.known[slot]! | movingFields;
  store.receivedMs[slot] = wallMs;
}
