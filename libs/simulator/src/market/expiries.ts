import { addDays, dayOfMonth, lastWeekday, weekdayOf } from './dates';

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

/** Of a commodity: each option is on a future, and ends some business days before it. */
export interface DeliveryRule {
  /** Day of the month on which the future expires, or the business day before it. */
  day: number;
  /** Months that have a future, 1 to 12. */
  months: readonly number[];
  /** Business days from the option's end to its future's. */
  leadDays: number;
  /** Option expiries that are listed. */
  count: number;
}

/** Futures of a commodity from `today` on, ascending, as many as asked for. */
export function listDeliveries(
  rule: DeliveryRule,
  today: string,
  count: number,
  isBusinessDay: (date: string) => boolean,
): string[] {
  const first = 12 * Number(today.slice(0, 4)) + Number(today.slice(5, 7)) - 1;
  const found: string[] = [];
  for (let month = first; found.length < count; month++) {
    if (!rule.months.includes((month % 12) + 1)) continue;
    const date = backTo(dayOfMonth(Math.floor(month / 12), month % 12, rule.day), isBusinessDay);
    if (date >= today) found.push(date);
  }
  return found;
}

/** When the options on the future of a date end. */
export function optionEnd(
  { leadDays }: DeliveryRule,
  delivery: string,
  isBusinessDay: (date: string) => boolean,
): string {
  let date = delivery;
  for (let day = 0; day < leadDays; day++) date = backTo(addDays(date, -1), isBusinessDay);
  return date;
}

/** The option expiries of a commodity from `today` on, ascending. */
export function listCommodityExpiries(
  rule: DeliveryRule,
  today: string,
  isBusinessDay: (date: string) => boolean,
): string[] {
  // Of the nearest future, the options may have ended already.
  return listDeliveries(rule, today, rule.count + 1, isBusinessDay)
    .map((delivery) => optionEnd(rule, delivery, isBusinessDay))
    .filter((date) => date >= today)
    .slice(0, rule.count);
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
  const moved = (date: string): string => backTo(date, isBusinessDay);
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

function backTo(date: string, isBusinessDay: (date: string) => boolean): string {
  let day = date;
  while (!isBusinessDay(day)) day = addDays(day, -1);
  return day;
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
