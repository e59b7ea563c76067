import { optionPrice, PricingTerms, type PricingModel } from '@strikewire/pricing';

/** One leg of a position in one underlying; rupees. */
export interface PayoffLeg {
  kind: 'CE' | 'PE' | 'FUT';
  /** 0 for a future. */
  strike: number;
  /** Below zero: sold. */
  units: number;
  /** What is paid, or received, for a unit. */
  price: number;
  /** What a future stands at; its price when not given. */
  now?: number;
  /** Percent; null: it cannot be valued before expiry. */
  iv: number | null;
}

/** How a position ends; null: without limit. */
export interface PayoffShape {
  maxProfit: number | null;
  maxLoss: number | null;
  /** Prices of the underlying, ascending. */
  breakEvens: readonly number[];
}

/** What a position is worth at expiry, less what it cost. */
export function atExpiry(legs: readonly PayoffLeg[], spot: number): number {
  return legs.reduce((sum, leg) => sum + leg.units * (intrinsic(leg, spot) - leg.price), 0);
}

function intrinsic({ kind, strike }: PayoffLeg, spot: number): number {
  if (kind === 'FUT') return spot;
  return Math.max(0, kind === 'CE' ? spot - strike : strike - spot);
}

/** Strikes at which the line bends, ascending. */
export function bendsOf(legs: readonly PayoffLeg[]): number[] {
  const strikes = legs.filter(({ kind }) => kind !== 'FUT').map(({ strike }) => strike);
  return [...new Set(strikes)].sort((a, b) => a - b);
}

/** Legs that go on after the day that is drawn, and what they come to on it. */
export interface LaterLegs {
  legs: readonly PayoffLeg[];
  /** Rupees by which what they are on moves with a rupee of the underlying. */
  slope: number;
  /** What they are worth at a price of the underlying, less what they cost. */
  gainAt(spot: number): number;
}

/** What a position comes to on the day when its first legs expire. */
export interface PayoffCurve {
  gainAt(spot: number): number;
  shape: PayoffShape;
  /** False: later legs are valued by a model, and the figures are as near as it is looked at. */
  isExact: boolean;
}

/** A position by the legs that expire first, and those that then go on. */
export function payoffCurve(
  near: readonly PayoffLeg[],
  later: readonly LaterLegs[],
): PayoffCurve {
  if (later.length === 0) {
    return { gainAt: (spot) => atExpiry(near, spot), shape: payoffShape(near), isExact: true };
  }
  const gainAt = (spot: number): number =>
    later.reduce((sum, one) => sum + one.gainAt(spot), atExpiry(near, spot));
  const legs = [...near, ...later.flatMap((one) => one.legs)];
  const endSlope = later.reduce((sum, one) => sum + one.slope * endSlopeOf(one.legs),
    endSlopeOf(near));
  return { gainAt, shape: shapeByLook(gainAt, legs, endSlope), isExact: false };
}

/** Prices at which a curve is looked at: up to three times the highest strike or price. */
const looks = 3_000;

/** Less than this, in rupees, is nothing: sums of many legs are not exact. */
const nothing = 1e-6;

function shapeByLook(
  gainAt: (spot: number) => number,
  legs: readonly PayoffLeg[],
  endSlope: number,
): PayoffShape {
  const prices = legs.flatMap(({ kind, strike, price }) => (kind === 'FUT' ? price : strike));
  const high = 3 * Math.max(...prices);
  // Not nothing: no model values an option on it.
  const even = Array.from({ length: looks }, (_, at) => (high * (at + 1)) / looks);
  const spots = [...new Set([...even, ...bendsOf(legs)])].sort((a, b) => a - b);
  const points = spots.map((spot) => ({ spot, value: gainAt(spot) }));
  const values = points.map(({ value }) => value);
  return {
    maxProfit: endSlope > 0 ? null : Math.max(...values),
    maxLoss: endSlope < 0 ? null : Math.min(...values),
    breakEvens: points.flatMap((to, at) => crossed(points[at - 1], to)),
  };
}

