import { refuseIfAny, refuseIfLong } from './file-problems';
import { holidayCsvOf, parseHolidayCsv } from './holiday-csv';
import { holidayIcsOf, parseHolidayIcs } from './holiday-ics';
import { holidayJsonOf, parseHolidayJson, type Holiday } from './holiday-json';
import type { DateEntry, TradingHoursTemplate } from './template';

/** Forms that files of dates have. */
export type HolidayFormat = 'json' | 'csv' | 'ics';

/**
 * What a file of dates has for a template's exchange, in order of date. A bad file is refused
 * whole: kind `invalid`, code `file_invalid`, with `details.problems`, the first 50; so is one that
 * has nothing for that exchange.
 */
export function parseHolidays(
  format: HolidayFormat,
  text: string,
  { exchange, timeZone }: Pick<TradingHoursTemplate, 'exchange' | 'timeZone'>,
): DateEntry[] {
  refuseIfLong(text);
  if (format === 'ics') return parseHolidayIcs(text, timeZone);
  const all = format === 'csv' ? parseHolidayCsv(text) : parseHolidayJson(text);
  const own = all.filter((holiday) => holiday.exchange === exchange);
  if (own.length === 0 && all.length > 0) {
    const others = [...new Set(all.map((holiday: Holiday) => holiday.exchange))].join(', ');
    const needed = `needs dates of ${exchange}, has ${others}`;
    refuseIfAny([{ line: 1, field: 'exchange', needed }]);
  }
  return byDate(own.map(({ entry }) => entry));
}

/** A template's dates as a file that `parseHolidays` reads; `madeMs`: epoch ms, for iCalendar. */
export function exportHolidays(
  format: HolidayFormat,
  { exchange, dates, name, timeZone }: TradingHoursTemplate,
  madeMs: number,
): string {
  if (format === 'csv') return holidayCsvOf(exchange, byDate(dates));
  if (format === 'json') return holidayJsonOf(exchange, byDate(dates));
  return holidayIcsOf(byDate(dates), { name, timeZone, madeMs });
}

/** What becomes of a template's dates. */
export interface MergedDates {
  dates: DateEntry[];
  added: number;
  removed: number;
  unchanged: number;
}

/**
 * `replace`: of the years that the new dates have, nothing else stays. `add`: beside what is there;
 * what is there already is not taken twice.
 */
export function mergeDates(
  before: readonly DateEntry[],
  more: readonly DateEntry[],
  mode: 'replace' | 'add',
): MergedDates {
  const years = new Set(more.map(({ date }) => date.slice(0, 4)));
  const textOf = (entry: DateEntry): string =>
    JSON.stringify(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1)));
  const [had, has] = [new Set(before.map(textOf)), new Set(more.map(textOf))];
  const stays = (entry: DateEntry): boolean =>
    mode === 'add' || has.has(textOf(entry)) || !years.has(entry.date.slice(0, 4));
  const kept = before.filter(stays);
  const added = more.filter((entry) => !had.has(textOf(entry)));
  return {
    dates: byDate([...kept, ...added]),
    added: added.length,
    removed: before.length - kept.length,
    unchanged: kept.length,
  };
}

/** Entries of one date keep their order: the last one counts. */
function byDate(entries: readonly DateEntry[]): DateEntry[] {
  return [...entries].sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
}
