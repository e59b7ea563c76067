import type { InstrumentToken } from '@strikewire/broker';
import { futureKey, optionKey, paiseOf, type ContractKey } from '@strikewire/contracts';
import type { DerivativeRow } from './instrument-row';

/** Finds contracts by their canonical keys while instrument files pass by. */
export interface ContractFinder {
  add(row: DerivativeRow): void;
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
      if (key !== undefined && wanted.has(key)) found.set(key, row.token);
    },
  };
}

function keyOf(row: DerivativeRow): ContractKey | undefined {
  const { exchange, underlying: symbol, expiry, type } = row;
  if (type === 'FUT') return futureKey({ exchange, symbol, expiry });
  if (!(row.strike > 0)) return undefined;
  return optionKey({ exchange, symbol, expiry, strikePaise: paiseOf(row.strike), type });
}
