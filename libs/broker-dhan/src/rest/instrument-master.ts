import { StrikewireError } from '@strikewire/runtime';

/** Rows of a file; ten times what it had in 2026. */
const rowsMax = 2_000_000;
const lineCharsMax = 4_096;

const columns = {
  exchange: 'EXCH_ID',
  segment: 'SEGMENT',
  id: 'SECURITY_ID',
  instrument: 'INSTRUMENT',
  underlyingId: 'UNDERLYING_SECURITY_ID',
  underlying: 'UNDERLYING_SYMBOL',
  symbol: 'SYMBOL_NAME',
  display: 'DISPLAY_NAME',
  lotSize: 'LOT_SIZE',
  expiry: 'SM_EXPIRY_DATE',
  strike: 'STRIKE_PRICE',
  optionType: 'OPTION_TYPE',
  tickSize: 'TICK_SIZE',
  freeze: 'SM_FREEZE_QTY',
} as const;

type Column = keyof typeof columns;

/** Columns that some files lack; then they are empty. */
const optional: ReadonlySet<Column> = new Set(['freeze', 'strike', 'optionType']);

/** A row as text by column; columns are found by name, because the file's order has changed. */
export type MasterRow = Record<Column, string>;

/** Options and futures: every other row is passed over. */
const instrumentPattern = /^(?:OPT|FUT)/;

/**
 * Reads the detailed instrument master as it arrives, one row at a time, never whole. A row's text
 * is a part of the file's: whoever keeps it keeps copies (`ownText`).
 * @throws StrikewireError `retryable` when a needed column is missing or the file has no end.
 */
export async function* readMaster(chunks: AsyncIterable<Uint8Array>): AsyncIterable<MasterRow> {
  const decoder = new TextDecoder();
  let rest = '';
  let header: Map<Column, number> | undefined;
  let rows = 0;
  const take = function* (lines: readonly string[]): Iterable<MasterRow> {
    for (const line of lines) {
      if (line.length > lineCharsMax) throw malformed(`a line of over ${lineCharsMax} characters`);
      const cells = line.replace(/\r$/, '').split(',');
      if (!header) header = readHeader(cells);
      else if (isWanted(cells, header)) yield toRow(cells, header);
      if (++rows > rowsMax) throw malformed(`more than ${rowsMax} rows`);
    }
  };
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* take(lines);
    if (rest.length > lineCharsMax) throw malformed(`a line of over ${lineCharsMax} characters`);
  }
  if (rest.trim() !== '') yield* take([rest]);
  if (!header) throw malformed('no header');
}

/** A copy: a part of a text would keep alive the whole text that it was cut from. */
export function ownText(text: string): string {
  return utf8.decode(bytes.encode(text));
}

const bytes = new TextEncoder();
const utf8 = new TextDecoder();

function isWanted(cells: readonly string[], header: ReadonlyMap<Column, number>): boolean {
  return instrumentPattern.test(cells[header.get('instrument') ?? -1]?.trim() ?? '');
}

function readHeader(cells: readonly string[]): Map<Column, number> {
  const header = new Map<Column, number>();
  for (const [column, name] of Object.entries(columns) as [Column, string][]) {
    const index = cells.findIndex((cell) => cell.trim() === name);
    if (index >= 0) header.set(column, index);
    else if (!optional.has(column)) throw malformed(`no column ${name}`);
  }
  return header;
}

function toRow(cells: readonly string[], header: ReadonlyMap<Column, number>): MasterRow {
  const row = { freeze: '', strike: '', optionType: '' } as MasterRow;
  for (const [column, index] of header) row[column] = cells[index]?.trim() ?? '';
  return row;
}

function malformed(found: string): StrikewireError {
  return new StrikewireError({
    kind: 'retryable',
    code: 'master_malformed',
    message: `[broker-dhan] instrument master: ${found}`,
  });
}
