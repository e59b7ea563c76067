/** Strikes looked at for the interval (those nearest to the LTP). */
const intervalSample = 20;

/**
 * The strike interval: the most frequent gap among the 20 listed strikes nearest to the LTP; of
 * equally frequent gaps the smaller. Paise in, paise out; null for fewer than two strikes.
 * `strikesPaise`: ascending, without repeats.
 */
export function strikeInterval(strikesPaise: readonly number[], ltpPaise: number): number | null {
  const nearest = [...strikesPaise]
    .sort((a, b) => Math.abs(a - ltpPaise) - Math.abs(b - ltpPaise) || a - b)
    .slice(0, intervalSample)
    .sort((a, b) => a - b);
  const counts = new Map<number, number>();
  nearest.forEach((strike, index) => {
    const next = nearest[index + 1];
    if (next !== undefined) counts.set(next - strike, (counts.get(next - strike) ?? 0) + 1);
  });
  let best: number | null = null;
  for (const [gap, count] of counts) {
    const bestCount = best === null ? 0 : (counts.get(best) ?? 0);
    if (best === null || count > bestCount || (count === bestCount && gap < best)) best = gap;
  }
  return best;
}

/** LTP rounded to the interval, exact halves up: 25175 with interval 50 gives 25200. */
export function atmStrike(ltpPaise: number, intervalPaise: number): number {
  return Math.floor((2 * ltpPaise + intervalPaise) / (2 * intervalPaise)) * intervalPaise;
}

/** Index of the listed strike nearest to `atPaise`, of two equally near the higher; -1: none. */
export function nearestStrikeIndex(strikesPaise: ArrayLike<number>, atPaise: number): number {
  let low = 0;
  let high = strikesPaise.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((strikesPaise[middle] as number) < atPaise) low = middle + 1;
    else high = middle;
  }
  if (low === strikesPaise.length) return strikesPaise.length - 1;
  if (low === 0) return 0;
  const above = (strikesPaise[low] as number) - atPaise;
  const below = atPaise - (strikesPaise[low - 1] as number);
  return below < above ? low - 1 : low;
}

/** A window as indices [from, to) of the listed strikes, and how many strikes it falls short. */
export interface StrikeWindow {
  from: number;
  to: number;
  anchorIndex: number;
  shortfall: number;
}

/**
 * The listed strikes nearest below and above the anchor, counted as strikes, whatever the gaps; or
 * around the LTP, which itself counts as below. Where the exchange lists fewer, all of them, and
 * the shortfall says how many are missing.
 */
export function strikeWindow(
  strikesPaise: readonly number[],
  at: { atmPaise: number; ltpPaise: number },
  rule: { below: number; above: number; around?: 'ltp' | undefined },
): StrikeWindow {
  const anchorIndex = nearestStrikeIndex(strikesPaise, at.atmPaise);
  const isAroundLtp = rule.around === 'ltp';
  const above = strikesPaise.findIndex((strike) => strike > at.ltpPaise);
  const firstAbove = above < 0 ? strikesPaise.length : above;
  const [low, high] = isAroundLtp ? [firstAbove, firstAbove] : [anchorIndex, anchorIndex + 1];
  const from = Math.max(0, low - rule.below);
  const to = Math.min(strikesPaise.length, high + rule.above);
  const shortfall = rule.below + (high - low) + rule.above - (to - from);
  return { from, to, anchorIndex, shortfall };
}
