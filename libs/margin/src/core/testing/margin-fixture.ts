import { futureKey, indiaInstant, optionKey, type OptionType } from '@strikewire/contracts';
import type { MarginInputs, MarginUnderlying } from '../estimate-margin';
import type { MarginPosition } from '../margin-position';

/** The day of the published example: 2026-05-29 at noon in India, NIFTY spot 23,547.75. */
export const exampleMs = indiaInstant('2026-05-29', 720);
export const june = '2026-06-30';
export const july = '2026-07-28';
export const lot = 65;

const NSE = 'NSE';

/** A line of NIFTY options; prices in rupees. */
export function option(
  type: OptionType,
  strike: number,
  quantity: number,
  [price, expiry = june]: readonly [number, string?],
): MarginPosition {
  const strikePaise = Math.round(strike * 100);
  const ref = { exchange: NSE, symbol: 'NIFTY', expiry, strikePaise, type } as const;
  return {
    ...line(optionKey(ref), expiry, quantity, price),
    kind: type,
    strikePaise,
  };
}

/** A line of NIFTY futures; price in rupees. */
export function future(quantity: number, price = 23_748.5, expiry = june): MarginPosition {
  const key = futureKey({ exchange: NSE, symbol: 'NIFTY', expiry });
  return { ...line(key, expiry, quantity, price), kind: 'FUT', strikePaise: 0 };
}

/** Figures of NIFTY as an index. */
export function nifty(change: Partial<MarginUnderlying> = {}): MarginUnderlying {
  return {
    class: 'index',
    spotPaise: 2_354_775,
    previousClosePaise: null,
    dailyVolatility: null,
    isIlliquid: false,
    ...change,
  };
}

/** Inputs of the example day. */
export function inputs(change: Partial<MarginInputs> = {}): MarginInputs {
  return {
    asOfMs: exampleMs,
    underlyings: new Map([['NSE:NIFTY', nifty()]]),
    files: [],
    ...change,
  };
}

function line(
  key: string,
  expiry: string,
  quantity: number,
  price: number,
): Omit<MarginPosition, 'kind' | 'strikePaise'> {
  return {
    key,
    exchange: NSE,
    underlying: 'NIFTY',
    expiry,
    expiryMs: indiaInstant(expiry, 940),
    quantity,
    pricePaise: Math.round(price * 100),
    iv: null,
  };
}

/** Bytes in pieces, as a file or an answer delivers them. */
export async function* piecesOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    await Promise.resolve();
    yield bytes.slice(at, at + size);
  }
}
