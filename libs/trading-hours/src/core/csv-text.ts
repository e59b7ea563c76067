import type { FileProblem } from './file-problems';

/** A row of a CSV file, with the line that it begins in. */
export interface CsvRow {
  line: number;
  fields: string[];
}

const field = /"((?:[^"]|"")*)"|([^",\r\n]*)/y;
const separator = /,|\r?\n|$/y;

/** Rows of CSV as RFC 4180 has it, LF or CRLF; empty lines are left out. */
export function readCsv(text: string): { rows: CsvRow[]; problems: FileProblem[] } {
  const rows: CsvRow[] = [];
  let line = 1;
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  let row: CsvRow = { line, fields: [] };
  while (at < text.length) {
    field.lastIndex = at;
    const [whole = '', quoted, plain = ''] = field.exec(text) ?? [];
    row.fields.push(quoted?.replaceAll('""', '"') ?? plain);
    separator.lastIndex = at + whole.length;
    const end = separator.exec(text);
    line += whole.split('\n').length - 1;
    if (end === null) {
      const needed = 'needs a comma or the end of the line after the field; quotes are doubled';
      return { rows, problems: [{ line, field: `column ${row.fields.length}`, needed }] };
    }
    at += whole.length + end[0].length;
    if (end[0] === ',' && at < text.length) continue;
    if (end[0] === ',') row.fields.push('');
    if (row.fields.length > 1 || row.fields[0] !== '') rows.push(row);
    if (end[0] !== '') line++;
    row = { line, fields: [] };
  }
  return { rows, problems: [] };
}

/** One line of CSV, without its end. */
export function csvLineOf(fields: readonly string[]): string {
  const quoted = (text: string): string =>
    /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  return fields.map(quoted).join(',');
}
