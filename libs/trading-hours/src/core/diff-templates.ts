import { dateOf, dayNumberOf } from './local-time';
import { createCalendar, type TradingDay } from './session-calendar';
import type { TradingHoursInput } from './template';

/** A date that one template has otherwise than another. */
export interface DayDifference {
  date: string;
  /** Null: not within that calendar. */
  before: TradingDay | null;
  after: TradingDay | null;
  /** Classes of instruments whose hours differ. */
  classes: string[];
}

/** Days that can be compared at once. */
const daysMax = 4_000;

/** What changes on `days` dates from `from` on, when one template takes another's place. */
export function diffTemplates(
  before: TradingHoursInput,
  after: TradingHoursInput,
  from: string,
  days: number,
): DayDifference[] {
  const first = dayNumberOf(from);
  const isRange = Number.isInteger(days) && days >= 1 && days <= daysMax;
  if (first === undefined || !isRange) {
    throw new RangeError(`needs a date and 1 to ${daysMax} days, found ${from} and ${days}`);
  }
  const [was, is] = [createCalendar(before), createCalendar(after)];
  const names = (template: TradingHoursInput): string[] => Object.keys(template.tradable ?? {});
  const classes = new Set(['default', ...names(before), ...names(after)]);
  const dayOf = (calendar: typeof was, date: string, name: string): TradingDay | null =>
    date < calendar.from || date > calendar.to
      ? null
      : calendar.sessionOn(date, { instrumentClass: name });
  const differs = (date: string, name: string): boolean =>
    factsOf(dayOf(was, date, name)) !== factsOf(dayOf(is, date, name));
  return Array.from({ length: days }, (_, index) => dateOf(first + index)).flatMap((date) => {
    const changed = [...classes].filter((name) => differs(date, name));
    if (changed.length === 0) return [];
    const [own = 'default'] = changed.includes('default') ? ['default'] : changed;
    return [
      { date, before: dayOf(was, date, own), after: dayOf(is, date, own), classes: changed },
    ];
  });
}

/** What a day is told apart by: not its name or source. */
function factsOf(day: TradingDay | null): string {
  return JSON.stringify(day && [day.state, day.settles, day.phases, day.sessions]);
}
