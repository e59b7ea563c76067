/**
 * Integer arithmetic on money. Products of prices, quantities and rates pass what a double holds
 * exactly, so they are made as bigint; results are paise as numbers again.
 */

/** `value × numerator ÷ denominator`, halves away from zero. */
export function mulDivRound(value: number, numerator: number, denominator: number): number {
  const product = BigInt(value) * BigInt(numerator);
  const by = BigInt(denominator);
  const size = product < 0n ? -product : product;
  const rounded = (2n * size + by) / (2n * by);
  return Number(product < 0n ? -rounded : rounded);
}

/** Up or down to a whole multiple of `step`, halves up; of nothing below zero. */
export function roundTo(value: number, step: number): number {
  return mulDivRound(value, 1, step) * step;
}
