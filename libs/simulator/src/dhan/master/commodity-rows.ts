import type { FutureListing } from '../../market/futures';
import { typeAt, type Chain } from '../../market/listing';
import type { Underlying } from '../../market/underlying';
import { strikeText, type MasterRow } from './master-row';
import { monthText } from './month-text';

/** So many lots may go in one order; the file gives one more. */
const freezeLots = 100;

/** MCX's rows name the commodity only, print lots of 1.0, and futures at a strike of 0. */
export function commodityFutureRow({ underlying, expiry, id }: FutureListing): MasterRow {
  const { symbol, ticks } = underlying;
  return {
    ...shared(underlying, 'FUTCOM'), id, expiry,
    tradingSymbol: `${symbol}-${dayText(expiry)}-FUT`,
    displayName: `${symbol} ${monthText(expiry).toUpperCase()} FUT`,
    strike: '0.00000', optionType: 'XX', tick: (ticks?.futurePaise ?? 5).toFixed(4),
  };
}

/** One row for each option of a commodity's chain. */
export function* commodityOptionRows(chain: Chain, expiry: string): Generator<MasterRow> {
  const { underlying, firstId, strikesPaise } = chain;
  const { symbol, ticks } = underlying;
  const day = `${expiry.slice(8)} ${monthText(expiry).toUpperCase()}`;
  const tick = (ticks?.optionPaise ?? 5).toFixed(4);
  const row = { ...shared(underlying, 'OPTFUT'), expiry, tick };
  for (let position = 0; position < 2 * strikesPaise.length; position++) {
    const paise = strikesPaise[position >> 1] ?? 0;
    const strike = paise / 100;
    const optionType = typeAt(position);
    yield {
      ...row, id: firstId + position, optionType, strike: strikeText(paise),
      tradingSymbol: `${symbol}-${dayText(expiry)}-${strike}-${optionType}`,
      displayName: `${symbol} ${day} ${strike} ${optionType === 'CE' ? 'CALL' : 'PUT'}`,
    };
  }
}

function shared({ symbol, id, lot }: Underlying, instrument: string) {
  return {
    exchange: 'MCX', segment: 'M', instrument, underlyingId: id, underlying: symbol,
    symbolName: symbol, detailedType: instrument, compactType: instrument, series: '2',
    compactName: symbol, lot, flag: 'M', freezeQuantity: freezeLots + 1,
  } as const;
}

/** `19Oct2026` */
function dayText(date: string): string {
  return `${date.slice(8)}${monthText(date)}${date.slice(0, 4)}`;
}
