import type { Activity } from '@strikewire/contracts';

const columns = [
  'sequence',
  'at',
  'actorKind',
  'actor',
  'action',
  'subjectKind',
  'subject',
  'subjectId',
  'before',
  'after',
  'address',
  'requestId',
  'hash',
] as const;

/** The log as a file, line by line. */
export function activityFile(
  format: 'csv' | 'ndjson',
  entries: AsyncIterable<Activity>,
): { mediaType: string; lines: AsyncIterable<string> } {
  return format === 'csv'
    ? { mediaType: 'text/csv; charset=utf-8', lines: csvLines(entries) }
    : { mediaType: 'application/x-ndjson; charset=utf-8', lines: jsonLines(entries) };
}

async function* jsonLines(entries: AsyncIterable<Activity>): AsyncGenerator<string> {
  for await (const entry of entries) yield `${JSON.stringify(entry)}\n`;
}

async function* csvLines(entries: AsyncIterable<Activity>): AsyncGenerator<string> {
  yield `${columns.join(',')}\r\n`;
  for await (const entry of entries) yield `${cellsOf(entry).map(csvCell).join(',')}\r\n`;
}

function cellsOf(entry: Activity): (string | number)[] {
  const { sequence, at, actor, action, subject, before, after, address, requestId, hash } = entry;
  return [
    sequence,
    at,
    actor.kind,
    actor.name,
    action,
    subject.kind,
    subject.name,
    subject.id,
    before === null ? '' : JSON.stringify(before),
    after === null ? '' : JSON.stringify(after),
    address ?? '',
    requestId ?? '',
    hash,
  ];
}

/** Quoted (RFC 4180); a text that a spreadsheet would run as a formula gets a quote before it. */
function csvCell(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : `${value}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
