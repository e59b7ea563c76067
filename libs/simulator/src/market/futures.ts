import type { Place } from './contract';
import { listDeliveries, listExpiries } from './expiries';
import { boardOf, businessDaysOf, placeOf } from './places';
import type { TradingTime } from './trading-time';
import type { Underlying } from './underlying';

/** A future as listed; its id never changes. */
export interface FutureListing {
  readonly underlying: Underlying;
  readonly expiry: string;
  /** Epoch ms. */
  readonly expiryMs: number;
  readonly place: Place;
  readonly id: number;
}

/** The futures of all underlyings, in the order in which they came. */
export interface Futures {
  all(): readonly FutureListing[];
  find(place: Place, id: number): FutureListing | undefined;
  nearest(underlying: Underlying, today: string): FutureListing | undefined;
  /** Lists what is new on a day. */
  openDay(underlying: Underlying, today: string): void;
}

/** First ids at each place, in the region where the exchanges' own ids lie. */
const firstId: Partial<Record<Place, number>> = {
  NSE_FO: 26_101, BSE_FO: 810_001, MCX_FO: 560_001,
};
const monthsListed = 3;

export function createFutures(time: TradingTime): Futures {
  const listed: FutureListing[] = [];
  const byId = new Map<string, FutureListing>();
  const ofUnderlying = new Map<Underlying, Map<string, FutureListing>>();
  const nextId = { ...firstId };
  const add = (underlying: Underlying, expiry: string): void => {
    let known = ofUnderlying.get(underlying);
    if (!known) ofUnderlying.set(underlying, (known = new Map()));
    if (known.has(expiry)) return;
    const place = placeOf(underlying);
    const id = nextId[place] ?? 1;
    nextId[place] = id + 1;
    const board = boardOf(underlying) === 'commodities' ? 'commodities' : 'cash';
    const future = { underlying, expiry, expiryMs: time.expiryMs(expiry, board), place, id };
    listed.push(future);
    byId.set(`${place} ${id}`, future);
    known.set(expiry, future);
  };
  return {
    all: () => listed,
    find: (place, id) => byId.get(`${place} ${id}`),
    nearest(underlying, today) {
      // They were listed in the order of their dates.
      for (const future of ofUnderlying.get(underlying)?.values() ?? []) {
        if (future.expiry >= today) return future;
      }
      return undefined;
    },
    openDay(underlying, today) {
      for (const expiry of expiriesOf(underlying, today, time)) add(underlying, expiry);
    },
  };
}

function expiriesOf(underlying: Underlying, today: string, time: TradingTime): string[] {
  const rule = underlying.expiries;
  if (!rule) return [];
  const isOpenOn = businessDaysOf(underlying, time);
  if ('leadDays' in rule) return listDeliveries(rule, today, rule.count + 1, isOpenOn);
  const monthly = { weekday: rule.weekday, weeklies: 0, quarterlies: 0, halfYearlies: 0 };
  return listExpiries({ ...monthly, monthlies: monthsListed }, today, isOpenOn);
}
