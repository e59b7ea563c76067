import { Temporal } from 'temporal-polyfill';
import {
  calendarLineOf,
  escapedText,
  readCalendarLines,
  unescapedText,
  type CalendarLine,
} from './calendar-text';
import { problemsOf, refuseIfAny, type FileProblem } from './file-problems';
import { fileEntriesMax } from './holiday-json';
import { dateOf, dayNumberOf, secondsOf, timeTextOf } from './local-time';
import { dateEntrySchema, usualClass, type DateEntry, type PhaseWindow } from './template';
import { windowFaults } from './window-faults';

/** Events of other kinds than closed and special carry the entry itself, as JSON. */
const entryProperty = 'X-STRIKEWIRE-ENTRY';
const daysMax = 31;

interface Event {
  line: number;
  properties: Map<string, CalendarLine>;
}
/** Local time in the template's zone. */
interface Moment {
  dayNumber: number;
  /** Undefined: the whole day. */
  seconds: number | undefined;
}

/**
 * Dates from iCalendar: an event of whole days closes them, one with times is a window of a special
 * day. A bad file is refused as `parseTemplate` does it.
 */
export function parseHolidayIcs(text: string, timeZone: string): DateEntry[] {
  const { lines, problems } = readCalendarLines(text);
  refuseIfAny(problems);
  const found: FileProblem[] = [];
  const entries = eventsOf(lines, found).flatMap((event) =>
    entriesOf(event, timeZone, found).map((entry): Dated => ({ line: event.line, entry })),
  );
  if (entries.length > fileEntriesMax) {
    found.push({ line: 1, field: 'file', needed: `needs at most ${fileEntriesMax} dates` });
  }
  const dates = joined(entries, found);
  refuseIfAny(found);
  return dates;
}

function eventsOf(lines: readonly CalendarLine[], found: FileProblem[]): Event[] {
  const events: Event[] = [];
  const open: string[] = [];
  if (lines[0]?.name !== 'BEGIN' || lines[0].value.toUpperCase() !== 'VCALENDAR') {
    refuseIfAny([{ line: lines[0]?.line ?? 1, field: 'file', needed: 'needs BEGIN:VCALENDAR' }]);
  }
  for (const one of lines) {
    const value = one.value.toUpperCase();
    if (one.name === 'BEGIN') {
      open.push(value);
      if (value === 'VEVENT') events.push({ line: one.line, properties: new Map() });
    } else if (one.name === 'END') {
      const last = open.pop();
      if (last === value) continue;
      const needed = `needs END:${last ?? 'nothing'}, found ${one.value}`;
      found.push({ line: one.line, field: 'END', needed });
    } else if (open.at(-1) === 'VEVENT') events.at(-1)?.properties.set(one.name, one);
  }
  const left = open.pop();
  const line = lines.at(-1)?.line ?? 1;
  if (left !== undefined) found.push({ line, field: 'END', needed: `needs END:${left}` });
  const isCancelled = ({ properties }: Event): boolean =>
    properties.get('STATUS')?.value.toUpperCase() === 'CANCELLED';
  return events.filter((event) => !isCancelled(event));
}

