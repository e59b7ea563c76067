import {
  InstrumentLists,
  readJsonRows,
  type BrokerDeps,
  type JsonRowsPlace,
} from '@strikewire/broker';
import type { Exchange } from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';
import { createContractFinder } from './contract-finder';
import { gunzip } from './gunzip';
import { readDerivativeRow, type DerivativeRow } from './instrument-row';
import { createOptionTable } from './option-table';
import { createUnderlyingFinder } from './underlying-finder';
import { userAgent } from './upstox-rest';

/** A file is one list. */
const rowsPlace: JsonRowsPlace = { depth: 0, isWhole: (frame) => frame === '[]' };
/** The largest is a few megabytes, packed. */
const fileBytesMax = 64 * 1024 * 1024;
const fileTimeoutMs = 120_000;
const label = '[broker-upstox]';

type Deps = Pick<BrokerDeps, 'clock' | 'http' | 'log'>;

/** The instrument files, one per exchange, made anew before the market opens. */
export function upstoxInstruments(root: string, deps: Deps): InstrumentLists<DerivativeRow> {
  return new InstrumentLists({
    label,
    rows: (exchange) => derivativesOf(root, exchange, deps),
    findUnderlyings: createUnderlyingFinder,
    tableOf: createOptionTable,
    findContracts: createContractFinder,
  }, deps);
}

async function* derivativesOf(
  root: string,
  exchange: Exchange,
  { clock, http }: Deps,
): AsyncIterable<DerivativeRow> {
  const { status, chunks } = await http.stream({
    method: 'GET',
    url: `${root}/${exchange}.json.gz`,
    headers: { 'user-agent': userAgent },
    timeoutMs: fileTimeoutMs,
    bytesMax: fileBytesMax,
  });
  if (status !== 200) {
    throw new StrikewireError({
      kind: 'retryable',
      code: 'instruments_unavailable',
      message: `${label} instruments of ${exchange}: HTTP ${status}`,
    });
  }
  for await (const json of readJsonRows(gunzip(chunks, clock), rowsPlace)) {
    const row = readDerivativeRow(json, exchange);
    if (row) yield row;
  }
}
