import { tokenKey, type InstrumentInfo, type InstrumentTable } from '@strikewire/broker';
import { segmentOfMasterRow } from '../map/segments';
import { ownText, type MasterRow } from './instrument-master';

/** Collects the options of the wanted underlyings while the master passes by. */
export interface OptionTable {
  add(row: MasterRow): void;
  /** By token. */
  readonly table: InstrumentTable;
}

/**
 * `wanted`: keys of underlyings. Metadata only: the file's expiry dates are left alone, because
 * the expiry list is the only truth about them. Commodities have lots of 1: MCX counts in lots.
 */
export function createOptionTable(wanted: ReadonlySet<string>): OptionTable {
  const infos = new Map<string, InstrumentInfo>();
  return {
    add(row) {
      if (!row.instrument.startsWith('OPT')) return;
      if (!wanted.has(`${row.exchange}:${row.underlying}`)) return;
      const segment = segmentOfMasterRow(row.exchange, row.segment);
      const lotSize = Number(row.lotSize);
      if (!segment || !(lotSize > 0)) return;
      const token = { segment, id: ownText(row.id) };
      const symbol = ownText(row.symbol.includes('-') ? row.symbol : row.display);
      // Ticks are paise in this file: "5.0000" is five hundredths of a rupee.
      const tickPaise = Number(row.tickSize) || 5;
      // The quantity at which an order is frozen: the largest that passes is one less.
      const frozenAt = Number(row.freeze);
      const freezeQuantity = frozenAt > 1 ? frozenAt - 1 : null;
      infos.set(tokenKey(token), { token, symbol, lotSize, tickPaise, freezeQuantity });
    },
    table: {
      get size() {
        return infos.size;
      },
      get: (token) => infos.get(tokenKey(token)),
    },
  };
}
