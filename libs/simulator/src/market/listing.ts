import type { OptionType } from '@strikewire/contracts';
import type { Contract, Place } from './contract';
import { daysBetween } from './dates';
import { listExpiries } from './expiries';
import { listStrikes } from './strikes';
import type { TradingTime } from './trading-time';
import type { Underlying } from './underlying';

/** The options of one underlying and expiry; ids run on from `firstId`: CE, PE, next strike. */
export interface Chain {
  readonly underlying: Underlying;
  readonly expiry: string;
  readonly place: Place;
  readonly firstId: number;
  /** Days from listing to expiry, and the rank among the expiries then; both fix what is alive. */
  readonly daysListed: number;
  readonly rank: number;
  readonly strikesPaise: readonly number[];
  /** Contracts looked at so far, by position: 2 × strike index, + 1 for a put. */
  readonly legs: (Contract | undefined)[];
}

export interface FutureListing {
  readonly underlying: Underlying;
  readonly expiry: string;
  readonly place: Place;
  readonly id: number;
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
  /** Replaces an underlying's expiry list; undefined takes the replacement back. */
  override(symbol: string, expiries: readonly string[] | undefined): void;
  /** Lists whatever is new on a day; called once for each trading day. */
  openDay(today: string): void;
}

/** First ids at each place, in the region where the exchanges' own ids lie. */
const firstOptionId: Partial<Record<Place, number>> = { NSE_FO: 35_001, BSE_FO: 820_001 };
const firstFutureId: Partial<Record<Place, number>> = { NSE_FO: 26_101, BSE_FO: 810_001 };
/** A chain starts at a multiple of this, so that listing one strike more moves few ids. */
const idStep = 100;
const futuresListed = 3;

export function createListing(underlyings: readonly Underlying[], time: TradingTime): Listing {
  const overrides = new Map<string, readonly string[]>();
  const chains = new Map<string, Chain>();
  const blocks: Partial<Record<Place, Chain[]>> = { NSE_FO: [], BSE_FO: [] };
  const nextId = { ...firstOptionId };
  const futures = createFutures();

  const expiries: Listing['expiries'] = (underlying, today) => {
    const replaced = overrides.get(underlying.symbol);
    if (replaced) return replaced;
    if (!underlying.expiries) return [];
    return listExpiries(underlying.expiries, today, time.isBusinessDay);
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
      underlying, expiry, place, firstId, daysListed, rank, strikesPaise,
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
    override(symbol, replacement) {
      if (replacement) overrides.set(symbol, replacement);
      else overrides.delete(symbol);
    },
    openDay(today) {
      for (const underlying of underlyings) {
        for (const expiry of expiries(underlying, today)) chain(underlying, expiry, today);
        if (underlying.expiries) futures.list(underlying, monthsOf(underlying, today, time));
      }
    },
  };
}

export function placeOf(underlying: Underlying): Place {
  return underlying.exchange === 'BSE' ? 'BSE_FO' : 'NSE_FO';
}

export function typeAt(position: number): OptionType {
  return position % 2 === 0 ? 'CE' : 'PE';
}

function monthsOf(underlying: Underlying, today: string, time: TradingTime): string[] {
  const weekday = underlying.expiries?.weekday ?? 2;
  const rule = { weekday, weeklies: 0, monthlies: futuresListed, quarterlies: 0, halfYearlies: 0 };
  return listExpiries(rule, today, time.isBusinessDay);
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

function createFutures(): {
  all: () => readonly FutureListing[];
  find: Listing['future'];
  list: (underlying: Underlying, expiries: readonly string[]) => void;
} {
  const listed: FutureListing[] = [];
  const byKey = new Map<string, FutureListing>();
  const nextId = { ...firstFutureId };
  return {
    all: () => listed,
    find: (place, id) => byKey.get(`${place} ${id}`),
    list(underlying, expiries) {
      for (const expiry of expiries) {
        if (byKey.has(`${underlying.symbol} ${expiry}`)) continue;
        const place = placeOf(underlying);
        const id = nextId[place] ?? 1;
        nextId[place] = id + 1;
        const future = { underlying, expiry, place, id };
        listed.push(future);
        byKey.set(`${place} ${id}`, future).set(`${underlying.symbol} ${expiry}`, future);
      }
    },
  };
}
