import { dayNumberOf, weekdayOf } from './local-time';
import { weekdays, type DateEntry, type TradingHoursTemplate } from './template';

/** What looks like a mistake in a template, though it can be meant. */
export interface TemplateWarning {
  date: string;
  /** Path of the entry within the template: `dates.3`. */
  field: string;
  message: string;
}

const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** Looks for typical mistakes in dates; none of them makes a template invalid. */
export function templateWarnings(
  template: Pick<TradingHoursTemplate, 'weeks' | 'dates' | 'overrides'>,
): TemplateWarning[] {
  return [
    ...warningsOf('dates', template.dates, template.weeks),
    ...warningsOf('overrides', template.overrides, template.weeks),
  ];
}

function warningsOf(
  layer: string,
  entries: readonly DateEntry[],
  weeks: TradingHoursTemplate['weeks'],
): TemplateWarning[] {
  const seen = new Map<string, number>();
  return entries.flatMap((entry, place) => {
    const { date, kind, knownAt } = entry;
    const day = dayNumberOf(date) ?? 0;
    const messages: string[] = [];
    const weekday = weekdays[weekdayOf(day)] ?? 'sun';
    const isWorked = weeks.some(({ days }) => (days[weekday] ?? []).length > 0);
    if ((kind === 'closed' || kind === 'partial') && !isWorked) {
      messages.push(`${dayNames[weekdayOf(day)]} is closed anyway`);
    }
    const key = `${date} ${kind} ${knownAt ?? ''}`;
    const first = seen.get(key);
    if (first !== undefined) messages.push(`is there already, at ${layer}.${first}`);
    else seen.set(key, place);
    const named = otherWeekday(entry.name, day);
    if (named) messages.push(`is a ${dayNames[weekdayOf(day)]}, its name says ${named}`);
    if (layer === 'dates' && isMisplaced(entries, place)) {
      messages.push('stands among the dates of another year');
    }
    return messages.map((message) => ({ date, field: `${layer}.${place}`, message }));
  });
}

function otherWeekday(name: string, day: number): string | undefined {
  const named = dayNames.filter((one) => new RegExp(`\\b${one}\\b`, 'i').test(name));
  return named.includes(dayNames[weekdayOf(day)] ?? '') ? undefined : named[0];
}

/** Its neighbours are of one year, and it is of another. */
function isMisplaced(entries: readonly DateEntry[], place: number): boolean {
  const yearOf = (index: number): string | undefined => entries[index]?.date.slice(0, 4);
  const [before, own, after] = [yearOf(place - 1), yearOf(place), yearOf(place + 1)];
  return before !== undefined && before === after && own !== before;
}
