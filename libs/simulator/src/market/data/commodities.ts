import type { UnderlyingSpec } from '../underlying';

const everyMonth = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
const evenMonths = [2, 4, 6, 8, 10, 12];
const energy = { months: everyMonth, leadDays: 2, count: 3 };
const metal = { day: 31, months: everyMonth, leadDays: 5, count: 3 };
const bullion = { day: 5, months: everyMonth, leadDays: 4, count: 3 };

/** Quantities at MCX are in lots, so a lot is 1. */
const commodity = { kind: 'commodity', exchange: 'MCX', lot: 1, farStep: 2 } as const;

/**
 * MCX commodities with listed options. Ids are those that chains are asked for by, as seen in
 * 2026, but zinc's, which is made up; levels, steps and days are of the right size, not of a day.
 */
export const commodities: readonly UnderlyingSpec[] = [
  {
    ...commodity, symbol: 'CRUDEOIL', name: 'Crude Oil', id: 294,
    spot: 5_850, step: 50, nearReach: 0.2, reach: 0.4, vol: 0.36, liquidity: 0.6,
    ticks: { futurePaise: 100, optionPaise: 10 }, expiries: { ...energy, day: 19 },
  },
  {
    ...commodity, symbol: 'CRUDEOILM', name: 'Crude Oil Mini', id: 556,
    spot: 5_850, step: 50, nearReach: 0.2, reach: 0.4, vol: 0.36, liquidity: 0.4,
    ticks: { futurePaise: 100, optionPaise: 10 }, expiries: { ...energy, day: 19 },
  },
  {
    ...commodity, symbol: 'NATURALGAS', name: 'Natural Gas', id: 401,
    spot: 312, step: 5, nearReach: 0.25, reach: 0.5, vol: 0.55, liquidity: 0.55,
    ticks: { futurePaise: 10, optionPaise: 5 }, expiries: { ...energy, day: 25 },
  },
  {
    ...commodity, symbol: 'NATGASMINI', name: 'Natural Gas Mini', id: 596,
    spot: 312, step: 5, nearReach: 0.25, reach: 0.5, vol: 0.55, liquidity: 0.35,
    ticks: { futurePaise: 10, optionPaise: 5 }, expiries: { ...energy, day: 25 },
  },
  {
    ...commodity, symbol: 'GOLD', name: 'Gold', id: 114,
    spot: 152_400, step: 500, nearReach: 0.08, reach: 0.16, vol: 0.17, liquidity: 0.45,
    ticks: { futurePaise: 100, optionPaise: 50 },
    expiries: { ...bullion, months: evenMonths },
  },
  {
    ...commodity, symbol: 'GOLDM', name: 'Gold Mini', id: 117,
    spot: 152_100, step: 500, nearReach: 0.08, reach: 0.16, vol: 0.17, liquidity: 0.4,
    ticks: { futurePaise: 100, optionPaise: 50 }, expiries: bullion,
  },
  {
    ...commodity, symbol: 'SILVER', name: 'Silver', id: 115,
    spot: 236_500, step: 500, farStep: 4, nearReach: 0.08, reach: 0.2, vol: 0.3, liquidity: 0.45,
    ticks: { futurePaise: 100, optionPaise: 50 },
    expiries: { ...bullion, months: [3, 5, 7, 9, 12] },
  },
  {
    ...commodity, symbol: 'SILVERM', name: 'Silver Mini', id: 122,
    spot: 236_200, step: 500, farStep: 4, nearReach: 0.08, reach: 0.2, vol: 0.3, liquidity: 0.4,
    ticks: { futurePaise: 100, optionPaise: 50 },
    expiries: { ...metal, months: [2, 4, 6, 8, 11] },
  },
  {
    ...commodity, symbol: 'COPPER', name: 'Copper', id: 152,
    spot: 1_012, step: 5, nearReach: 0.08, reach: 0.16, vol: 0.22, liquidity: 0.25,
    ticks: { futurePaise: 5, optionPaise: 1 }, expiries: metal,
  },
  {
    ...commodity, symbol: 'ZINC', name: 'Zinc', id: 213,
    spot: 304, step: 2.5, nearReach: 0.1, reach: 0.2, vol: 0.2, liquidity: 0.2,
    ticks: { futurePaise: 5, optionPaise: 1 }, expiries: metal,
  },
];
