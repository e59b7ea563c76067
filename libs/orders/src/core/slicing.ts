import { StrikewireError } from '@strikewire/runtime';
import { isAmount } from './book';

/** Orders that one quantity may be cut into, unless the caller says another number. */
export const slicesMaxDefault = 50;

/** What a quantity is cut by; units. */
export interface SliceTerms {
  lotSize: number;
  /** Most units of one order; null: there is no limit. */
  freezeQuantity: number | null;
  slicesMax?: number;
}

/** The most that one order may have: whole lots. NIFTY's 1756 are 1755, 27 lots of 65. */
export function sliceCap({ lotSize, freezeQuantity }: SliceTerms): number {
  if (freezeQuantity === null) return Number.MAX_SAFE_INTEGER;
  return Math.floor(freezeQuantity / lotSize) * lotSize;
}

/**
 * Cuts a quantity into orders that the exchange does not freeze: full ones, then the rest.
 * @throws StrikewireError `invalid` when it is no whole number of lots, when not even one lot is
 * allowed, or when there would be too many orders.
 */
export function sliceQuantity(quantity: number, terms: SliceTerms): number[] {
  const { lotSize, slicesMax = slicesMaxDefault } = terms;
  if (!isAmount(quantity) || !isAmount(lotSize) || quantity % lotSize !== 0) {
    throw invalid('lot_multiple', `quantity was ${quantity}, needs a multiple of ${lotSize}`);
  }
  const cap = sliceCap(terms);
  if (!(cap > 0)) {
    const found = `one order may have ${terms.freezeQuantity} units`;
    throw invalid('freeze_below_lot', `${found}, a lot has ${lotSize}`);
  }
  const count = Math.ceil(quantity / cap);
  if (count > slicesMax) {
    const found = `${quantity} units would be ${count} orders of ${cap} at the most`;
    throw invalid('too_many_slices', `${found}, needs ${slicesMax} or fewer`);
  }
  const slices = new Array<number>(count).fill(cap);
  slices[count - 1] = quantity - cap * (count - 1);
  return slices;
}

function invalid(code: string, message: string): StrikewireError {
  return new StrikewireError({ kind: 'invalid', code, message });
}
