import type { ServedRequest, ServedResponse } from '@strikewire/runtime';
import { gatewayError } from '../envelopes';
import type { RestDeps } from '../rest/rest-call';
import { isSegment } from '../segments';
import {
  compactHeader, compactLine, detailedHeader, detailedLine, type MasterRow,
} from './master-row';
import { masterRows } from './master-rows';

/** Lines per chunk of the streamed file. */
const linesPerChunk = 500;

/** The compact and the detailed master, and the detailed rows of one segment. */
export function masterRoute(
  deps: RestDeps,
  path: string,
  request: ServedRequest,
): ServedResponse {
  const isCompact = path === 'api-data/api-scrip-master.csv';
  const segment = /^api-data\/segment\/(\w+)\.csv$/.exec(path)?.[1];
  const isKnown = isCompact || segment || path === 'api-data/api-scrip-master-detailed.csv';
  if (!isKnown) return gatewayError(404, request.path, deps.clock.wallMs());
  const [header, line] = isCompact ? [compactHeader, compactLine] : [detailedHeader, detailedLine];
  const rows = masterRows(deps.market, (symbol) => deps.faults.masterShiftDays(symbol));
  const wanted = (row: MasterRow): boolean => !segment || segmentOf(row) === segment;
  return {
    status: 200,
    headers: { 'content-type': 'text/csv' },
    body: chunks(header, rows, (row) => (wanted(row) ? line(row) : undefined)),
  };
}

/** GET /v2/instrument/{segment} sends the caller to a file. */
export function segmentRedirectRoute(
  deps: RestDeps,
  path: string,
  request: ServedRequest,
): ServedResponse {
  const segment = path.slice('instrument/'.length);
  if (!isSegment(segment)) return gatewayError(404, request.path, deps.clock.wallMs());
  return { status: 302, headers: { location: `/api-data/segment/${segment}.csv` } };
}

function segmentOf({ exchange, segment }: MasterRow): string {
  const names = { E: 'EQ', D: 'FNO', C: 'CURRENCY', M: 'COMM' } as const;
  return segment === 'I' ? 'IDX_I' : `${exchange}_${names[segment]}`;
}

async function* chunks(
  header: string,
  rows: Iterable<MasterRow>,
  lineOf: (row: MasterRow) => string | undefined,
): AsyncIterable<Uint8Array> {
  const encoder = new TextEncoder();
  let lines = [header];
  for (const row of rows) {
    const line = lineOf(row);
    if (line === undefined) continue;
    lines.push(line);
    if (lines.length < linesPerChunk) continue;
    yield encoder.encode(`${lines.join('\n')}\n`);
    lines = [];
  }
  if (lines.length > 0) yield encoder.encode(`${lines.join('\n')}\n`);
}