function entriesOf(event: Event, timeZone: string, found: FileProblem[]): DateEntry[] {
  const { properties } = event;
  const miss = (field: string, needed: string): DateEntry[] => {
    found.push({ line: properties.get(field)?.line ?? event.line, field, needed });
    return [];
  };
  const own = properties.get(entryProperty);
  if (own) return ownEntry(own, found);
  for (const name of ['RRULE', 'RDATE', 'DURATION']) {
    if (properties.has(name)) return miss(name, 'needs DTSTART and DTEND of single days instead');
  }
  const name = unescapedText(properties.get('SUMMARY')?.value ?? '').trim();
  if (name === '' || name.length > 200) return miss('SUMMARY', 'needs 1 to 200 characters');
  const text = unescapedText(properties.get('DESCRIPTION')?.value ?? '').trim();
  const about = { name, ...(text === '' ? {} : { source: text.slice(0, 1_000) }) };
  const start = momentOf(properties.get('DTSTART'), timeZone);
  if (start === undefined) return miss('DTSTART', momentNeeded);
  const hasEnd = properties.has('DTEND');
  const end = momentOf(properties.get('DTEND'), timeZone);
  if (hasEnd && end === undefined) return miss('DTEND', momentNeeded);
  if (start.seconds === undefined) {
    const endDay = end?.dayNumber ?? start.dayNumber + 1;
    const days = endDay - start.dayNumber;
    if (end?.seconds !== undefined || days < 1 || days > daysMax) {
      return miss('DTEND', `needs a date 1 to ${daysMax} days after DTSTART: it is not included`);
    }
    return Array.from({ length: days }, (_, index) => {
      return { kind: 'closed', date: dateOf(start.dayNumber + index), ...about };
    });
  }
  const window = windowOf(start, end);
  if (window === undefined) return miss('DTEND', 'needs a time after DTSTART, within 24 hours');
  return [{ kind: 'special', date: dateOf(start.dayNumber), ...about, windows: [window] }];
}

function windowOf(start: Moment, end: Moment | undefined): PhaseWindow | undefined {
  if (start.seconds === undefined || end?.seconds === undefined) return undefined;
  const seconds = (end.dayNumber - start.dayNumber) * 86_400 + end.seconds;
  if (seconds <= start.seconds || seconds - start.seconds > 86_400) return undefined;
  const times = { start: timeTextOf(start.seconds), end: timeTextOf(seconds) };
  return { phase: 'continuous', ...times };
}

function ownEntry({ line, value }: CalendarLine, found: FileProblem[]): DateEntry[] {
  let entry: unknown;
  try {
    entry = JSON.parse(unescapedText(value));
  } catch {
    found.push({ line, field: entryProperty, needed: 'needs an entry as JSON' });
    return [];
  }
  const parsed = dateEntrySchema.safeParse(entry);
  if (parsed.success) return [parsed.data];
  found.push(...problemsOf(parsed.error.issues, () => line));
  return [];
}

const momentNeeded = 'needs YYYYMMDD or YYYYMMDDTHHMMSS, in UTC with Z, or with a known TZID';
const momentShape = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?$/;

function momentOf(line: CalendarLine | undefined, timeZone: string): Moment | undefined {
  const parts = momentShape.exec(line?.value ?? '');
  if (!line || !parts) return undefined;
  const [, year, month, day, hours, minutes, seconds, utc] = parts;
  const date = `${year}-${month}-${day}`;
  const dayNumber = dayNumberOf(date);
  if (dayNumber === undefined) return undefined;
  if (hours === undefined) return { dayNumber, seconds: undefined };
  const time = `${hours}:${minutes}:${seconds}`;
  const own = secondsOf(time);
  if (own === undefined || own >= 86_400) return undefined;
  const zone = utc === 'Z' ? 'UTC' : (line.parameters.get('TZID') ?? timeZone);
  if (zone === timeZone) return { dayNumber, seconds: own };
  return converted(`${date}T${time}`, zone, timeZone);
}

/** From another zone's local time. */
function converted(text: string, zone: string, timeZone: string): Moment | undefined {
  try {
    const local = Temporal.PlainDateTime.from(text).toZonedDateTime(zone).withTimeZone(timeZone);
    const [date = '', time = ''] = local.toPlainDateTime().toString().split('T');
    const dayNumber = dayNumberOf(date);
    return dayNumber === undefined ? undefined : { dayNumber, seconds: secondsOf(time) };
  } catch {
    return undefined;
  }
}

/** An entry with the line of its event. */
interface Dated {
  line: number;
  entry: DateEntry;
}

/** Windows of one date belong to one special day, in their order. */
function joined(entries: readonly Dated[], found: FileProblem[]): DateEntry[] {
  const all: DateEntry[] = [];
  const byDate = new Map<string, Dated[]>();
  for (const { line, entry } of entries) {
    const { kind, date, knownAt } = entry;
    if (kind !== 'special' || entry.windows === null || knownAt) all.push(entry);
    else byDate.set(date, [...(byDate.get(date) ?? []), { line, entry }]);
  }
  for (const parts of byDate.values()) all.push(specialOf(parts, found));
  return all.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
}

