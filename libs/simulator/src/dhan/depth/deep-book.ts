import { depthFields, type Contract } from '../../market/contract';
import { chance } from '../../market/noise';

/** Levels per side that the depth socket tells. */
export const deepLevels = 20;

/** One level: paise, units, orders; zeros where there is no order. */
export interface DeepLevel {
  pricePaise: number;
  quantity: number;
  orders: number;
}

const nobody: DeepLevel = { pricePaise: 0, quantity: 0, orders: 0 };
/** Where a side's quantity, orders and price lie within a level of a contract's depth. */
const fieldsOf = { bid: [0, 2, 4], ask: [1, 3, 5] } as const;
const shownLevels = 5;

/**
 * A side of a contract's book: the first five levels are those of the market feed, the rest goes on
 * from there. The same five levels always have the same rest.
 */
export function deepSide(contract: Contract, side: 'bid' | 'ask'): DeepLevel[] {
  const [quantity, orders, price] = fieldsOf[side];
  const at = (level: number, field: number): number =>
    contract.depth[level * depthFields + field] ?? 0;
  const shown = Array.from({ length: shownLevels }, (_, level): DeepLevel => ({
    pricePaise: at(level, price), quantity: at(level, quantity), orders: at(level, orders),
  }));
  const [before, last] = [shown.at(-2) ?? nobody, shown.at(-1) ?? nobody];
  const step = last.pricePaise - before.pricePaise;
  const rest = Array.from({ length: deepLevels - shownLevels }, (_, index): DeepLevel => {
    const pricePaise = last.pricePaise + step * (index + 1);
    if (last.pricePaise === 0 || pricePaise <= 0) return nobody;
    const lots = 1 + Math.floor(chance(contract.noise, pricePaise, index) * 40);
    return { pricePaise, quantity: lots * contract.lot, orders: 1 + Math.floor(lots / 3) };
  });
  return [...shown, ...rest];
}
