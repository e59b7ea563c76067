/** How an underlying closed on a day. */
export interface Close {
  /** ISO date. */
  tradingDay: string;
  closePaise: number;
  /** The exchange's close of the session before; null: then the row before this one counts. */
  previousClosePaise: number | null;
}

/** Where a volatility is from: a series of closes, or what options at the money imply. */
export type VolatilitySource = 'closes' | 'options';

/** How much an underlying moves in a day. */
export interface DailyVolatility {
  /** Standard deviation of a day's return as a fraction; null: nothing is known. */
  dailyVolatility: number | null;
  volatilityFrom: VolatilitySource | null;
}

/**
 * How much of yesterday's variance stays: SEBI/HO/MRD2/DCAP/CIR/P/2020/27 of 2020-02-24, 1.2.1, for
 * equity derivatives. That of commodities was not found: the same.
 */
const decay = 0.995;

/** Returns below which a series says nothing: a month of sessions. */
export const returnsMin = 20;

/** Sessions of a year: what options imply is spread over them. */
const sessionsPerYear = 252;

/** Over a longer gap there is no return: long weekends have four days. */
const gapDaysMax = 7;

/**
 * Beyond this a return between two rows is taken for a corporate action or a wrong print, not for a
 * move: a bonus of one for three is -0.288, and indices halt at 20 %.
 */
const returnMax = 0.25;

/** The same where the exchange tells its own close of before: less than a halving untold to it. */
const toldReturnMax = 0.65;

const dayMs = 86_400_000;

/**
 * Standard deviation of a day's logarithmic return as the exchange makes it: variance =
 * 0.995 × that of the day before + 0.005 × the day's return squared. The exchange's own series goes
 * back for years; ours is weighed by what it has: Σ 0.995^k r² / Σ 0.995^k, k days ago. While it is
 * short, the yearly volatility (a fraction) of options at the money stands in.
 */
export function dailyVolatilityOf(
  closes: readonly Close[],
  atmVolatility: number | null,
): DailyVolatility {
  const returns = returnsOf(closes);
  if (returns.length < returnsMin) {
    if (atmVolatility === null) return { dailyVolatility: null, volatilityFrom: null };
    const dailyVolatility = Math.min(1, atmVolatility / Math.sqrt(sessionsPerYear));
    return { dailyVolatility, volatilityFrom: 'options' };
  }
  let variance = 0;
  let weight = 0;
  for (const one of returns) {
    variance = decay * variance + one * one;
    weight = decay * weight + 1;
  }
  return { dailyVolatility: Math.sqrt(variance / weight), volatilityFrom: 'closes' };
}

/** Of one session each: over several, variance is spread evenly. */
function returnsOf(closes: readonly Close[]): number[] {
  return closes.flatMap((close, index) => {
    const told = close.previousClosePaise;
    if (told !== null) return within(Math.log(close.closePaise / told), toldReturnMax);
    const before = closes[index - 1];
    if (!before) return [];
    const days = (Date.parse(close.tradingDay) - Date.parse(before.tradingDay)) / dayMs;
    if (days > gapDaysMax) return [];
    const found = within(Math.log(close.closePaise / before.closePaise), returnMax);
    const sessions = weekdaysBetween(before.tradingDay, days);
    return found.map((one) => one / Math.sqrt(sessions));
  });
}

function within(found: number, most: number): number[] {
  return Math.abs(found) <= most ? [found] : [];
}

/** Of so many days after a day those of the week, at least 1; holidays are not known here. */
function weekdaysBetween(day: string, days: number): number {
  const first = Date.parse(day);
  let count = 0;
  for (let ahead = 1; ahead <= days; ahead++) {
    const weekday = new Date(first + ahead * dayMs).getUTCDay();
    if (weekday !== 0 && weekday !== 6) count++;
  }
  return Math.max(1, count);
}
