import type { UnderlyingSpec } from '../underlying';

const tuesday = 2;
const thursday = 4;

const index = { kind: 'index', farStep: 1, nearReach: 0.12, reach: 0.25 } as const;

/** The indices; lot sizes and levels as seen in 2026. */
export const indices: readonly UnderlyingSpec[] = [
  {
    ...index, symbol: 'NIFTY', name: 'Nifty 50', exchange: 'NSE', id: 13,
    spot: 24_500, lot: 65, step: 50, vol: 0.12, liquidity: 1,
    expiries: { weekday: tuesday, weeklies: 5, monthlies: 3, quarterlies: 4, halfYearlies: 10 },
  },
  {
    ...index, symbol: 'BANKNIFTY', name: 'Nifty Bank', exchange: 'NSE', id: 25,
    spot: 55_600, lot: 30, step: 100, farStep: 5, vol: 0.14, liquidity: 0.9,
    expiries: { weekday: tuesday, weeklies: 0, monthlies: 3, quarterlies: 4, halfYearlies: 0 },
  },
  {
    ...index, symbol: 'FINNIFTY', name: 'Nifty Fin Service', exchange: 'NSE', id: 27,
    spot: 26_400, lot: 60, step: 50, farStep: 2, vol: 0.14, liquidity: 0.4,
    expiries: { weekday: tuesday, weeklies: 0, monthlies: 3, quarterlies: 0, halfYearlies: 0 },
  },
  {
    ...index, symbol: 'MIDCPNIFTY', name: 'Nifty Midcap Select', exchange: 'NSE', id: 442,
    spot: 13_100, lot: 120, step: 25, farStep: 4, vol: 0.17, liquidity: 0.4,
    expiries: { weekday: tuesday, weeklies: 0, monthlies: 3, quarterlies: 0, halfYearlies: 0 },
  },
  {
    ...index, symbol: 'SENSEX', name: 'BSE Sensex', exchange: 'BSE', id: 51,
    spot: 80_200, lot: 20, step: 100, farStep: 5, vol: 0.12, liquidity: 0.95,
    expiries: { weekday: thursday, weeklies: 5, monthlies: 3, quarterlies: 4, halfYearlies: 10 },
  },
  {
    ...index, symbol: 'BANKEX', name: 'BSE Bankex', exchange: 'BSE', id: 69,
    spot: 62_300, lot: 30, step: 100, farStep: 5, vol: 0.14, liquidity: 0.3,
    expiries: { weekday: thursday, weeklies: 0, monthlies: 3, quarterlies: 4, halfYearlies: 0 },
  },
  {
    ...index, symbol: 'INDIA VIX', name: 'India VIX', exchange: 'NSE', id: 21,
    spot: 13.4, lot: 1, step: 1, vol: 0.9, liquidity: 0.3,
  },
];
