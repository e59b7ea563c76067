import { field, type QuoteStore } from '@strikewire/market-data';

/** What a table shows of one leg. NaN: the market has not said. Prices in paise, the rest units. */
export interface LegFigures {
  ltpPaise: number;
  /** LTP less the previous close. */
  changePaise: number;
  /** The same in percent of the close. */
  changePercent: number;
  bidPaise: number;
  askPaise: number;
  bidQty: number;
  askQty: number;
  volume: number;
  oi: number;
  oiChange: number;
  /** As the platform computes them: IV in percent, theta a calendar day, vega and rho a point. */
  iv: number;
  delta: number;
  gamma: number;
  theta: number;
  vega: number;
  rho: number;
  /** Broker's IV in percent, its delta, and when it computed them (epoch ms, 0: never). */
  brokerIv: number;
  brokerDelta: number;
  brokerAtMs: number;
  /** When the leg was last touched, server's epoch ms; 0 when never. */
  receivedMs: number;
}

/** An empty record for `readLeg` to fill, so that reading a table makes no objects. */
export function emptyLegFigures(): LegFigures {
  return {
    ltpPaise: NaN,
    changePaise: NaN,
    changePercent: NaN,
    bidPaise: NaN,
    askPaise: NaN,
    bidQty: NaN,
    askQty: NaN,
    volume: NaN,
    oi: NaN,
    oiChange: NaN,
    iv: NaN,
    delta: NaN,
    gamma: NaN,
    theta: NaN,
    vega: NaN,
    rho: NaN,
    brokerIv: NaN,
    brokerDelta: NaN,
    brokerAtMs: 0,
    receivedMs: 0,
  };
}

/** Fills `into` with the figures of a row. */
export function readLeg(store: QuoteStore, row: number, into: LegFigures): LegFigures {
  const known = store.known[row]!;
  const hasTop = (known & (field.top | field.depth)) !== 0;
  const hasClose = (known & field.close) !== 0 && store.closePaise[row]! > 0;
  into.ltpPaise = (known & field.ltp) !== 0 ? store.ltpPaise[row]! : NaN;
  into.changePaise = hasClose ? into.ltpPaise - store.closePaise[row]! : NaN;
  into.changePercent = (into.changePaise / store.closePaise[row]!) * 100;
  into.bidPaise = hasTop ? store.bestBidPaise(row) : NaN;
  into.askPaise = hasTop ? store.bestAskPaise(row) : NaN;
  into.bidQty = hasTop ? store.bestBidQty(row) : NaN;
  into.askQty = hasTop ? store.bestAskQty(row) : NaN;
  into.volume = (known & field.volume) !== 0 ? store.volume[row]! : NaN;
  into.oi = (known & field.oi) !== 0 ? store.oi[row]! : NaN;
  into.oiChange = (known & field.previousOi) !== 0 ? into.oi - store.previousOi[row]! : NaN;
  into.iv = store.iv[row]!;
  into.delta = store.delta[row]!;
  into.gamma = store.gamma[row]!;
  into.theta = store.theta[row]!;
  into.vega = store.vega[row]!;
  into.rho = store.rho[row]!;
  const hasGreeks = (known & field.brokerGreeks) !== 0;
  into.brokerIv = hasGreeks ? store.brokerGreeks[row * 6]! : NaN;
  into.brokerDelta = hasGreeks ? store.brokerGreeks[row * 6 + 1]! : NaN;
  into.brokerAtMs = hasGreeks ? store.brokerGreeksAtMs[row]! : 0;
  into.receivedMs = store.receivedMs[row]!;
  return into;
}

/** Totals over the chain's window, in units; what is not known counts as nothing. */
export interface ChainSums {
  ceOi: number;
  peOi: number;
  ceVolume: number;
  peVolume: number;
  /** Largest OI of any leg. */
  oiMax: number;
  /** Put OI over call OI; NaN without call OI. */
  pcrOi: number;
  /** The newest touch of any leg, server's epoch ms; 0 when none. */
  newestMs: number;
}

/** Adds up a chain; a few hundred rows take some microseconds. */
export function sumChain(store: QuoteStore): ChainSums {
  const oi: [number, number] = [0, 0];
  const volume: [number, number] = [0, 0];
  let oiMax = 0;
  let newestMs = 0;
  for (let row = 0; row < store.capacity; row++) {
    const side = (row % 2) as 0 | 1;
    if (store.knows(row, field.oi)) oi[side] += store.oi[row]!;
    if (store.knows(row, field.volume)) volume[side] += store.volume[row]!;
    oiMax = Math.max(oiMax, store.oi[row]!);
    newestMs = Math.max(newestMs, store.receivedMs[row]!);
  }
  return {
    ceOi: oi[0],
    peOi: oi[1],
    ceVolume: volume[0],
    peVolume: volume[1],
    oiMax,
    pcrOi: oi[0] > 0 ? oi[1] / oi[0] : NaN,
    newestMs,
  };
}
