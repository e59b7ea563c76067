import { isOption, underlyingOf, type MarginPosition } from './margin-position';

/** Kinds of position set whose estimates are off in kinds of their own. */
export const marginShapes = [
  /** Futures or sold options of one side, nothing against them. */
  'naked',
  /** Bought options alone. */
  'bought',
  /** Bought and sold options of one side and expiry. */
  'vertical',
  /** Calls and puts sold, of one expiry: straddle or strangle. */
  'straddle',
  /** Calls and puts sold, each side with bought ones, of one expiry. */
  'condor',
  /** Bought and sold in different expiries, options or futures alone. */
  'calendar',
  /** Futures with options. */
  'futureAndOption',
  'other',
] as const;

/** One of the kinds. */
export type MarginShape = (typeof marginShapes)[number];

/** The shape of net lines; sets of several underlyings have none. */
export function shapeOf(positions: readonly MarginPosition[]): MarginShape {
  const [first] = positions;
  if (!first || positions.some((one) => underlyingOf(one) !== underlyingOf(first))) return 'other';
  const options = positions.filter(isOption);
  if (options.length > 0 && options.length < positions.length) return 'futureAndOption';
  const sides = new Set(positions.map((one) => one.quantity > 0));
  const expiries = new Set(positions.map((one) => one.expiry));
  const kinds = new Set(positions.map((one) => one.kind));
  if (expiries.size > 1 && sides.size > 1 && kinds.size === 1) return 'calendar';
  if (options.length === 0) return sides.size === 1 ? 'naked' : 'other';
  if (!sides.has(false)) return 'bought';
  if (kinds.size === 1 && sides.size === 1) return 'naked';
  if (expiries.size > 1) return 'other';
  return kinds.size === 1 ? 'vertical' : ofBothSides(positions);
}

/** Of calls and puts in one expiry, some sold. */
function ofBothSides(positions: readonly MarginPosition[]): MarginShape {
  const has = (kind: 'CE' | 'PE', isBought: boolean): boolean =>
    positions.some((one) => one.kind === kind && one.quantity > 0 === isBought);
  if (!has('CE', false) || !has('PE', false)) return 'other';
  if (!has('CE', true) && !has('PE', true)) return 'straddle';
  return has('CE', true) && has('PE', true) ? 'condor' : 'other';
}
