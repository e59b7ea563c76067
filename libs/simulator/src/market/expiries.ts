import { addDays, lastWeekday, weekdayOf } from './dates';

/** Which expiries an underlying lists. Months count those still ahead, the running one included. */
export interface ExpiryRule {
  /** Day of the week: 2 is Tuesday (NSE), 4 is Thursday (BSE). */
  weekday: number;
  weeklies: number;
  monthlies: number;
  /** March, June, September and December. */
  quarterlies: number;
  /** June and December. */
  halfYearlies: number;
}

/**
 * The listed expiries from `today` on, ascending, without repeats. A nominal day on which the
 * exchange is closed moves to the business day before it.
 */
export function listExpiries(
  rule: ExpiryRule,
  today: string,
  isBusinessDay: (date: string) => boolean,
): string[] {
  const moved = (date: string): string => {
    let day = date;
    while (!isBusinessDay(day)) day = addDays(day, -1);
    return day;
  };
  const month = (ahead: number): string => {
    const [year, first] = [Number(today.slice(0, 4)), Number(today.slice(5, 7)) - 1];
    return moved(lastWeekday(year, first + ahead, rule.weekday));
  };
  const weekly = (ahead: number): string => {
    const firstGap = (rule.weekday - weekdayOf(today) + 7) % 7;
    return moved(addDays(today, firstGap + 7 * ahead));
  };
  const every = (date: string): boolean => date >= today;
  const inMonths = (...months: string[]) => (date: string) =>
    every(date) && months.includes(date.slice(5, 7));
  return [
    ...new Set([
      ...firstOf(rule.weeklies, weekly, every),
      ...firstOf(rule.monthlies, month, every),
      ...firstOf(rule.quarterlies, month, inMonths('03', '06', '09', '12')),
      ...firstOf(rule.halfYearlies, month, inMonths('06', '12')),
    ]),
  ].sort();
}

function firstOf(
  count: number,
  dateAt: (ahead: number) => string,
  fits: (date: string) => boolean,
): string[] {
  const found: string[] = [];
  for (let ahead = 0; found.length < count; ahead++) {
    const date = dateAt(ahead);
    if (fits(date)) found.push(date);
  }
  return found;
}
