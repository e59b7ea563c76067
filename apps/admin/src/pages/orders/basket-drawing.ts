import type { ContractTerms, LiveChain } from '@strikewire/contracts';
import { dayLabel } from '../../format/times';
import type { BasketLeg } from './basket';
import { contractParts, type ContractParts } from './contract-words';
import {
  beforeExpiry,
  payoffCurve,
  type LaterLegs,
  type PayoffCurve,
  type PayoffLeg,
} from './payoff';

/** What drawings are made from: chains by `NIFTY 2026-11-24`, futures by their key. */
export interface BasketMarket {
  chains: ReadonlyMap<string, LiveChain>;
  futures: ReadonlyMap<string, ContractTerms>;
  /** What could not be read, in plain words; empty: all was, or is being. */
  trouble: string;
}

/** Legs of one underlying as a payoff, or why there is none. */
export interface BasketDrawing {
  /** `NIFTY`. */
  underlying: string;
  drawn: {
    legs: readonly PayoffLeg[];
    curve: PayoffCurve;
    spot: number | null;
    today: ((spot: number) => number) | null;
    /** Empty when all legs end on the day that is drawn. */
    day: string;
    /** What else the drawing takes to be so; empty: nothing. */
    note: string;
  } | null;
  /** Empty when it is drawn. */
  why: string;
}

/** Legs of one expiry. */
interface Month {
  exchange: string;
  expiry: string;
  chain: LiveChain | undefined;
  legs: readonly PayoffLeg[];
}

const yearMs = 365 * 86_400_000;

/** Months of a commodity that differ by less are taken to be the same future. */
const sameWithin = 0.01;

const ownContract = 'Each later month of a commodity is a contract of its own: it is drawn in ' +
  'the ratio that it has to the nearest one now.';

export function chainName({ underlying, expiry }: ContractParts): string {
  return `${underlying} ${expiry}`;
}

/** One drawing an underlying, in the order of the legs. */
export function basketDrawings(
  basket: readonly BasketLeg[],
  market: BasketMarket,
  wallMs: number,
): BasketDrawing[] {
  const groups = grouped(basket, 'underlying');
  return [...groups].map(([underlying, legs]) => {
    const found = drawnOf(legs, market, wallMs);
    const drawn = typeof found === 'string' ? null : found;
    return { underlying, drawn, why: typeof found === 'string' ? found : '' };
  });
}

function grouped(
  basket: readonly BasketLeg[],
  by: 'underlying' | 'expiry',
): Map<string, BasketLeg[]> {
  const groups = new Map<string, BasketLeg[]>();
  for (const leg of basket) {
    const name = contractParts(leg.ticket.contract)[by];
    groups.set(name, [...(groups.get(name) ?? []), leg]);
  }
  return groups;
}

function drawnOf(
  basket: readonly BasketLeg[],
  market: BasketMarket,
  wallMs: number,
): BasketDrawing['drawn'] | string {
  const byExpiry = grouped(basket, 'expiry');
  const months = [...byExpiry].sort(([a], [b]) => (a < b ? -1 : 1)).map(([expiry, held]): Month => {
    const parts = held.map(({ ticket }) => contractParts(ticket.contract));
    const chain = parts[0] && market.chains.get(chainName(parts[0]));
    const exchange = parts[0]?.exchange ?? '';
    const priced = held.flatMap((leg) => payoffLegOf(leg, { chain, market }));
    return { exchange, expiry, chain, legs: priced };
  });
  const [near, ...later] = months;
  const legs = months.flatMap((month) => month.legs);
  if (!near || legs.length < basket.length) {
    return `Not every leg has a price: ${market.trouble || 'prices are being read…'}`;
  }
  const spot = spotOf(basket, months, market);
  const ahead = spot === null
    ? null
    : later.map((month) => laterLegs(month, near, { spot, wallMs }));
  if (later.length > 0 && !ahead?.every((one) => one !== null)) {
    return 'Legs that expire later need the spot, and a volatility of each option.';
  }
  const curve = payoffCurve(near.legs, (ahead ?? []).flatMap((one) => one ?? []));
  const day = later.length > 0 ? dayLabel(near.expiry, wallMs) : '';
  const today = spot === null ? null : todayOf(months, spot);
  const isRatio = ahead?.some((one) => one?.slope !== 1);
  return { legs, curve, spot, today, day, note: isRatio ? ownContract : '' };
}

function spotOf(
  basket: readonly BasketLeg[],
  months: readonly Month[],
  { futures }: BasketMarket,
): number | null {
  const told = months.flatMap(({ chain }) => chain?.spot.ltp ?? []);
  const beside = basket.flatMap(({ ticket }) => futures.get(ticket.contract)?.spot ?? []);
  return [...told, ...beside][0] ?? null;
}

/** All legs now, each month by its own forward; null: not all can be valued. */
function todayOf(
  months: readonly Month[],
  spot: number,
): ((spot: number) => number) | null {
  const parts = months.map((month) => gainOf(month, { spot, yearsLeft: null, carryLeft: 1 }));
  const known = parts.flatMap((part) => part ?? []);
  if (known.length < parts.length) return null;
  return (moved) => known.reduce((sum, part) => sum + part(moved), 0);
}

