import { isIsoDate } from '@strikewire/contracts';
import { csvLineOf, readCsv, type CsvRow } from './csv-text';
import { problemsOf, refuseIfAny, type FileProblem } from './file-problems';
import { fileEntriesMax, type Holiday } from './holiday-json';
import { secondsOf } from './local-time';
import {
  dateEntrySchema,
  exchangeSchema,
  usualClass,
  type DateEntry,
  type PhaseWindow,
} from './template';
import { windowFaults } from './window-faults';

/** Columns that a file has; the others may follow. */
const columns = ['date', 'exchange', 'kind', 'open', 'close', 'description', 'source'] as const;
const moreColumns = ['phase', 'classes', 'minutes', 'known_at'] as const;
type Column = (typeof columns)[number] | (typeof moreColumns)[number];

const kinds = {
  full_day: 'closed',
  partial: 'partial',
  special_session: 'special',
  extension: 'extension',
  regular: 'regular',
  settlement_holiday: 'settlement_holiday',
} as const;
type Kind = keyof typeof kinds;

interface Row {
  line: number;
  of(column: Column): string;
}

/**
 * Dates of any exchanges from CSV; rows of one special session are its windows. A bad file is
 * refused as `parseTemplate` does it.
 */
export function parseHolidayCsv(text: string): Holiday[] {
  const { rows, problems } = readCsv(text);
  refuseIfAny(problems);
  const read = rowsOf(rows);
  const found: FileProblem[] = [];
  const groups = new Map<string, Row[]>();
  for (const row of read) {
    const key = [row.of('exchange'), row.of('date'), row.of('kind'), row.of('known_at')].join();
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const holidays: Holiday[] = [];
  for (const group of groups.values()) {
    const ofRows = group.flatMap(problemsOfRow);
    const own = ofRows.length > 0 ? ofRows : problemsOfGroup(group);
    if (own.length === 0) holidays.push(holidayOf(group, found));
    found.push(...own);
  }
  refuseIfAny(found);
  return holidays;
}

/** Named by the header, which has to be the first line. */
function rowsOf(rows: readonly CsvRow[]): Row[] {
  const [header, ...others] = rows;
  const names = header?.fields ?? [];
  const known: readonly string[] = moreColumns;
  const more = names.slice(columns.length);
  const isHeader = columns.every((name, index) => names[index] === name)
    && more.every((name) => known.includes(name)) && new Set(more).size === more.length;
  const needed = `needs ${columns.join(',')} and may have ${moreColumns.join(',')} after them`;
  if (!isHeader) refuseIfAny([{ line: header?.line ?? 1, field: 'header', needed }]);
  if (others.length > fileEntriesMax) {
    refuseIfAny([{ line: 1, field: 'file', needed: `needs at most ${fileEntriesMax} rows` }]);
  }
  refuseIfAny(
    others
      .filter(({ fields }) => fields.length !== names.length)
      .map(({ line, fields }) => {
        const fieldCount = `needs ${names.length} fields, has ${fields.length}`;
        return { line, field: 'row', needed: fieldCount };
      }),
  );
  return others.map(({ line, fields }) => {
    return { line, of: (column) => fields[names.indexOf(column)]?.trim() ?? '' };
  });
}

function problemsOfRow(row: Row): FileProblem[] {
  const problems: FileProblem[] = [];
  const miss = (field: Column, needed: string): void => {
    problems.push({ line: row.line, field, needed });
  };
  if (!Object.hasOwn(kinds, row.of('kind'))) {
    miss('kind', `needs one of ${Object.keys(kinds).join(', ')}`);
  }
  if (!isIsoDate(row.of('date'))) miss('date', 'needs to be an existing date, YYYY-MM-DD');
  if (!exchangeSchema.safeParse(row.of('exchange')).success) {
    miss('exchange', 'needs capitals and digits');
  }
  const [open, close] = [row.of('open'), row.of('close')];
  for (const column of ['open', 'close'] as const) {
    const time = row.of(column);
    if (time !== '' && secondsOf(time) === undefined) {
      miss(column, 'needs a local time, HH:MM or HH:MM:SS, up to 47:59:59');
    }
  }
  if ((secondsOf(close) ?? Infinity) <= (secondsOf(open) ?? -Infinity)) {
    miss('close', 'needs to be after open; 25:00 is one o\'clock of the day after');
  }
  const kind = row.of('kind');
  const hasTimes = kind === 'partial' || kind === 'special_session';
  if (!hasTimes && open !== '') miss('open', `needs to be empty for ${kind}`);
  if (!hasTimes && close !== '') miss('close', `needs to be empty for ${kind}`);
  if (kind === 'special_session' && (open === '') !== (close === '')) {
    miss(open === '' ? 'open' : 'close', 'needs a time, or both to be empty: hours not known yet');
  }
  if (kind === 'partial' && open === '' && close === '') miss('open', 'needs open, close, or both');
  if (kind !== 'extension' && row.of('minutes') !== '') miss('minutes', 'needs kind extension');
  for (const column of ['phase', 'classes'] as const) {
    if (kind === 'special_session' || row.of(column) === '') continue;
    miss(column, 'needs kind special_session');
  }
  return problems;
}

function problemsOfGroup(group: readonly Row[]): FileProblem[] {
  const [first, ...others] = group;
  if (first === undefined) return [];
  const already = `needs one row for the date and exchange, line ${first.line} has it already`;
  if (first.of('kind') !== 'special_session') {
    return others.map(({ line }) => ({ line, field: 'date', needed: already }));
  }
  const unknown = group.filter((row) => row.of('open') === '');
  if (group.length > 1 && unknown.length > 0) {
    const needed = 'needs a time in every row of the date';
    return unknown.map(({ line }) => ({ line, field: 'open', needed }));
  }
  const windows = group.map(windowOf);
  const classes = [usualClass, ...windows.flatMap((window) => window.classes ?? [])];
  return windowFaults(windows, classes)
    .filter(({ field }) => field === 'start')
    .map(({ place, message }) => {
      return { line: group[place]?.line ?? first.line, field: 'open', needed: message };
    });
}

function holidayOf(group: readonly Row[], found: FileProblem[]): Holiday {
  const [row] = group as readonly [Row, ...Row[]];
  const kind = kinds[row.of('kind') as Kind];
  const [opens, closes, source, knownAt] = [
    row.of('open'), row.of('close'), joined(group, 'source'), row.of('known_at'),
  ];
  const entry = {
    kind,
    date: row.of('date'),
    name: joined(group, 'description'),
    ...(source === '' ? {} : { source }),
    ...(knownAt === '' ? {} : { knownAt }),
    ...(kind === 'partial' && opens !== '' ? { opens } : {}),
    ...(kind === 'partial' && closes !== '' ? { closes } : {}),
    ...(kind === 'special' ? { windows: opens === '' ? null : group.map(windowOf) } : {}),
    ...(kind === 'extension' ? { minutes: Number(row.of('minutes') || NaN) } : {}),
  };
  const parsed = dateEntrySchema.safeParse(entry);
  if (parsed.success) return { exchange: row.of('exchange'), entry: parsed.data };
  const own: Record<string, string> = { name: 'description', knownAt: 'known_at' };
  const lineOf = (path: readonly PropertyKey[]): number =>
    (path[0] === 'windows' ? group[Number(path[1])] : row)?.line ?? row.line;
  for (const problem of problemsOf(parsed.error.issues, lineOf)) {
    const name = problem.field.split('.').at(-1) ?? '';
    found.push({ ...problem, field: own[name] ?? name });
  }
  return { exchange: row.of('exchange'), entry: entry as DateEntry };
}

function windowOf(row: Row): PhaseWindow {
  const phase = (row.of('phase') || 'continuous') as PhaseWindow['phase'];
  const classes = row.of('classes').split(' ').filter((name) => name !== '');
  const window = { phase, start: row.of('open'), end: row.of('close') };
  return classes.length === 0 ? window : { ...window, classes };
}

/** What the rows of a date say, each once. */
function joined(group: readonly Row[], column: Column): string {
  return [...new Set(group.map((row) => row.of(column)))].filter((text) => text !== '').join('; ');
}

/**
 * Dates as CSV. Kind `invalid` for a window that ends by a rule: only JSON says that.
 */
export function holidayCsvOf(exchange: string, dates: readonly DateEntry[]): string {
  const lines = dates.flatMap((entry) => linesOf(exchange, entry));
  return [csvLineOf([...columns, ...moreColumns]), ...lines, ''].join('\n');
}

function linesOf(exchange: string, entry: DateEntry): string[] {
  const [kind = ''] = Object.entries(kinds).find(([, own]) => own === entry.kind) ?? [];
  const lineOf = ({ open = '', close = '', phase = '', classes = '', minutes = '' }): string =>
    csvLineOf([
      entry.date, exchange, kind, open, close, entry.name, entry.source ?? '',
      phase, classes, minutes, entry.knownAt ?? '',
    ]);
  if (entry.kind === 'extension') return [lineOf({ minutes: String(entry.minutes) })];
  if (entry.kind === 'partial') {
    return [lineOf({ open: entry.opens ?? '', close: entry.closes ?? '' })];
  }
  if (entry.kind !== 'special' || entry.windows === null) return [lineOf({})];
  return entry.windows.map(({ phase, start, end, classes }) => {
    if (typeof end !== 'string') {
      const needed = `needs JSON: a window of ${entry.date} ends by a rule`;
      refuseIfAny([{ line: 1, field: 'windows', needed }]);
    }
    const names = classes?.join(' ') ?? '';
    return lineOf({ open: start, close: String(end), phase, classes: names });
  });
}
