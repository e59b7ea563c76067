import { StrikewireError } from '@strikewire/runtime';
import { problemsOf, refuseIfAny, refuseIfLong } from './file-problems';
import { readJsonText } from './json-text';
import { createCalendar } from './session-calendar';
import { templateSchema, type TradingHoursInput, type TradingHoursTemplate } from './template';

/**
 * A template from a file. A bad one is refused whole: kind `invalid`, code `file_invalid`, with
 * `details.problems`: line, field and what was needed there, the first 50.
 */
export function parseTemplate(text: string): TradingHoursTemplate {
  refuseIfLong(text);
  const { value, lineOf, problems } = readJsonText(text);
  refuseIfAny(problems);
  const parsed = templateSchema.safeParse(value);
  if (!parsed.success) refuseIfAny(problemsOf(parsed.error.issues, lineOf));
  const template = parsed.data as TradingHoursTemplate;
  try {
    createCalendar(template);
  } catch (thrown) {
    if (!(thrown instanceof StrikewireError)) throw thrown;
    const date = /^\d{4}-\d\d-\d\d/.exec(thrown.message)?.[0] ?? '';
    const layer = template.overrides.some((entry) => entry.date === date) ? 'overrides' : 'dates';
    const place = template[layer].findIndex((entry) => entry.date === date);
    const path = place < 0 ? ['weeks'] : [layer, place];
    const needed = `needs windows in order that do not overlap, ${thrown.message}`;
    refuseIfAny([{ line: lineOf(path), field: path.join('.'), needed }]);
  }
  return template;
}

/** A template as a file, to be read by `parseTemplate`. */
export function exportTemplate(template: TradingHoursInput): string {
  return `${JSON.stringify(template, null, 2)}\n`;
}
