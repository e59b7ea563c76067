import type { FileProblem } from './file-problems';

/** A line of iCalendar, unfolded. */
export interface CalendarLine {
  /** Of the file, where it begins. */
  line: number;
  name: string;
  parameters: ReadonlyMap<string, string>;
  value: string;
}

const token = '(?:"[^"]*"|[^";:,]*)';
const property = new RegExp(
  `^([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=${token}(?:,${token})*)*):(.*)$`,
);
const parameter = /;([A-Za-z0-9-]+)=("[^"]*"|[^;]*)/g;

/** Lines of iCalendar (RFC 5545): folded ones are put together. */
export function readCalendarLines(text: string): {
  lines: CalendarLine[];
  problems: FileProblem[];
} {
  const lines: CalendarLine[] = [];
  const problems: FileProblem[] = [];
  for (const { line, text: content } of unfolded(text)) {
    const [, name, parameters = '', value = ''] = property.exec(content) ?? [];
    if (name === undefined) {
      problems.push({ line, field: 'line', needed: 'needs NAME:value, or NAME;PARAMETER=x:value' });
      continue;
    }
    const pairs = [...parameters.matchAll(parameter)].map(
      ([, key = '', own = '']) => [key.toUpperCase(), own.replaceAll('"', '')] as const,
    );
    lines.push({ line, name: name.toUpperCase(), parameters: new Map(pairs), value });
  }
  return { lines, problems };
}

function unfolded(text: string): { line: number; text: string }[] {
  const lines: { line: number; text: string }[] = [];
  for (const [index, one] of text.replace(/^\uFEFF/, '').split(/\r?\n/).entries()) {
    const last = lines.at(-1);
    if (last && /^[ \t]/.test(one)) last.text += one.slice(1);
    else if (one !== '') lines.push({ line: index + 1, text: one });
  }
  return lines;
}

const octetsMax = 75;

/** A line of iCalendar, folded so that none has more than 75 octets. */
export function calendarLineOf(name: string, value: string): string {
  const lines = [''];
  let octets = 0;
  for (const sign of `${name}:${value}`) {
    const size = new TextEncoder().encode(sign).length;
    if (octets + size > octetsMax) {
      lines.push(' ');
      octets = 1;
    }
    lines[lines.length - 1] += sign;
    octets += size;
  }
  return lines.join('\r\n');
}

/** Free text as iCalendar writes it. */
export function escapedText(text: string): string {
  return text.replace(/[\\;,]/g, (sign) => `\\${sign}`).replace(/\r?\n/g, '\\n');
}

/** The same read back. */
export function unescapedText(text: string): string {
  return text.replace(/\\([\\;,nN])/g, (_, sign: string) => (/n/i.test(sign) ? '\n' : sign));
}
