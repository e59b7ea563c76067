import type { InstrumentToken } from '@strikewire/broker';
import {
  futureKey,
  isIsoDate,
  optionKey,
  paiseOf,
  type ContractKey,
  type Exchange,
} from '@strikewire/contracts';
import { segmentOfMasterRow } from '../map/segments';
import { ownText, type MasterRow } from './instrument-master';

/** Finds contracts by their canonical keys while the master passes by. */
export interface ContractFinder {
  add(row: MasterRow): void;
  readonly found: ReadonlyMap<ContractKey, InstrumentToken>;
}

/**
 * `wanted`: keys of options and futures. Here the file's dates do count: they only tell which of
 * its rows an already known contract is, never which expiries there are.
 */
export function createContractFinder(wanted: ReadonlySet<ContractKey>): ContractFinder {
  const underlyings = new Set([...wanted].map((key) => key.split(':', 2).join(':')));
  const found = new Map<ContractKey, InstrumentToken>();
  return {
    found,
    add(row) {
      if (!underlyings.has(`${row.exchange}:${row.underlying}`)) return;
      const key = keyOf(row);
      if (key === undefined || !wanted.has(key)) return;
      const segment = segmentOfMasterRow(row.exchange, row.segment);
      if (segment) found.set(ownText(key), { segment, id: ownText(row.id) });
    },
  };
}

function keyOf(row: MasterRow): ContractKey | undefined {
  const { instrument, underlying: symbol, expiry, optionType: type } = row;
  const exchange = row.exchange as Exchange;
  if (!isIsoDate(expiry)) return undefined;
  if (instrument.startsWith('FUT')) return futureKey({ exchange, symbol, expiry });
  const strike = Number(row.strike);
  if ((type !== 'CE' && type !== 'PE') || !(strike > 0)) return undefined;
  return optionKey({ exchange, symbol, expiry, strikePaise: paiseOf(strike), type });
}
