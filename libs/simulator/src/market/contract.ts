import type { OptionType } from '@strikewire/contracts';
import type { Board } from './trading-time';
import type { Underlying } from './underlying';

/** Where a contract is listed. Ids are unique within a market place only. */
export type Place = 'INDEX' | 'NSE_CASH' | 'NSE_FO' | 'BSE_FO' | 'MCX_FO';

/**
 * How alive a contract is: `live` trades; `untraded` has open interest and a book, but no trade
 * today; `bookOnly` has a book and never traded; `dead` is listed and nothing else.
 */
export type Life = 'live' | 'untraded' | 'bookOnly' | 'dead';

export const depthLevels = 5;
/** Numbers per depth level: bid and ask quantity, bid and ask orders, bid and ask in paise. */
export const depthFields = 6;

/** What the exchange would say of a contract now. Prices in paise, quantities in units. */
export interface Quote {
  /** 0 when it never traded. */
  ltpPaise: number;
  lastQuantity: number;
  /** Epoch ms of the last trade of today; 0 when there was none. */
  tradeMs: number;
  volume: number;
  previousVolume: number;
  averagePaise: number;
  oi: number;
  oiHigh: number;
  oiLow: number;
  previousOi: number;
  openPaise: number;
  highPaise: number;
  lowPaise: number;
  /** Of the previous session. */
  closePaise: number;
  buyQuantity: number;
  sellQuantity: number;
  /** `depthLevels` × `depthFields`, best level first; all zero where there is no order. */
  depth: Int32Array;
}

/** A listed thing with its current truth; made on the first look at it. */
export interface Contract extends Quote {
  readonly place: Place;
  readonly id: number;
  readonly kind: 'index' | 'cash' | 'future' | 'option';
  readonly board: Board;
  readonly underlying: Underlying;
  /** Of futures and options; else undefined. */
  readonly expiry: string | undefined;
  /** When it ends, and when what its price is the forward to does, epoch ms; 0: never. */
  readonly expiryMs: number;
  readonly forwardMs: number;
  /** 0 unless an option. */
  readonly strikePaise: number;
  readonly type: OptionType | undefined;
  readonly lot: number;
  readonly tickPaise: number;
  readonly life: Life;
  /** 0 to 1. */
  readonly liquidity: number;
  /** Stands for the contract in seeded noise. */
  readonly noise: number;
  /** How many look at it continuously; while there are any, only ticks change it. */
  watchers: number;
  /** The trading day (India) that the figures belong to. */
  day: string;
  /** Start of the last period for which the book was drawn without a watcher, epoch ms. */
  bookMs: number;
}

export function emptyQuote(): Quote {
  return {
    ltpPaise: 0, lastQuantity: 0, tradeMs: 0, volume: 0, previousVolume: 0, averagePaise: 0,
    oi: 0, oiHigh: 0, oiLow: 0, previousOi: 0,
    openPaise: 0, highPaise: 0, lowPaise: 0, closePaise: 0, buyQuantity: 0, sellQuantity: 0,
    depth: new Int32Array(depthLevels * depthFields),
  };
}
