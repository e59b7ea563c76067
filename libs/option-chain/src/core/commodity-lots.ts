import type { Exchange } from '@strikewire/contracts';

/**
 * How many units of its price a lot of a commodity has: GOLD is priced per 10 g and a lot is a
 * kilogram, so a lot is 100 of them, and a move of one rupee is ₹100. Brokers tell lots of 1, and
 * MCX counts what is traded and offered in lots, so that it has to come from elsewhere: the lists
 * of lots of two brokers' sites (of 2026, one of them support.zerodha.com on commodity options),
 * with the units that MCX quotes in. All commodities whose options are listed are here.
 */
const unitsOfLot: Readonly<Record<string, number>> = {
  // Barrels.
  CRUDEOIL: 100,
  CRUDEOILM: 10,
  // mmBtu.
  NATURALGAS: 1_250,
  NATGASMINI: 250,
  // Of 10 grams: a kilogram, and 100 grams.
  GOLD: 100,
  GOLDM: 10,
  // Kilograms.
  SILVER: 30,
  SILVERM: 5,
  COPPER: 2_500,
  ZINC: 5_000,
};

/** What one order of a contract is made of. */
export interface LotSizes {
  /** Units. */
  lotSize: number;
  /** Units; null: not told. */
  freezeQuantity: number | null;
}

/**
 * Units that a quantity of 1 in the exchange's market data stands for: a lot at MCX, else one unit.
 * Undefined: a commodity whose lot is not known.
 */
export function unitsOfOne(exchange: Exchange, symbol: string): number | undefined {
  if (exchange !== 'MCX') return 1;
  return Object.hasOwn(unitsOfLot, symbol) ? unitsOfLot[symbol] : undefined;
}

/**
 * What a broker tells of lots, in units; what is in units already stays. Undefined: a commodity
 * whose lot is not known, of which nothing is guessed.
 */
export function inUnits(
  { exchange, symbol }: { exchange: Exchange; symbol: string },
  told: LotSizes,
): LotSizes | undefined {
  const units = unitsOfOne(exchange, symbol);
  if (units === undefined) return undefined;
  if (exchange !== 'MCX' || told.lotSize === units) return told;
  const { freezeQuantity } = told;
  const factor = units / told.lotSize;
  return { lotSize: units, freezeQuantity: freezeQuantity && Math.round(freezeQuantity * factor) };
}