interface Look {
  spot: number;
  value: number;
}

/** Where it comes to zero, or passes it between two looks; of a stretch at zero, its beginning. */
function crossed(from: Look | undefined, to: Look): number[] {
  if (from === undefined) return [];
  const [wasZero, isZero] = [from, to].map(({ value }) => Math.abs(value) < nothing);
  if (isZero) return wasZero ? [] : [to.spot];
  if (wasZero || from.value * to.value >= 0) return [];
  const share = from.value / (from.value - to.value);
  return [from.spot + share * (to.spot - from.spot)];
}

/** Units that go up with the underlying once it is far above every strike. */
function endSlopeOf(legs: readonly PayoffLeg[]): number {
  return legs.reduce((sum, { kind, units }) => sum + (kind === 'PE' ? 0 : units), 0);
}

/** Exact: between the bends the line is straight, and behind the last one it goes on so. */
export function payoffShape(legs: readonly PayoffLeg[]): PayoffShape {
  const points = [0, ...bendsOf(legs)].map((spot) => ({ spot, value: atExpiry(legs, spot) }));
  const values = points.map(({ value }) => value);
  const endSlope = endSlopeOf(legs);
  const breakEvens: number[] = [];
  points.forEach((from, at) => {
    const to = points[at + 1];
    if (from.value === 0 && from.spot > 0) breakEvens.push(from.spot);
    if (to === undefined) {
      if (from.value * endSlope < 0) breakEvens.push(from.spot - from.value / endSlope);
    } else if (from.value * to.value < 0) {
      const share = from.value / (from.value - to.value);
      breakEvens.push(from.spot + share * (to.spot - from.spot));
    }
  });
  return {
    maxProfit: endSlope > 0 ? null : Math.max(...values),
    maxLoss: endSlope < 0 ? null : Math.min(...values),
    breakEvens,
  };
}

/** What is known of the market in which a position would be valued now. */
export interface PayoffMarket {
  model: PricingModel;
  yearsToExpiry: number;
  /** Percent a year. */
  rate: number;
  /** What the forward comes to with the underlying at a price. */
  forwardAt(spot: number): number;
}

/** The same before expiry, at volatilities as they are; null: not all legs can be valued. */
export function beforeExpiry(
  legs: readonly PayoffLeg[],
  { model, yearsToExpiry, rate, forwardAt }: PayoffMarket,
): ((spot: number) => number) | null {
  if (legs.some(({ kind, iv }) => kind !== 'FUT' && iv === null)) return null;
  const terms = new PricingTerms(model);
  return (moved) => {
    const future = forwardAt(moved);
    terms.update(model === 'spot' ? moved : future, yearsToExpiry, rate / 100);
    return legs.reduce((sum, { kind, strike, units, price, iv }) => {
      const worth =
        kind === 'FUT' ? future : optionPrice(terms, kind === 'CE', strike, (iv ?? 0) / 100);
      return sum + units * (worth - price);
    }, 0);
  };
}

/** Round figures within a range, some `count` of them, ascending. */
export function roundMarks({ low, high }: { low: number; high: number }, count: number): number[] {
  const rough = (high - low) / count;
  if (!(rough > 0) || !Number.isFinite(rough)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5].find((one) => one * power >= rough) ?? 10);
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step);
  return Array.from({ length: last - first + 1 }, (_, at) => (first + at) * step);
}

/**
 * Prices of the underlying that are drawn: all strikes and the spot, with room on either side. Not
 * nothing: no model values an option on it.
 */
export function drawnRange(
  legs: readonly PayoffLeg[],
  spot: number | null,
  breakEvens: readonly number[],
): { low: number; high: number } {
  const marks = [...bendsOf(legs), ...(spot === null ? [] : [spot]), ...breakEvens];
  if (marks.length === 0) return { low: 0, high: 1 };
  const [least, most] = [Math.min(...marks), Math.max(...marks)];
  const room = Math.max((most - least) * 0.35, most * 0.02);
  return { low: Math.max(most / 1_000, least - room), high: most + room };
}
