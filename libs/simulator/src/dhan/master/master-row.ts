/** One instrument of the master files, with the columns of both of them. */
export interface MasterRow {
  exchange: 'NSE' | 'BSE' | 'MCX';
  /** E equity, D derivative, C currency, M commodity, I index. */
  segment: 'E' | 'D' | 'C' | 'M' | 'I';
  id: number;
  isin?: string;
  instrument: string;
  /** Of the master's own family of ids; for indices not the id that requests use. */
  underlyingId: number;
  underlying: string;
  /** Detailed file: `NIFTY-Sep2026-23950-CE`, or a mnemonic such as BSXOPT. */
  symbolName: string;
  /** Compact file. */
  tradingSymbol: string;
  displayName: string;
  detailedType: string;
  compactType: string;
  series?: string;
  /** Compact file's last column. */
  compactName?: string;
  lot: number;
  /** `YYYY-MM-DD`; undefined for what does not expire. */
  expiry?: string;
  /** Blank, `27650.00000`, or -0.01000 for futures. */
  strike?: string;
  optionType: 'CE' | 'PE' | 'XX';
  /** Paise with 4 decimals, but rupees for indices. */
  tick: string;
  flag: string;
  freezeQuantity: number;
}

export const compactHeader =
  'SEM_EXM_EXCH_ID,SEM_SEGMENT,SEM_SMST_SECURITY_ID,SEM_INSTRUMENT_NAME,SEM_EXPIRY_CODE,' +
  'SEM_TRADING_SYMBOL,SEM_LOT_UNITS,SEM_CUSTOM_SYMBOL,SEM_EXPIRY_DATE,SEM_STRIKE_PRICE,' +
  'SEM_OPTION_TYPE,SEM_TICK_SIZE,SEM_EXPIRY_FLAG,SEM_EXCH_INSTRUMENT_TYPE,SEM_SERIES,' +
  'SM_SYMBOL_NAME';

/** Ends with a comma, as every row does. */
export const detailedHeader =
  'EXCH_ID,SEGMENT,SECURITY_ID,ISIN,INSTRUMENT,UNDERLYING_SECURITY_ID,UNDERLYING_SYMBOL,' +
  'SYMBOL_NAME,DISPLAY_NAME,INSTRUMENT_TYPE,SERIES,LOT_SIZE,SM_EXPIRY_DATE,STRIKE_PRICE,' +
  'OPTION_TYPE,TICK_SIZE,EXPIRY_FLAG,BRACKET_FLAG,COVER_FLAG,ASM_GSM_FLAG,ASM_GSM_CATEGORY,' +
  'BUY_SELL_INDICATOR,BUY_CO_MIN_MARGIN_PER,BUY_CO_SL_RANGE_MAX_PERC,' +
  'BUY_CO_SL_RANGE_MIN_PERC,BUY_BO_MIN_MARGIN_PER,BUY_BO_PROFIT_RANGE_MAX_PERC,' +
  'BUY_BO_PROFIT_RANGE_MIN_PERC,MTF_LEVERAGE,SM_UPPER_LIMIT,SM_LOWER_LIMIT,SM_FREEZE_QTY,';

/** The compact file's expiry carries a time of day that means nothing: 14:30, MCX 23:30. */
export function compactLine(row: MasterRow): string {
  const time = row.exchange === 'MCX' ? '23:30:00' : '14:30:00';
  const expiry = row.expiry ? `${row.expiry} ${time}` : '';
  return `${row.exchange},${row.segment},${row.id},${row.instrument},0,${row.tradingSymbol},` +
    `${lotText(row.lot)},${row.displayName},${expiry},${row.strike ?? ''},${row.optionType},` +
    `${row.tick},${row.flag},${row.compactType},${row.series ?? ''},${row.compactName ?? ''}`;
}

const margins = 'N,N,N,NA,A,0.0,0.0,0.0,0.0,0.0,0.0,0.0';

export function detailedLine(row: MasterRow): string {
  const series = row.segment === 'I' ? 'NA' : (row.series ?? 'NA');
  return `${row.exchange},${row.segment},${row.id},${row.isin ?? 'NA'},${row.instrument},` +
    `${row.underlyingId},${row.underlying},${row.symbolName},${row.displayName},` +
    `${row.detailedType},${series},${lotText(row.lot)},${row.expiry ?? '0001-01-01'},` +
    `${row.strike ?? ''},${row.optionType},${row.tick},${row.flag},${margins},0.0,0.0,` +
    `${row.freezeQuantity},`;
}

/** Lots are whole. */
function lotText(lot: number): string {
  return `${lot}.0`;
}

/** A strike with its five decimals. */
export function strikeText(paise: number): string {
  const rest = paise % 100;
  return `${(paise - rest) / 100}.${rest < 10 ? '0' : ''}${rest}000`;
}
