import {
  holidayFileSchema,
  type HolidayFile,
  type HolidayImport,
  type HoursTemplateDetail,
} from '@strikewire/contracts';
import {
  templateSchema,
  type DateEntry,
  type TradingHoursTemplate,
} from '@strikewire/trading-hours';

/** A date of the year's list that a file brings or takes away. */
export interface HolidayChange {
  entry: DateEntry;
  isAdded: boolean;
}

const formats: Readonly<Record<string, HolidayFile['format']>> = {
  csv: 'csv',
  ics: 'ics',
  json: 'json',
};

/** Form of a file of dates, by its name; undefined when it is none. */
export function formatOf(name: string): HolidayFile['format'] | undefined {
  return formats[name.split('.').at(-1)?.toLowerCase() ?? ''];
}

/** What the text of a file needs before it is sent; empty when nothing. */
export function textNeed(text: string): string {
  const { success } = holidayFileSchema.shape.text.safeParse(text);
  return success ? '' : 'needs to be shorter: it is no list of holidays';
}

/** What an import makes of a template, and the dates by which it differs from what is saved. */
export function importedOf(
  saved: Pick<HoursTemplateDetail, 'body'>,
  { body }: HolidayImport,
): { template: TradingHoursTemplate; changes: HolidayChange[] } {
  const template = templateSchema.parse(body);
  const changes = holidayChanges(templateSchema.parse(saved.body).dates, template.dates);
  return { template, changes };
}

/** Entries that come and go, by date; of one date what goes is first. */
export function holidayChanges(
  before: readonly DateEntry[],
  after: readonly DateEntry[],
): HolidayChange[] {
  const textOf = (entry: DateEntry): string =>
    JSON.stringify(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : 1)));
  const [had, has] = [new Set(before.map(textOf)), new Set(after.map(textOf))];
  const gone = before.filter((entry) => !has.has(textOf(entry)));
  const come = after.filter((entry) => !had.has(textOf(entry)));
  return [
    ...gone.map((entry) => ({ entry, isAdded: false })),
    ...come.map((entry) => ({ entry, isAdded: true })),
  ].sort((a, b) => a.entry.date.localeCompare(b.entry.date));
}
