import type { UniverseRow } from '@strikewire/contracts';

/** A quarterly is a monthly of March, June, September or December. */
export type ExpiryClass = 'weekly' | 'monthly' | 'quarterly';

/** A listed expiry with its class. */
export interface ClassedExpiry {
  /** ISO date, from the broker's list. */
  expiry: string;
  class: ExpiryClass;
}

const quarterMonths = new Set(['03', '06', '09', '12']);

/**
 * Classes expiries from lists, never from dates: what a monthly-only underlying of the same
 * exchange lists is a monthly. Beyond that list's last date, and without such a list, the last
 * listed of a calendar month is one. `listed` and `reference`: ISO dates, ascending.
 */
export function classifyExpiries(
  listed: readonly string[],
  reference: readonly string[] | null,
): ClassedExpiry[] {
  const known = new Set(reference ?? []);
  const horizon = reference?.at(-1) ?? '';
  return listed.map((expiry, index) => {
    const isLastOfMonth = listed[index + 1]?.slice(0, 7) !== expiry.slice(0, 7);
    const isMonthly = expiry <= horizon ? known.has(expiry) : isLastOfMonth;
    if (!isMonthly) return { expiry, class: 'weekly' };
    return { expiry, class: quarterMonths.has(expiry.slice(5, 7)) ? 'quarterly' : 'monthly' };
  });
}

/** The expiries a rule asks for, as far as the list has them: ascending, without repeats. */
export function selectExpiries(
  classed: readonly ClassedExpiry[],
  rule: UniverseRow['expiries'],
): ClassedExpiry[] {
  const monthlies = classed.filter((one) => one.class !== 'weekly');
  const quarterlies = classed.filter((one) => one.class === 'quarterly');
  const chosen = new Set([
    ...classed.slice(0, rule.nearest),
    ...monthlies.slice(0, rule.monthlies),
    ...quarterlies.slice(0, rule.quarterlies),
  ]);
  return classed.filter((one) => chosen.has(one));
}
