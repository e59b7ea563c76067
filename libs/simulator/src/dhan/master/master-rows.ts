import { addDays } from '../../market/dates';
import type { FutureListing } from '../../market/futures';
import { isinOf } from '../../market/isin';
import { typeAt, type Chain } from '../../market/listing';
import type { Market } from '../../market/market';
import type { Underlying } from '../../market/underlying';
import { strikeText, type MasterRow } from './master-row';
import { commodityFutureRow, commodityOptionRows } from './commodity-rows';
import { monthText } from './month-text';
import { strayRows, twinRows } from './stray-rows';

/** The master's ids of indices as underlyings; requests take the ids of IDX_I instead. */
const masterIndexIds: Readonly<Record<string, number>> = {
  NIFTY: 26_000, BANKNIFTY: 26_009, FINNIFTY: 26_037, MIDCPNIFTY: 26_074, SENSEX: 1, BANKEX: 12,
};

const indexMnemonics: Readonly<Record<string, string>> = { SENSEX: 'BSXOPT', BANKEX: 'BKXOPT' };

/** So many lots may go in one order; the file gives one unit more. */
const freezeLots = 27;

/**
 * Every listed instrument, in file order, with rows that no reader needs among them.
 * `shiftDays`: by how many days the file is to lie about an underlying's option expiries.
 */
export function* masterRows(
  market: Market,
  shiftDays: (underlying: string) => number,
): Generator<MasterRow> {
  for (const underlying of market.underlyings) {
    if (underlying.kind !== 'commodity') yield cashRow(underlying);
  }
  yield* strayRows(market.today());
  for (const future of market.futures()) {
    yield future.place === 'MCX_FO' ? commodityFutureRow(future) : futureRow(future);
  }
  for (const underlying of market.underlyings) {
    const shift = shiftDays(underlying.symbol);
    const expiries = market.expiries(underlying);
    for (const expiry of expiries) {
      const chain = market.chain(underlying, expiry);
      if (!chain) continue;
      const shown = addDays(expiry, shift);
      if (chain.place === 'MCX_FO') yield* commodityOptionRows(chain, shown);
      else yield* optionRows(chain, shown, flagOf(expiries, expiry));
    }
    const [nearest] = expiries;
    const chain = nearest === undefined ? undefined : market.chain(underlying, nearest);
    if (chain && underlying.kind === 'stock') yield* twinRows(chain);
  }
}

function cashRow(underlying: Underlying): MasterRow {
  const { symbol, name, exchange, id, kind, spot } = underlying;
  const shared = {
    exchange, id, underlyingId: id, underlying: symbol, symbolName: symbol, tradingSymbol: symbol,
    displayName: name, lot: 1, optionType: 'XX', freezeQuantity: 0,
  } as const;
  if (kind === 'index') {
    return {
      ...shared, segment: 'I', instrument: 'INDEX', detailedType: 'INDEX',
      compactType: symbol === 'NIFTY' ? 'INDEX' : 'IX', series: 'X', compactName: symbol,
      tick: symbol === 'NIFTY' ? '0.0500' : '0.0000', flag: symbol === 'NIFTY' ? 'N' : 'NA',
    };
  }
  return {
    ...shared, segment: 'E', isin: isinOf(symbol), instrument: 'EQUITY', detailedType: 'ES',
    compactType: 'ES', series: 'EQ', compactName: name.toUpperCase(),
    tick: spot > 250 ? '10.0000' : '5.0000', flag: 'NA',
  };
}

function futureRow({ underlying, expiry, id }: FutureListing): MasterRow {
  const { symbol, exchange, kind, lot } = underlying;
  const name = `${symbol}-${monthText(expiry)}${expiry.slice(0, 4)}-FUT`;
  return {
    exchange, segment: 'D', id, instrument: kind === 'index' ? 'FUTIDX' : 'FUTSTK',
    underlyingId: masterUnderlyingId(underlying), underlying: symbol, symbolName: name,
    tradingSymbol: name, displayName: `${symbol} ${monthText(expiry).toUpperCase()} FUT`,
    detailedType: 'FUT', compactType: 'FUT', lot, expiry, strike: '-0.01000', optionType: 'XX',
    tick: '10.0000', flag: 'M', freezeQuantity: lot * freezeLots + 1,
  };
}

function* optionRows(chain: Chain, expiry: string, flag: string): Generator<MasterRow> {
  const { underlying, firstId } = chain;
  const { symbol, exchange, kind, lot } = underlying;
  const instrument = kind === 'index' ? 'OPTIDX' : 'OPTSTK';
  const month = monthText(expiry);
  const named = `${symbol}-${month}${expiry.slice(0, 4)}`;
  const shown = `${symbol} ${expiry.slice(8)} ${month.toUpperCase()}`;
  const mnemonic = indexMnemonics[symbol];
  const underlyingId = masterUnderlyingId(underlying);
  const detailedType = exchange === 'BSE' ? instrument : 'OP';
  for (let position = 0; position < 2 * chain.strikesPaise.length; position++) {
    const paise = chain.strikesPaise[position >> 1] ?? 0;
    const strike = paise / 100;
    const optionType = typeAt(position);
    const tradingSymbol = `${named}-${strike}-${optionType}`;
    yield {
      exchange, segment: 'D', id: firstId + position, instrument, underlyingId, underlying: symbol,
      symbolName: mnemonic ?? tradingSymbol, tradingSymbol,
      displayName: `${shown} ${strike} ${optionType === 'CE' ? 'CALL' : 'PUT'}`,
      detailedType, compactType: 'OP', lot, expiry, strike: strikeText(paise), optionType,
      tick: '5.0000', flag, freezeQuantity: lot * freezeLots + 1,
    };
  }
}

function masterUnderlyingId({ symbol, kind, id }: Underlying): number {
  return kind === 'index' ? (masterIndexIds[symbol] ?? id) : id;
}

/** M for the last listed of a month, W for the others. */
function flagOf(expiries: readonly string[], expiry: string): string {
  const ofMonth = expiries.filter((date) => date.slice(0, 7) === expiry.slice(0, 7));
  return ofMonth.at(-1) === expiry ? 'M' : 'W';
}
