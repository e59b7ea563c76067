import { z } from 'zod';
import { problemsOf, refuseIfAny } from './file-problems';
import { readJsonText } from './json-text';
import { dateEntrySchema, exchangeSchema, type DateEntry } from './template';

/** Name and version of the format of dates in JSON. */
export const holidayFormat = 'strikewire-holidays/1';

/** Rows, entries or events that a file of dates may have. */
export const fileEntriesMax = 10_000;

/** A date of an exchange. */
export interface Holiday {
  exchange: string;
  entry: DateEntry;
}

const fileSchema = z.strictObject({
  format: z.literal(holidayFormat, { error: `needs "${holidayFormat}"` }),
  exchange: exchangeSchema,
  dates: z.array(dateEntrySchema).max(fileEntriesMax),
});

/** Dates of one exchange; a bad file is refused as `parseTemplate` does it. */
export function parseHolidayJson(text: string): Holiday[] {
  const { value, lineOf, problems } = readJsonText(text);
  refuseIfAny(problems);
  const parsed = fileSchema.safeParse(value);
  if (!parsed.success) refuseIfAny(problemsOf(parsed.error.issues, lineOf));
  const { exchange, dates } = parsed.data as z.infer<typeof fileSchema>;
  return dates.map((entry) => ({ exchange, entry }));
}

/** Dates of one exchange as a file. */
export function holidayJsonOf(exchange: string, dates: readonly DateEntry[]): string {
  return `${JSON.stringify({ format: holidayFormat, exchange, dates }, null, 2)}\n`;
}
