import { isIsoDate, isSymbol, type ContractKey } from '@strikewire/contracts';
import { StrikewireError } from '@strikewire/runtime';
import type { CalendarSpread } from './calendar-charge';
import type { RiskContract, RiskFile } from './risk-file';
import { scenarioCount } from './scenarios';

/** A contract as it is stored: price, delta, then the 16 losses. */
type StoredContract = [key: ContractKey, pricePaise: number, delta: number, ...array: number[]];

/** What was kept of a risk file, as plain JSON. */
export interface RiskFileBody {
  /** Of this layout. */
  version: 1;
  exchange: RiskFile['exchange'];
  businessDate: string;
  created: string;
  isSettlement: boolean;
  warnings: readonly string[];
  underlyings: {
    symbol: string;
    spotPaise: number | null;
    shortOptionMinimumPaise: number;
    spreads: readonly CalendarSpread[];
    contracts: StoredContract[];
  }[];
}

/** A risk file as plain JSON, to be stored. */
export function riskFileBody(file: RiskFile): RiskFileBody {
  const { underlyings, ...head } = file;
  return {
    version: 1,
    ...head,
    underlyings: [...underlyings].map(([symbol, { contracts, ...one }]) => ({
      symbol,
      ...one,
      contracts: [...contracts].map(([key, { pricePaise, delta, array }]): StoredContract => [
        key, pricePaise, delta, ...array,
      ]),
    })),
  };
}

/**
 * The other way round.
 * @throws StrikewireError `invalid` for what `riskFileBody` has not made.
 */
export function riskFileOf(body: RiskFileBody): RiskFile {
  const { version, underlyings, ...head } = body;
  if (version !== 1) refuse(`layout ${String(version)}`, 'layout 1');
  if (!isIsoDate(head.businessDate)) refuse('no date of business', 'one');
  return {
    ...head,
    underlyings: new Map(
      underlyings.map(({ symbol, contracts, ...one }) => {
        if (!isSymbol(symbol)) refuse('an underlying without a symbol', 'one');
        return [symbol, { ...one, contracts: new Map(contracts.map(contractOf)) }];
      }),
    ),
  };
}

function contractOf([key, pricePaise, delta, ...array]: StoredContract): [string, RiskContract] {
  const figures = [pricePaise, delta, ...array];
  if (array.length !== scenarioCount || !figures.every(Number.isFinite)) {
    refuse(`${figures.length} figures of ${key}`, `${scenarioCount + 2} numbers`);
  }
  return [key, { pricePaise, delta, array: Float64Array.from(array) }];
}

function refuse(found: string, needed: string): never {
  throw new StrikewireError({
    kind: 'invalid',
    code: 'risk_file_body_invalid',
    message: `a stored risk file has ${found}, needs ${needed}`,
  });
}
