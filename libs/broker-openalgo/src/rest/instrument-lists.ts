import {
  InstrumentLists,
  readJsonRows,
  type BrokerDeps,
  type JsonRowsPlace,
} from '@strikewire/broker';
import type { Exchange } from '@strikewire/contracts';
import { derivativeCodeOf } from '../map/segments';
import { readDerivativeRow, type DerivativeRow } from './instrument-row';
import type { OpenalgoRest } from './openalgo-rest';
import { createContractFinder, createOptionTable } from './row-collectors';
import { createUnderlyingFinder } from './underlying-finder';

/** An answer is `{"data": [{…}, …], "status": "success"}`, its fields in any order. */
const rowsPlace: JsonRowsPlace = {
  depth: 1,
  isWhole: (frame) => /"status":"success"/.test(frame),
};

/** The lists of instruments that one process of OpenAlgo keeps for its broker. */
export function openalgoInstruments(
  rest: OpenalgoRest,
  deps: Pick<BrokerDeps, 'clock' | 'log'>,
): InstrumentLists<DerivativeRow> {
  return new InstrumentLists({
    label: '[broker-openalgo]',
    rows: (exchange) => derivativesOf(rest, exchange),
    findUnderlyings: createUnderlyingFinder,
    tableOf: createOptionTable,
    findContracts: createContractFinder,
  }, deps);
}

async function* derivativesOf(
  rest: OpenalgoRest,
  exchange: Exchange,
): AsyncIterable<DerivativeRow> {
  const query = { exchange: derivativeCodeOf(exchange), format: 'json' };
  const chunks = await rest.stream('/instruments', query);
  for await (const json of readJsonRows(chunks, rowsPlace)) {
    const row = readDerivativeRow(json, exchange);
    if (row) yield row;
  }
}
