import type { InstrumentInfo, InstrumentTable, InstrumentToken } from '@strikewire/broker';
import { futureKey, optionKey, type ContractKey } from '@strikewire/contracts';
import type { DerivativeRow } from './instrument-row';

/** Finds contracts by their canonical keys while lists pass by. */
export interface ContractFinder {
  add(row: DerivativeRow): void;
  readonly found: ReadonlyMap<ContractKey, InstrumentToken>;
}

/**
 * `wanted`: keys of options and futures. Here a symbol's date does count: it only tells which of
 * the rows an already known contract is, never which expiries there are.
 */
export function createContractFinder(wanted: ReadonlySet<ContractKey>): ContractFinder {
  const found = new Map<ContractKey, InstrumentToken>();
  return {
    found,
    add({ exchange, underlying: symbol, expiry, option, token }) {
      const future = { exchange, symbol, expiry };
      const key = option ? optionKey({ ...future, ...option }) : futureKey(future);
      if (wanted.has(key)) found.set(key, token);
    },
  };
}

/** Collects options and futures of the wanted underlyings while lists pass by. */
export interface OptionTable {
  add(row: DerivativeRow): void;
  /** By token. */
  readonly table: InstrumentTable;
}

/** What contracts of one underlying share. */
type OptionFacts = Omit<InstrumentInfo, 'token' | 'symbol'>;

/**
 * `wanted`: keys of underlyings. Metadata only. There may be a hundred thousand options all day
 * long, so that what they share is kept once.
 */
export function createOptionTable(wanted: ReadonlySet<string>): OptionTable {
  const shared = new Map<string, OptionFacts>();
  const bySegment = new Map<string, Map<string, OptionFacts>>();
  return {
    add({ exchange, underlying, token, lotSize, tickPaise, freezeQuantity }) {
      if (!wanted.has(`${exchange}:${underlying}`) || !(lotSize > 0)) return;
      const text = `${lotSize} ${tickPaise} ${freezeQuantity}`;
      const own = shared.get(text) ?? { lotSize, tickPaise, freezeQuantity };
      shared.set(text, own);
      const symbols = bySegment.get(token.segment) ?? new Map<string, OptionFacts>();
      bySegment.set(token.segment, symbols.set(token.id, own));
    },
    table: {
      get size() {
        return [...bySegment.values()].reduce((sum, symbols) => sum + symbols.size, 0);
      },
      get({ segment, id }: InstrumentToken) {
        const own = bySegment.get(segment)?.get(id);
        return own && { token: { segment, id }, symbol: id, ...own };
      },
    },
  };
}
