import type { OptionType } from '@strikewire/contracts';
import type { Contract, Place } from './contract';
import { daysBetween } from './dates';
import { createFutures, type FutureListing } from './futures';
import { listCommodityExpiries, listDeliveries, listExpiries, optionEnd } from './expiries';
import { boardOf, businessDaysOf, placeOf } from './places';
import { listStrikes } from './strikes';
import type { TradingTime } from './trading-time';
import type { Underlying } from './underlying';

/** The options of one underlying and expiry; ids run on from `firstId`: CE, PE, next strike. */
export interface Chain {
  readonly underlying: Underlying;
  readonly expiry: string;
  /** When they end, and when what their forward is does: a commodity's future. Epoch ms. */
  readonly expiryMs: number;
  readonly forwardMs: number;
  readonly place: Place;
  readonly firstId: number;
  /** Days from listing to expiry, and the rank among the expiries then; both fix what is alive. */
  readonly daysListed: number;
  readonly rank: number;
  readonly strikesPaise: readonly number[];
  /** Contracts looked at so far, by position: 2 × strike index, + 1 for a put. */
  readonly legs: (Contract | undefined)[];
}

/** What is listed, with stable ids: they are given in the order of listing, which repeats. */
export interface Listing {
  /** Expiries from `today` on, or the override. */
  expiries(underlying: Underlying, today: string): readonly string[];
  /** The chain of a listed expiry; made and given ids when it is new. */
  chain(underlying: Underlying, expiry: string, today: string): Chain;
  /** The option with this id. */
  leg(place: Place, id: number): { chain: Chain; position: number } | undefined;
  futures(): readonly FutureListing[];
  future(place: Place, id: number): FutureListing | undefined;
  /** Of those not expired on a day the first; undefined where there is none. */
  nearestFuture(underlying: Underlying, today: string): FutureListing | undefined;
  /** Replaces an underlying's expiry list; undefined takes the replacement back. */
  override(symbol: string, expiries: readonly string[] | undefined): void;
  /** Lists whatever is new on a day; called once for each trading day. */
  openDay(today: string): void;
}

/** First ids at each place, in the region where the exchanges' own ids lie. */
const firstOptionId: Partial<Record<Place, number>> = {
  NSE_FO: 35_001, BSE_FO: 820_001, MCX_FO: 570_001,
};
/** A chain starts at a multiple of this, so that listing one strike more moves few ids. */
const idStep = 100;

export function createListing(underlyings: readonly Underlying[], time: TradingTime): Listing {
  const overrides = new Map<string, readonly string[]>();
  const chains = new Map<string, Chain>();
  const blocks: Partial<Record<Place, Chain[]>> = { NSE_FO: [], BSE_FO: [], MCX_FO: [] };
  const nextId = { ...firstOptionId };
  const futures = createFutures(time);
  const days = createDays(time);

  const expiries: Listing['expiries'] = (underlying, today) => {
    return overrides.get(underlying.symbol) ?? days.expiries(underlying, today);
  };
  const chain: Listing['chain'] = (underlying, expiry, today) => {
    const key = `${underlying.symbol} ${expiry}`;
    const known = chains.get(key);
    if (known) return known;
    const place = placeOf(underlying);
    const rank = Math.max(0, expiries(underlying, today).indexOf(expiry));
    const daysListed = Math.max(0, daysBetween(today, expiry));
    const strikesPaise = listStrikes(underlying, rank, daysListed);
    const firstId = nextId[place] ?? 1;
    nextId[place] = firstId + Math.ceil((2 * strikesPaise.length) / idStep) * idStep;
    const made: Chain = {
      underlying, expiry, ...days.ends(underlying, expiry),
      place, firstId, daysListed, rank, strikesPaise,
      legs: new Array<Contract | undefined>(2 * strikesPaise.length),
    };
    chains.set(key, made);
    blocks[place]?.push(made);
    return made;
  };
  return {
    expiries,
    chain,
    leg(place, id) {
      const found = lastStartingBy(blocks[place] ?? [], id);
      const position = found ? id - found.firstId : -1;
      if (!found || position >= 2 * found.strikesPaise.length) return undefined;
      return { chain: found, position };
    },
    futures: futures.all,
    future: futures.find,
    nearestFuture: futures.nearest,
    override(symbol, replacement) {
      if (replacement) overrides.set(symbol, replacement);
      else overrides.delete(symbol);
    },
    openDay(today) {
      for (const underlying of underlyings) {
        for (const expiry of expiries(underlying, today)) chain(underlying, expiry, today);
        futures.openDay(underlying, today);
      }
    },
  };
}

export function typeAt(position: number): OptionType {
  return position % 2 === 0 ? 'CE' : 'PE';
}

/** Dates of an underlying's options; those of the running day are worked out once. */
function createDays(time: TradingTime): {
  expiries: (underlying: Underlying, today: string) => readonly string[];
  ends: (underlying: Underlying, expiry: string) => { expiryMs: number; forwardMs: number };
} {
  const known = new Map<Underlying, { today: string; expiries: readonly string[] }>();
  const listed = (underlying: Underlying, today: string): string[] => {
    const rule = underlying.expiries;
    if (!rule) return [];
    const isOpenOn = businessDaysOf(underlying, time);
    return 'leadDays' in rule
      ? listCommodityExpiries(rule, today, isOpenOn)
      : listExpiries(rule, today, isOpenOn);
  };
  return {
    expiries(underlying, today) {
      const before = known.get(underlying);
      if (before?.today === today) return before.expiries;
      const expiries = listed(underlying, today);
      known.set(underlying, { today, expiries });
      return expiries;
    },
    ends(underlying, expiry) {
      const rule = underlying.expiries;
      if (!rule || !('leadDays' in rule)) {
        const expiryMs = time.expiryMs(expiry);
        return { expiryMs, forwardMs: expiryMs };
      }
      const board = boardOf(underlying);
      const isOpenOn = businessDaysOf(underlying, time);
      const ahead = listDeliveries(rule, expiry, 2, isOpenOn);
      const delivery = ahead.find((date) => optionEnd(rule, date, isOpenOn) >= expiry) ?? expiry;
      return {
        expiryMs: time.expiryMs(expiry, board),
        forwardMs: time.expiryMs(delivery, board),
      };
    },
  };
}

function lastStartingBy(chains: readonly Chain[], id: number): Chain | undefined {
  let low = 0;
  let high = chains.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((chains[middle] as Chain).firstId <= id) low = middle + 1;
    else high = middle;
  }
  return chains[low - 1];
}
