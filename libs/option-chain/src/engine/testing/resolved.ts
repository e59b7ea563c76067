import type { UniverseRow } from '@strikewire/contracts';
import type { ResolvedUnderlying } from '../../core/universe';

/** Rows as a broker lists them whose token of each is its symbol; those left out it does not. */
export function resolved(
  rows: readonly UniverseRow[],
  unlisted: readonly string[] = [],
): ResolvedUnderlying[] {
  return rows.map((row) => {
    const token = { segment: 'I', id: row.symbol };
    const { exchange, symbol, kind } = row;
    const listed = { exchange, symbol, kind, spot: token, chain: token };
    return { row, listed: unlisted.includes(symbol) ? null : listed };
  });
}
