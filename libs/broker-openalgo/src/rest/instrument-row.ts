import { wireNumber, type InstrumentToken } from '@strikewire/broker';
import type { Exchange } from '@strikewire/contracts';
import { readContractSymbol, type ContractSymbol } from '../map/contract-symbol';
import { derivativeCodeOf } from '../map/segments';

/** An option or future of a list of instruments. */
export interface DerivativeRow extends ContractSymbol {
  token: InstrumentToken;
  exchange: Exchange;
  lotSize: number;
  tickPaise: number;
  freezeQuantity: number | null;
}

/** The exchange's own test instruments, such as 011NSETEST. */
const testSymbol = /(?:NSE|BSE|MCX)TEST/;

/**
 * Reads a row of `symtoken`; undefined for whatever is no option or future of the exchange. The
 * symbol tells what it is: the other columns are named differently with each broker behind it.
 */
export function readDerivativeRow(row: unknown, exchange: Exchange): DerivativeRow | undefined {
  if (typeof row !== 'object' || row === null) return undefined;
  const cells = row as Record<string, unknown>;
  const id = cells['symbol'];
  const segment = derivativeCodeOf(exchange);
  if (typeof id !== 'string' || cells['exchange'] !== segment) return undefined;
  const contract = readContractSymbol(id);
  if (!contract || testSymbol.test(contract.underlying)) return undefined;
  const freeze = wireNumber(cells['freeze_qty']) ?? 0;
  return {
    ...contract,
    token: { segment, id },
    exchange,
    lotSize: wireNumber(cells['lotsize']) ?? 0,
    // In rupees here: 0.05.
    tickPaise: Math.round((wireNumber(cells['tick_size']) ?? 0) * 100) || 5,
    freezeQuantity: freeze > 0 ? freeze : null,
  };
}
