import { weekdays, type DateEntry, type TradingHoursTemplate } from '@strikewire/trading-hours';
import { entriesOf, type PlacedEntry } from './date-entries';
import { eraOn, hoursBefore } from './template-edit';

/** One date of the year view. */
export interface YearDay {
  date: string;
  day: number;
  /** Of the entry that decides; null on an ordinary day. */
  kind: DateEntry['kind'] | 'unknown' | null;
  name: string;
  /** The weekday has no hours. */
  isRest: boolean;
}

/** A month: blanks before its first day, weeks beginning on Monday. */
export interface YearMonth {
  name: string;
  blanks: number;
  days: YearDay[];
}

const monthNames = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];

/** A year as it is drawn. */
export function yearGrid(template: TradingHoursTemplate, year: number): YearMonth[] {
  const placed = entriesOf(template, year).sort((a, b) => weightOf(a) - weightOf(b));
  const byDate = new Map(placed.map(({ entry }) => [entry.date, entry]));
  return monthNames.map((name, month) => {
    const first = new Date(Date.UTC(year, month, 1));
    const count = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
    const days = Array.from({ length: count }, (_, index) => {
      const date = `${year}-${two(month + 1)}-${two(index + 1)}`;
      return dayOf(template, date, byDate.get(date));
    });
    return { name, blanks: (first.getUTCDay() + 6) % 7, days };
  });
}

/** Of several entries of a date the heaviest decides, as in the calendar. */
function weightOf({ entry: { kind }, layer }: PlacedEntry): number {
  if (kind === 'settlement_holiday') return 0;
  if (kind === 'extension') return 1;
  if (layer === 'overrides') return 4;
  return kind === 'special' ? 3 : 2;
}

function dayOf(
  template: TradingHoursTemplate,
  date: string,
  entry: DateEntry | undefined,
): YearDay {
  const isUnknown = entry?.kind === 'special' && entry.windows === null;
  return {
    date,
    day: Number(date.slice(8)),
    kind: isUnknown ? 'unknown' : (entry?.kind ?? null),
    name: entry?.name ?? '',
    isRest: isRest(template, date),
  };
}

function isRest(template: TradingHoursTemplate, date: string): boolean {
  const era = eraOn(template, date);
  const day = weekdays[new Date(`${date}T00:00:00Z`).getUTCDay()] ?? 'sun';
  const windows = template.weeks[era]?.days[day] ?? hoursBefore(template, era, day)?.windows;
  return (windows ?? []).length === 0;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
