import type { InstrumentInfo, InstrumentTable, InstrumentToken } from '@strikewire/broker';
import type { DerivativeRow } from './instrument-row';

/** Collects options and futures of the wanted underlyings while instrument files pass by. */
export interface OptionTable {
  add(row: DerivativeRow): void;
  /** By token. */
  readonly table: InstrumentTable;
}

/** What contracts of one underlying share. */
type OptionFacts = Omit<InstrumentInfo, 'token' | 'symbol'>;

/**
 * `wanted`: keys of underlyings. Metadata only: the file's expiry dates are left alone, because
 * the expiry list is the only truth about them. There may be a hundred thousand options all day
 * long, so that what they share is kept once.
 */
export function createOptionTable(wanted: ReadonlySet<string>): OptionTable {
  const shared = new Map<string, OptionFacts>();
  const facts: OptionFacts[] = [];
  const symbols: string[] = [];
  /** Row by numeric id, per segment: exchange tokens are whole numbers. */
  const bySegment = new Map<string, Map<number, number>>();
  return {
    add(row) {
      if (!wanted.has(`${row.exchange}:${row.underlying}`)) return;
      const { token, tradingSymbol, lotSize, tickPaise, freezeQuantity } = row;
      const id = Number(token.id);
      if (!(lotSize > 0) || !Number.isSafeInteger(id)) return;
      const text = `${lotSize} ${tickPaise} ${freezeQuantity}`;
      const own = shared.get(text) ?? { lotSize, tickPaise, freezeQuantity };
      shared.set(text, own);
      facts.push(own);
      const ids = bySegment.get(token.segment) ?? new Map<number, number>();
      bySegment.set(token.segment, ids.set(id, symbols.push(tradingSymbol) - 1));
    },
    table: {
      get size() {
        return [...bySegment.values()].reduce((sum, ids) => sum + ids.size, 0);
      },
      get({ segment, id }: InstrumentToken) {
        const row = bySegment.get(segment)?.get(Number(id)) ?? -1;
        const [own, symbol] = [facts[row], symbols[row]];
        if (!own || symbol === undefined) return undefined;
        return { token: { segment, id }, symbol, ...own };
      },
    },
  };
}
