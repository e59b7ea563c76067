import type { MarginRules } from './margin-rule';
import { isOption, levelPaiseOf, type MarginPosition } from './margin-position';

/** What exposure is asked on. */
export interface ExposureTerms {
  rules: MarginRules;
  spotPaise: number;
  /** Standard deviation of a day's return as a fraction; null: not known. */
  dailyVolatility: number | null;
  /** The close that distances out of the money are counted from; null: the spot stands in. */
  previousClosePaise: number | null;
  /** Expiries that no longer form calendar spreads. */
  isApart(expiry: string): boolean;
  /** The exchange's daily rate of a contract as a fraction; null: the rules count. */
  rateOf(position: MarginPosition): number | null;
}

/** Exposure margin of one underlying in paise: of futures and sold options, hedged or not. */
export function exposureOf(positions: readonly MarginPosition[], terms: ExposureTerms): number {
  const sold = positions.filter((one) => isOption(one) && one.quantity < 0);
  const ofOptions = sold.reduce(
    (sum, one) =>
      sum - one.quantity * levelPaiseOf(one, terms.spotPaise) * optionRate(one, terms),
    0,
  );
  return ofOptions + ofFutures(positions.filter((one) => !isOption(one)), terms);
}

/** Sold options on their last day, hedged or not; in paise. */
export function expiryDayOf(
  positions: readonly MarginPosition[],
  { rules, spotPaise }: Pick<ExposureTerms, 'rules' | 'spotPaise'>,
  date: string,
): number {
  const due = positions.filter(
    (one) => isOption(one) && one.quantity < 0 && one.expiry === date,
  );
  return due.reduce((sum, one) =>
    sum - one.quantity * levelPaiseOf(one, spotPaise) * rules.expiryDayShare, 0);
}

function optionRate(position: MarginPosition, terms: ExposureTerms): number {
  const given = terms.rateOf(position);
  if (given !== null) return given;
  const { rules } = terms;
  const rate = Math.max(rules.exposureOption, bySigmas(terms));
  return rate + (isDeepOtm(position, terms) ? rules.deepOtmExtra : 0);
}

function bySigmas({ rules, dailyVolatility }: ExposureTerms): number {
  return rules.exposureSigmas * (dailyVolatility ?? 0);
}

function isDeepOtm(position: MarginPosition, terms: ExposureTerms): boolean {
  const { kind, strikePaise } = position;
  const from = levelPaiseOf(position, terms.previousClosePaise ?? terms.spotPaise);
  const distance = kind === 'CE' ? strikePaise - from : from - strikePaise;
  return distance > terms.rules.deepOtmFrom * from;
}

/**
 * Futures at their own price. What two months have against each other is asked for on a share of
 * the far month alone, nearest months first.
 */
function ofFutures(futures: readonly MarginPosition[], terms: ExposureTerms): number {
  const months = [...futures].sort((a, b) => (a.expiry < b.expiry ? -1 : 1));
  const left = new Map(months.map((one) => [one.key, one.quantity]));
  const byRules = Math.max(terms.rules.exposureFuture, bySigmas(terms));
  const rate = (one: MarginPosition): number => terms.rateOf(one) ?? byRules;
  let sum = 0;
  for (const [index, near] of months.entries()) {
    if (terms.isApart(near.expiry)) continue;
    for (const far of months.slice(index + 1)) {
      const a = left.get(near.key) ?? 0;
      const b = left.get(far.key) ?? 0;
      if (a * b >= 0 || terms.isApart(far.expiry)) continue;
      const units = Math.min(Math.abs(a), Math.abs(b));
      sum += units * far.pricePaise * rate(far) * terms.rules.calendarExposureShare;
      left.set(near.key, a - Math.sign(a) * units);
      left.set(far.key, b - Math.sign(b) * units);
    }
  }
  for (const one of months) sum += Math.abs(left.get(one.key) ?? 0) * one.pricePaise * rate(one);
  return sum;
}