/**
 * What a rupee of the underlying is to a future or forward. A commodity's spot is its nearest
 * future, and what another month is above it is no carry that goes by: that is kept as a ratio.
 * Near to 1 it is the spot's own future, read a moment before or after it.
 */
function slopeOf({ exchange }: Month, now: number, spot: number): number {
  const ratio = now / spot;
  return exchange === 'MCX' && Math.abs(ratio - 1) > sameWithin ? ratio : 1;
}

function laterLegs(
  month: Month,
  near: Month,
  { spot, wallMs }: { spot: number; wallMs: number },
): LaterLegs | null {
  const between = (Date.parse(month.expiry) - Date.parse(near.expiry)) / yearMs;
  const yearsGone = near.chain?.pricing.yearsToExpiry ?? null;
  const yearsToExpiry = month.chain?.pricing.yearsToExpiry ?? null;
  const yearsLeft =
    yearsGone === null || yearsToExpiry === null ? between : yearsToExpiry - yearsGone;
  const gone = yearsGone ?? Math.max(0, endOf(near.expiry) - wallMs) / yearMs;
  const carryLeft = between / (between + gone);
  const gainAt = gainOf(month, { spot, yearsLeft, carryLeft });
  const first = month.legs.find(({ kind }) => kind === 'FUT');
  const forward = month.chain?.forward?.value ?? first?.now ?? first?.price ?? spot;
  return gainAt && { legs: month.legs, slope: slopeOf(month, forward, spot), gainAt };
}

/** When trading of an index or a share ends on its last day. */
function endOf(expiry: string): number {
  return Date.parse(`${expiry}T15:30:00+05:30`);
}

/** What a month's legs come to after some time, over prices of the underlying. */
function gainOf(
  month: Month,
  at: { spot: number; yearsLeft: number | null; carryLeft: number },
): ((spot: number) => number) | null {
  const { legs, chain } = month;
  const futures = legs.filter(({ kind }) => kind === 'FUT');
  const options = legs.filter(({ kind }) => kind !== 'FUT');
  const movers = futures.map(({ units, price, now = price }) =>
    ({ units, price, valueAt: moverOf(month, now, at) }));
  const ofFutures = (moved: number): number =>
    movers.reduce((sum, { units, price, valueAt }) => sum + units * (valueAt(moved) - price), 0);
  if (options.length === 0) return ofFutures;
  const { forward, pricing } = chain ?? {};
  if (!forward || !pricing?.yearsToExpiry) return null;
  const { model, rate, yearsToExpiry } = pricing;
  const ofOptions = beforeExpiry(options, {
    model,
    rate,
    forwardAt: moverOf(month, forward.value, at),
    yearsToExpiry: Math.max(at.yearsLeft ?? yearsToExpiry, 1e-9),
  });
  return ofOptions && ((moved) => ofOptions(moved) + ofFutures(moved));
}

/**
 * A future or forward over prices of the underlying: above it by what is left then of what it is
 * above it now. In rupees, not by a share: far above, each month moves with the underlying rupee by
 * rupee, and a sold one balances a bought one.
 */
function moverOf(
  month: Month,
  now: number,
  { spot, carryLeft }: { spot: number; carryLeft: number },
): (spot: number) => number {
  const slope = slopeOf(month, now, spot);
  if (slope !== 1) return (moved) => moved * slope;
  const above = (now - spot) * carryLeft;
  // A forward below the spot would be below nothing where the underlying is near it.
  return (moved) => Math.max(moved / 1_000, moved + above);
}

/** At the price that is asked for, else at what it could be had for now. */
function payoffLegOf(
  { ticket }: BasketLeg,
  { chain, market }: { chain: LiveChain | undefined; market: BasketMarket },
): PayoffLeg[] {
  const { kind, strike } = contractParts(ticket.contract);
  const isBuy = ticket.side === 'BUY';
  const units = isBuy ? ticket.quantity : -ticket.quantity;
  if (kind === 'FUT') {
    const terms = market.futures.get(ticket.contract);
    const touch = (isBuy ? terms?.asks : terms?.bids)?.[0]?.price;
    const now = terms?.ltp ?? touch;
    const price = ticket.price ?? ticket.triggerPrice ?? touch ?? now;
    if (price === undefined || now === undefined) return [];
    return [{ kind, strike: 0, units, price, now, iv: null }];
  }
  if (kind !== 'CE' && kind !== 'PE') return [];
  const row = chain?.strikes.find((one) => one.strike === strike);
  const live = row?.[kind];
  const touch = isBuy ? live?.ask : live?.bid;
  const price = ticket.price ?? ticket.triggerPrice ?? touch ?? live?.ltp;
  if (price === undefined || price === null || strike === null) return [];
  return [{ kind, strike, units, price, iv: live?.iv ?? row?.iv ?? null }];
}
