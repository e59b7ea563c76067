import { depthFields, depthLevels, type Contract, type Place } from '../market/contract';
import type { Market } from '../market/market';

/** Rupees, exact to the tick; quantities in units. */
export interface TrueContract {
  segment: string;
  securityId: number;
  ltp: number;
  bid: number;
  ask: number;
  bidQty: number;
  askQty: number;
  volume: number;
  oi: number;
  previousOi: number;
  open: number;
  high: number;
  low: number;
  /** Previous session's close. */
  close: number;
  /** Epoch ms; 0 when there was no trade today. */
  tradeTime: number;
  /** Five levels, best first; zeros where there is no order. */
  depth: { bid: number; bidQty: number; bidOrders: number;
    ask: number; askQty: number; askOrders: number }[];
}

/** A chain as it is: each listed strike with both legs. Rupees. */
export interface TrueChain {
  underlying: string;
  expiry: string;
  spot: { segment: string; securityId: number; ltp: number; close: number; tradeTime: number };
  strikes: { strike: number; CE: TrueContract; PE: TrueContract }[];
}

/** What derivatives are listed on, with its level in rupees and its option expiries. */
export interface TrueUnderlying {
  symbol: string;
  exchange: string;
  kind: 'index' | 'stock' | 'commodity';
  /** Of what its level is the price of: of a commodity the nearest future. */
  segment: string;
  securityId: number;
  lot: number;
  ltp: number;
  expiries: readonly string[];
}

/** What really is, at this instant, whatever was sent to anybody. */
export interface Truth {
  contract(segment: string, securityId: number): TrueContract | undefined;
  chain(underlying: string, expiry: string): TrueChain | undefined;
  underlyings(): TrueUnderlying[];
}

/** The face's own words for places, in which the truth is asked for and told. */
export interface SegmentWords {
  placeOf(segment: string): Place | undefined;
  wordFor(place: Place): string;
}

export function createTruth(market: Market, words: SegmentWords): Truth {
  const trueContract = (contract: Contract): TrueContract => contractTruth(contract, words);
  return {
    contract(segment, securityId) {
      const place = words.placeOf(segment);
      const contract = place && market.look(place, securityId);
      return contract && trueContract(contract);
    },
    chain(symbol, expiry) {
      const underlying = market.underlying(symbol);
      const chain = underlying && market.chain(underlying, expiry);
      if (!chain) return undefined;
      const { segment, securityId, ltp, close, tradeTime } =
        trueContract(market.lookSpot(chain.underlying));
      return {
        underlying: symbol,
        expiry,
        spot: { segment, securityId, ltp, close, tradeTime },
        strikes: chain.strikesPaise.map((strikePaise, index) => ({
          strike: strikePaise / 100,
          CE: trueContract(market.lookLeg(chain, 2 * index)),
          PE: trueContract(market.lookLeg(chain, 2 * index + 1)),
        })),
      };
    },
    underlyings: () => market.underlyings.map((underlying) => {
      const spot = market.lookSpot(underlying);
      return {
        symbol: underlying.symbol,
        exchange: underlying.exchange,
        kind: underlying.kind,
        segment: words.wordFor(spot.place),
        securityId: spot.id,
        lot: underlying.lot,
        ltp: spot.ltpPaise / 100,
        expiries: market.expiries(underlying),
      };
    }),
  };
}

function contractTruth(contract: Contract, words: SegmentWords): TrueContract {
  const depth = Array.from({ length: depthLevels }, (_, level) => levelOf(contract, level));
  const [best] = depth;
  return {
    segment: words.wordFor(contract.place),
    securityId: contract.id,
    ltp: contract.ltpPaise / 100,
    bid: best?.bid ?? 0,
    ask: best?.ask ?? 0,
    bidQty: best?.bidQty ?? 0,
    askQty: best?.askQty ?? 0,
    volume: contract.volume,
    oi: contract.oi,
    previousOi: contract.previousOi,
    open: contract.openPaise / 100,
    high: contract.highPaise / 100,
    low: contract.lowPaise / 100,
    close: contract.closePaise / 100,
    tradeTime: contract.tradeMs,
    depth,
  };
}

function levelOf({ depth }: Contract, level: number): TrueContract['depth'][number] {
  const field = (offset: number): number => depth[level * depthFields + offset] ?? 0;
  return {
    bid: field(4) / 100, bidQty: field(0), bidOrders: field(2),
    ask: field(5) / 100, askQty: field(1), askOrders: field(3),
  };
}
