import { StrikewireError } from '@strikewire/runtime';

/** Legs of one basket in the order they are sent. */
export interface LegOrder<Leg> {
  legs: Leg[];
  /** Margin after each leg of that order. */
  pathPaise: number[];
  /** The most of these, and of what is needed before the first leg. */
  peakPaise: number;
  /** True when no order has a lower peak; false for one found greedily. */
  isExact: boolean;
}

/** Bounds of a basket. */
export const legOrderLimits = {
  /** Up to here every set of legs may be looked at: 256 estimates. */
  exactMax: 8,
  /** 820 estimates at most. */
  legsMax: 40,
} as const;

/**
 * The order of legs with the lowest peak of margin on the way. `marginOf` answers what the given
 * legs need together, on top of whatever is held already; it is asked once for each set.
 * Of orders with the same peak one is taken that needs little on the way.
 * @throws StrikewireError `invalid` for more legs than fit, or a margin that is no number.
 */
export function lowestPeakOrder<Leg>(
  legs: readonly Leg[],
  marginOf: (done: readonly Leg[]) => number,
): LegOrder<Leg> {
  const { exactMax, legsMax } = legOrderLimits;
  if (legs.length > legsMax) {
    const message = `basket has ${legs.length} legs, at most ${legsMax} can be ordered`;
    throw new StrikewireError({ kind: 'invalid', code: 'margin_legs_too_many', message });
  }
  const ask = (done: readonly number[]): number => {
    const subset = done.flatMap((index) => legs.slice(index, index + 1));
    const paise = marginOf(subset);
    if (Number.isFinite(paise)) return paise;
    const message = `margin of ${done.length} legs was ${paise}, needs a number of paise`;
    throw new StrikewireError({ kind: 'invalid', code: 'margin_not_a_number', message });
  };
  const start = ask([]);
  const isExact = legs.length <= exactMax;
  const path = isExact ? bestPath(legs.length, ask, start) : greedyPath(legs.length, ask);
  return {
    legs: path.order.flatMap((index) => legs.slice(index, index + 1)),
    pathPaise: path.paise,
    peakPaise: Math.max(start, ...path.paise),
    isExact,
  };
}

interface Path {
  order: number[];
  paise: number[];
}

interface Reached extends Path {
  /** One bit a leg. */
  done: number;
  peak: number;
  sum: number;
}

/**
 * Sets of legs by their lowest peak, as in a search for shortest ways: the first way to reach all
 * legs is the best, and sets beyond a higher peak are never asked for.
 */
function bestPath(count: number, ask: (done: readonly number[]) => number, start: number): Path {
  const all = 2 ** count - 1;
  const margins = new Map<number, number>();
  const settled = new Set<number>();
  const open: Reached[] = [{ order: [], paise: [], done: 0, peak: start, sum: 0 }];
  for (;;) {
    const best = takeLowest(open);
    if (!best || best.done === all) return best ?? { order: [], paise: [] };
    if (settled.has(best.done)) continue;
    settled.add(best.done);
    for (let leg = 0; leg < count; leg++) {
      const done = best.done | (1 << leg);
      if (done === best.done || settled.has(done)) continue;
      const margin = margins.get(done) ?? ask(legsOf(done, count));
      margins.set(done, margin);
      open.push({
        order: [...best.order, leg],
        paise: [...best.paise, margin],
        done,
        peak: Math.max(best.peak, margin),
        sum: best.sum + margin,
      });
    }
  }
}

function takeLowest(open: Reached[]): Reached | undefined {
  let at = 0;
  for (const [index, one] of open.entries()) {
    const best = open[at];
    if (!best) continue;
    const isLower = one.peak === best.peak ? one.sum < best.sum : one.peak < best.peak;
    if (isLower) at = index;
  }
  return open.splice(at, 1)[0];
}

/** The leg that needs least, one after the other. */
function greedyPath(count: number, ask: (done: readonly number[]) => number): Path {
  const path: Path = { order: [], paise: [] };
  const left = new Set(Array.from({ length: count }, (_, index) => index));
  while (left.size > 0) {
    const choices = [...left].map((leg) => ({ leg, margin: ask([...path.order, leg]) }));
    const best = choices.reduce((least, one) => (one.margin < least.margin ? one : least));
    left.delete(best.leg);
    path.order.push(best.leg);
    path.paise.push(best.margin);
  }
  return path;
}

function legsOf(done: number, count: number): number[] {
  return Array.from({ length: count }, (_, leg) => leg).filter((leg) => (done >> leg) & 1);
}