function specialOf(parts: readonly Dated[], found: FileProblem[]): DateEntry {
  const [{ entry }] = parts as readonly [Dated, ...Dated[]];
  const windows = parts.flatMap(({ line, entry: part }) =>
    part.kind === 'special' ? (part.windows ?? []).map((window) => ({ line, window })) : [],
  );
  if (parts.length > 1) {
    windows.sort((a, b) => (secondsOf(a.window.start) ?? 0) - (secondsOf(b.window.start) ?? 0));
  }
  const own = windows.map(({ window }) => window);
  const classes = [usualClass, ...own.flatMap((window) => window.classes ?? [])];
  for (const { place, message } of windowFaults(own, classes)) {
    found.push({ line: windows[place]?.line ?? 1, field: 'DTSTART', needed: message });
  }
  const name = [...new Set(parts.map((part) => part.entry.name))].join('; ').slice(0, 200);
  return { ...entry, kind: 'special', name, windows: own };
}

/** What an iCalendar file says of itself. */
export interface CalendarAbout {
  name: string;
  timeZone: string;
  /** Epoch ms: when it was made. */
  madeMs: number;
}

/** Dates as iCalendar. What it has no words for is an event of the whole day with the entry. */
export function holidayIcsOf(dates: readonly DateEntry[], about: CalendarAbout): string {
  const stamp = new Date(about.madeMs).toISOString().replace(/[-:]|\.\d+/g, '');
  const events = dates.flatMap((entry, place) => eventLines(entry, about.timeZone, place));
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Strikewire//Trading hours//EN',
    calendarLineOf('X-WR-CALNAME', escapedText(about.name)),
    ...events.flatMap(({ uid, own }) => [
      'BEGIN:VEVENT',
      calendarLineOf('UID', `${uid}@strikewire`),
      `DTSTAMP:${stamp}`,
      ...own,
      'END:VEVENT',
    ]),
    'END:VCALENDAR',
  ];
  return `${lines.join('\r\n')}\r\n`;
}

function eventLines(
  entry: DateEntry,
  timeZone: string,
  place: number,
): { uid: string; own: string[] }[] {
  const compact = (date: string): string => date.replaceAll('-', '');
  const text = [
    calendarLineOf('SUMMARY', escapedText(entry.name)),
    ...(entry.source ? [calendarLineOf('DESCRIPTION', escapedText(entry.source))] : []),
  ];
  const uid = `${entry.date}-${place}`;
  const isPlain = entry.knownAt === undefined;
  const windows = entry.kind === 'special' && isPlain ? entry.windows : null;
  if (windows?.every(isPlainWindow)) {
    return windows.map(({ start, end }, index) => {
      const at = (name: string, time: string): string =>
        `${name};TZID=${timeZone}:${localText(entry.date, time)}`;
      const times = [at('DTSTART', start), at('DTEND', String(end))];
      return { uid: `${uid}-${index}`, own: [...times, ...text] };
    });
  }
  const whole = `DTSTART;VALUE=DATE:${compact(entry.date)}`;
  if (entry.kind === 'closed' && isPlain) return [{ uid, own: [whole, ...text] }];
  const own = calendarLineOf(entryProperty, escapedText(JSON.stringify(entry)));
  return [{ uid, own: [whole, ...text, own] }];
}

function isPlainWindow({ phase, end, classes }: PhaseWindow): boolean {
  return phase === 'continuous' && typeof end === 'string' && classes === undefined;
}

function localText(date: string, time: string): string {
  const seconds = secondsOf(time) ?? 0;
  const day = dateOf((dayNumberOf(date) ?? 0) + Math.floor(seconds / 86_400));
  const [hours = '', minutes = '', own = '00'] = timeTextOf(seconds % 86_400).split(':');
  return `${day.replaceAll('-', '')}T${hours}${minutes}${own}`;
}
