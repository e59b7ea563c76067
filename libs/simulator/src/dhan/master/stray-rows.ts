import { addDays } from '../../market/dates';
import { typeAt, type Chain } from '../../market/listing';
import type { MasterRow } from './master-row';

const blank = {
  symbolName: '', detailedType: 'OP', compactType: 'OP', lot: 1, optionType: 'XX',
  tick: '5.0000', flag: 'NA', freezeQuantity: 0,
} as const;

/** Rows that the real files carry too: test symbols, currency options and futures long gone. */
export function* strayRows(today: string): Generator<MasterRow> {
  for (let number = 1; number <= 3; number++) {
    const symbol = `0${number}1NSETEST`;
    yield {
      ...blank, exchange: 'NSE', segment: 'E', id: 12_700 + number, isin: `DUMMYSAN00${number}`,
      instrument: 'EQUITY', underlyingId: 12_700 + number, underlying: symbol, symbolName: symbol,
      tradingSymbol: symbol, displayName: symbol, detailedType: 'ES', compactType: 'ES',
      series: 'EQ', compactName: symbol,
    };
    yield {
      ...blank, exchange: 'NSE', segment: 'D', id: 34_900 + number, instrument: 'OPTSTK',
      underlyingId: 12_700 + number, underlying: symbol, lot: 1000, optionType: 'CE',
      symbolName: `${symbol}-100-CE`, tradingSymbol: `${symbol}-100-CE`, strike: '100.00000',
      displayName: `${symbol} 100 CALL`, expiry: addDays(today, 30), flag: 'M',
    };
  }
  yield {
    ...blank, exchange: 'NSE', segment: 'C', id: 1090, instrument: 'OPTCUR', underlyingId: 0,
    underlying: 'USDINR', tradingSymbol: 'USDINR-Mar2024-83-CE', displayName: 'USDINR MAR 83 CALL',
    expiry: '2024-03-26', strike: '83.00000', optionType: 'CE', tick: '0.2500', flag: 'M',
  };
  yield {
    ...blank, exchange: 'MCX', segment: 'M', id: 555_899, instrument: 'FUTCOM', underlyingId: 294,
    underlying: 'CRUDEOIL', symbolName: 'CRUDEOIL', tradingSymbol: 'CRUDEOIL-FUT',
    displayName: 'CRUDEOIL FUT', detailedType: 'FUTCOM', compactType: 'FUTCOM', series: '2',
    expiry: addDays(today, -5), strike: '0.00000', tick: '100.0000', flag: 'M',
  };
}

/** Stocks with this share of ids (by last digit of the cash id) have options at BSE as well. */
const twinDigit = 5;
const firstTwinId = 1_100_001;
const twinStrikes = 5;

/** A stock's options at the other exchange: listed there, never traded, not wanted by anybody. */
export function* twinRows(chain: Chain): Generator<MasterRow> {
  const { underlying, expiry, strikesPaise } = chain;
  const { symbol, id, index, lot } = underlying;
  if (id % 10 !== twinDigit) return;
  const start = (strikesPaise.length - twinStrikes) >> 1;
  for (let position = 0; position < 2 * twinStrikes; position++) {
    const strike = (strikesPaise[start + (position >> 1)] ?? 0) / 100;
    const optionType = typeAt(position);
    yield {
      ...blank, exchange: 'BSE', segment: 'D', id: firstTwinId + index * 100 + position,
      instrument: 'OPTSTK', underlyingId: 500_000 + index, underlying: symbol, lot, expiry,
      symbolName: `${symbol.slice(0, 4)}OPT`, tradingSymbol: `${symbol}-${strike}-${optionType}`,
      displayName: `${symbol} ${strike} ${optionType === 'CE' ? 'CALL' : 'PUT'}`,
      detailedType: 'OPTSTK', strike: strike.toFixed(5), optionType, flag: 'M',
    };
  }
}
