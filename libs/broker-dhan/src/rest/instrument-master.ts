import { tokenKey, type InstrumentInfo, type InstrumentTable } from '@strikewire/broker';
import { StrikewireError } from '@strikewire/runtime';
import { segmentOfMasterRow } from '../map/segments';

/** Rows of a file; ten times what it had in 2026. */
const rowsMax = 2_000_000;
const lineCharsMax = 4_096;

const columns = {
  exchange: 'EXCH_ID',
  segment: 'SEGMENT',
  id: 'SECURITY_ID',
  instrument: 'INSTRUMENT',
  underlying: 'UNDERLYING_SYMBOL',
  symbol: 'SYMBOL_NAME',
  display: 'DISPLAY_NAME',
  lotSize: 'LOT_SIZE',
  tickSize: 'TICK_SIZE',
  freeze: 'SM_FREEZE_QTY',
} as const;

type Column = keyof typeof columns;

/** Columns that some files lack; then they are empty. */
const optional: ReadonlySet<Column> = new Set(['freeze']);

/** A row as text by column; columns are found by name, because the file's order has changed. */
export type MasterRow = Record<Column, string>;

/**
 * Reads the detailed instrument master as it arrives, one row at a time, never whole.
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
      else if (cells.length > 1) yield toRow(cells, header);
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

/**
 * Options of the wanted underlyings, by token. Metadata only: the file's expiry dates are not even
 * read, because the expiry list is the only truth about them.
 */
export async function readOptionTable(
  chunks: AsyncIterable<Uint8Array>,
  wanted: ReadonlySet<string>,
): Promise<InstrumentTable> {
  const table = new Map<string, InstrumentInfo>();
  for await (const row of readMaster(chunks)) {
    if (!row.instrument.startsWith('OPT')) continue;
    if (!wanted.has(`${row.exchange}:${row.underlying}`)) continue;
    const segment = segmentOfMasterRow(row.exchange, row.segment);
    const lotSize = Number(row.lotSize);
    if (!segment || !(lotSize > 0)) continue;
    const token = { segment, id: row.id };
    const symbol = row.symbol.includes('-') ? row.symbol : row.display;
    // Ticks are paise in this file: "5.0000" is five hundredths of a rupee.
    const tickPaise = Number(row.tickSize) || 5;
    // The quantity at which an order is frozen: the largest that passes is one less.
    const frozenAt = Number(row.freeze);
    const freezeQuantity = frozenAt > 1 ? frozenAt - 1 : null;
    table.set(tokenKey(token), { token, symbol, lotSize, tickPaise, freezeQuantity });
  }
  return { size: table.size, get: (token) => table.get(tokenKey(token)) };
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
  const row = { freeze: '' } as MasterRow;
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
