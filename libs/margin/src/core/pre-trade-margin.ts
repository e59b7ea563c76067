import { StrikewireError } from '@strikewire/runtime';

/** What is known of the margin of an order's outcome. */
export interface KnownMargins {
  /** The local estimate in paise; null: there is none. */
  estimate: number | null;
  /** The broker's figure in paise; null: it did not tell. */
  broker: number | null;
  /** Added on top, as a fraction (5 % = 0.05). */
  bufferShare: number;
}

/** Whether an order may go on, as far as margin is concerned. */
export interface PreTradeMargin {
  isAllowed: boolean;
  /** What has to be free, buffer included, in whole paise; null when neither figure is known. */
  requiredPaise: number | null;
  /** Which figure was the larger. */
  basis: 'estimate' | 'broker' | 'none';
  /** For people: why. */
  reason: string;
}

/** Ten thousand crore rupees: above it a figure is a sentinel, not a margin. */
const paiseMax = 1e13;

/**
 * The larger of both figures plus a buffer. Without either nothing that adds risk may be sent,
 * while an exit that reduces it always may: to hold it back would be the greater risk.
 * @throws StrikewireError `invalid` for a buffer that is no share.
 */
export function preTradeMargin(
  known: KnownMargins,
  order: { isRiskReducing: boolean },
): PreTradeMargin {
  const { bufferShare } = known;
  if (!(bufferShare >= 0 && bufferShare <= 1)) {
    const message = `margin buffer was ${bufferShare}, needs a fraction of 0 to 1`;
    throw new StrikewireError({ kind: 'invalid', code: 'margin_buffer_invalid', message });
  }
  const estimate = usable(known.estimate);
  const broker = usable(known.broker);
  if (estimate === null && broker === null) return withoutFigures(known, order.isRiskReducing);
  if (estimate === null && broker === 0) return byNothing(order.isRiskReducing);
  const basis = (broker ?? -1) >= (estimate ?? -1) ? 'broker' : 'estimate';
  const larger = Math.max(estimate ?? 0, broker ?? 0);
  // Rounded first: 5 % of whole paise is whole in decimals, not always in binary.
  const requiredPaise = Math.ceil(Number((larger * (1 + bufferShare)).toFixed(4)));
  const buffer = `${Number((100 * bufferShare).toFixed(2))} %`;
  const other = estimate === null ? ', no estimate' : broker === null ? ', no broker figure' : '';
  const name = basis === 'broker' ? "the broker's figure" : 'the local estimate';
  return {
    isAllowed: true,
    requiredPaise,
    basis,
    reason: `margin by ${name} plus ${buffer}${other}`,
  };
}

function withoutFigures(known: KnownMargins, isRiskReducing: boolean): PreTradeMargin {
  const isRefused = known.estimate !== null || known.broker !== null;
  const why = isRefused ? 'the margin figures are absurd' : 'no margin is known';
  const reason = isRiskReducing
    ? `${why}: allowed, because it reduces risk`
    : `${why}, neither the broker's nor an estimate: only orders that reduce risk are sent`;
  return { isAllowed: isRiskReducing, requiredPaise: null, basis: 'none', reason };
}

/** Brokers say 0 of what they have not understood, too: alone it proves nothing. */
function byNothing(isRiskReducing: boolean): PreTradeMargin {
  const why = "the broker's margin is 0, and there is no estimate beside it";
  const reason = isRiskReducing
    ? `${why}: allowed, because it reduces risk`
    : `${why}: only orders that reduce risk are sent`;
  return { isAllowed: isRiskReducing, requiredPaise: null, basis: 'none', reason };
}

/** A margin, or null for what cannot be one: negative, no number, a sentinel. */
function usable(paise: number | null): number | null {
  return paise !== null && paise >= 0 && paise <= paiseMax ? paise : null;
}
