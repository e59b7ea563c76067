/** A pair of months whose deltas against each other cost a charge. */
export interface CalendarSpread {
  /** ISO dates of the two legs. */
  expiries: readonly [string, string];
  /** Deltas of each leg that make one spread; 1 and 1 in the files that are known. */
  ratios: readonly [number, number];
  /** For one spread, which is one unit of the underlying against another. */
  ratePaise: number;
}

/**
 * The charge for months against each other, in paise. Spreads are formed in the order given, each
 * taking what deltas are left of the ones before.
 */
export function calendarCharge(
  spreads: readonly CalendarSpread[],
  deltaByExpiry: ReadonlyMap<string, number>,
): number {
  const left = new Map(deltaByExpiry);
  let charge = 0;
  for (const { expiries, ratios, ratePaise } of spreads) {
    const [first, second] = expiries;
    const [ratioA, ratioB] = ratios;
    const a = left.get(first) ?? 0;
    const b = left.get(second) ?? 0;
    if (a * b >= 0) continue;
    const count = Math.min(Math.abs(a) / ratioA, Math.abs(b) / ratioB);
    charge += count * ratePaise;
    left.set(first, a - Math.sign(a) * count * ratioA);
    left.set(second, b - Math.sign(b) * count * ratioB);
  }
  return charge;
}

/** Spreads of every two months, nearest first, at a share of the far month's price in paise. */
export function calendarSpreadsOf(
  farPrices: ReadonlyMap<string, number>,
  share: number,
): CalendarSpread[] {
  const months = [...farPrices].sort(([a], [b]) => (a < b ? -1 : 1));
  return months.flatMap(([near], index) =>
    months.slice(index + 1).map(([far, farPaise]) => ({
      expiries: [near, far] as const,
      ratios: [1, 1] as const,
      ratePaise: share * farPaise,
    })),
  );
}
