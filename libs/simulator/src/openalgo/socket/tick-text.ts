import { depthFields, depthLevels, type Contract } from '../../market/contract';
import { brokerBehind } from '../answers';
import type { OpenalgoMode } from './client-message';

/** Where a contract is told of, and when. */
export interface TickPlace {
  symbol: string;
  exchange: string;
  nowMs: number;
  skewMs: number;
}

// Written out: figures are finite numbers, names have nothing to escape, and objects for them
// would cost several times as much.

/** What is told of a contract: more in a higher mode. */
export function tickData(contract: Contract, mode: OpenalgoMode, place: TickPlace): string {
  const { nowMs, skewMs } = place;
  const { tradeMs, ltpPaise } = contract;
  const ltt = tradeMs && Math.floor(tradeMs + skewMs);
  const day = mode > 1 ? dayFields(contract) : '';
  const depth = mode === 3 && contract.kind !== 'index' ? depthFieldsOf(contract) : '';
  return `{${placeFields(place)},"timestamp":${Math.floor(nowMs + skewMs)},"mode":${mode},` +
    `"ltp":${rupeesText(ltpPaise)},"ltt":${ltt}${day}${depth}}`;
}

/** A message; `mode` is what its reader asked for, even where the data are of a higher one. */
export function tickMessage(mode: OpenalgoMode, place: TickPlace, data: string): string {
  return `{"type":"market_data",${placeFields(place)},"mode":${mode},` +
    `"broker":"${brokerBehind}","data":${data}}`;
}

function placeFields({ symbol, exchange }: TickPlace): string {
  return `"symbol":"${symbol}","exchange":"${exchange}"`;
}

function dayFields(contract: Contract): string {
  const { volume, lastQuantity, buyQuantity, sellQuantity } = contract;
  return `,"volume":${volume},"open":${rupeesText(contract.openPaise)}` +
    `,"high":${rupeesText(contract.highPaise)},"low":${rupeesText(contract.lowPaise)}` +
    `,"close":${rupeesText(contract.closePaise)},"last_quantity":${lastQuantity}` +
    `,"average_price":${rupeesText(Math.round(contract.averagePaise))}` +
    `,"total_buy_quantity":${buyQuantity},"total_sell_quantity":${sellQuantity}`;
}

function depthFieldsOf(contract: Contract): string {
  const { oi, oiHigh, oiLow } = contract;
  return `,"oi":${oi},"oi_high":${oiHigh},"oi_low":${oiLow}` +
    `,"depth":{"buy":[${sideOf(contract, 0)}],"sell":[${sideOf(contract, 1)}]}` +
    `,"depth_level":${depthLevels}`;
}

/** `side`: 0 buys, 1 sells. */
function sideOf({ depth }: Contract, side: 0 | 1): string {
  let levels = '';
  for (let level = 0; level < depthLevels; level++) {
    const at = level * depthFields + side;
    levels += `${level > 0 ? ',' : ''}{"price":${rupeesText(depth[at + 4] ?? 0)}` +
      `,"quantity":${depth[at] ?? 0},"orders":${depth[at + 2] ?? 0}}`;
  }
  return levels;
}

/** Whole paise in rupees, as JSON has the number: ten times faster than by dividing. */
export function rupeesText(paise: number): string {
  const rupees = Math.floor(paise / 100);
  const rest = paise - 100 * rupees;
  if (rest === 0) return `${rupees}`;
  if (rest % 10 === 0) return `${rupees}.${rest / 10}`;
  return rest < 10 ? `${rupees}.0${rest}` : `${rupees}.${rest}`;
}
