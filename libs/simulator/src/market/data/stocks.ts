import type { StrikeOddity, UnderlyingSpec } from '../underlying';
import { chance } from '../noise';
import { stocksAToI } from './stocks-a-to-i';
import { stocksJToZ } from './stocks-j-to-z';

const tuesday = 2;
const expiries = { weekday: tuesday, weeklies: 0, monthlies: 3, quarterlies: 0, halfYearlies: 0 };

const oddities: Readonly<Record<string, StrikeOddity>> = { JINDALSTEL: 'adjusted', PAGEIND: 'few' };

/** The busiest shares; all others follow with less. */
const busy = new Set([
  'RELIANCE', 'HDFCBANK', 'ICICIBANK', 'SBIN', 'INFY', 'TCS', 'AXISBANK', 'TATAMOTORS', 'BSE',
  'BAJFINANCE', 'BHARTIARTL', 'LT', 'M&M', 'KOTAKBANK', 'TATASTEEL', 'ITC', 'ADANIENT', 'HAL',
]);

/** NSE shares with futures and options. Levels and lots are of the right size, not of a day. */
export const stocks: readonly UnderlyingSpec[] = `${stocksAToI}${stocksJToZ}`
  .split('\n')
  .filter((line) => line !== '')
  .map(stockOf);

function stockOf(line: string): UnderlyingSpec {
  const [symbol = '', id, spot, step, lot, ...name] = line.split(' ');
  const oddity = oddities[symbol];
  return {
    symbol,
    name: name.join(' '),
    exchange: 'NSE',
    kind: 'stock',
    id: Number(id),
    spot: Number(spot),
    lot: Number(lot),
    step: Number(step),
    farStep: 2,
    nearReach: 0.16,
    reach: 0.35,
    vol: 0.2 + 0.18 * chance(Number(id), 31),
    liquidity: busy.has(symbol) ? 0.35 : 0.05 + 0.15 * chance(Number(id), 32),
    expiries,
    ...(oddity && { oddity }),
  };
}
