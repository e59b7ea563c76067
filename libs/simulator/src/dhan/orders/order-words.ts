import type { Contract } from '../../market/contract';
import type { OrderType, OrderView, Product, Refusal, RefusalCode, Side } from '../../orders/order';
import { monthText } from '../master/month-text';

export const orderTypes: Readonly<Record<string, OrderType>> = {
  LIMIT: 'LIMIT', MARKET: 'MARKET', STOP_LOSS: 'SL', STOP_LOSS_MARKET: 'SL-M',
};
export const products: Readonly<Record<string, Product>> = {
  INTRADAY: 'intraday', MARGIN: 'carry', CNC: 'delivery',
};

export function wordOf<T>(words: Readonly<Record<string, T>>, value: T): string {
  return Object.keys(words).find((word) => words[word] === value) ?? '';
}

/** One that waits for its trigger is pending too. */
export function statusWord({ state, filled }: OrderView): string {
  switch (state) {
    case 'transit':
      return 'TRANSIT';
    case 'open':
    case 'waiting':
      return filled > 0 ? 'PART_TRADED' : 'PENDING';
    case 'filled':
      return 'TRADED';
    default:
      return state.toUpperCase();
  }
}

/** `NIFTY-Dec2026-25650-CE`, `NIFTY-Dec2026-FUT`, or the share's name. */
export function tradingSymbol({ underlying, expiry, type, strikePaise }: Contract): string {
  if (expiry === undefined) return underlying.symbol;
  const named = `${underlying.symbol}-${monthText(expiry)}${expiry.slice(0, 4)}`;
  return type ? `${named}-${strikePaise / 100}-${type}` : `${named}-FUT`;
}

/** `NIFTY 01 DEC 25650 CALL` */
export function customSymbol({ underlying, expiry, type, strikePaise }: Contract): string {
  if (expiry === undefined) return underlying.name;
  const month = monthText(expiry).toUpperCase();
  if (!type) return `${underlying.symbol} ${month} FUT`;
  const what = type === 'CE' ? 'CALL' : 'PUT';
  return `${underlying.symbol} ${expiry.slice(8)} ${month} ${strikePaise / 100} ${what}`;
}

/** What of a contract stands in the rows of orders, trades and positions. */
export function derivativeFields({ expiry, type, strikePaise }: Contract): object {
  return {
    drvExpiryDate: expiry ?? '0001-01-01',
    drvOptionType: type === undefined ? 'NA' : type === 'CE' ? 'CALL' : 'PUT',
    drvStrikePrice: strikePaise / 100,
  };
}

/** What an order's row says of a rejection, with the code of the order management. */
const rejections: Partial<Record<RefusalCode, readonly [code: string, text: string]>> = {
  funds: ['1', 'RMS: Insufficient funds'],
  tick: ['16283', 'EXCH:16283: The order price is not multiple of the tick size'],
  freeze: ['17070', 'EXCH:17070: The quantity is more than the freeze quantity'],
  closed: ['16388', 'EXCH:16388: Markets closed'],
};

export function rejectionOf({ reason, state, exchangeMs }: OrderView): {
  omsErrorCode: string; omsErrorDescription: string;
} {
  if (!reason) {
    const isConfirmed = exchangeMs > 0 || state !== 'transit';
    return { omsErrorCode: '0', omsErrorDescription: isConfirmed ? 'CONFIRMED' : '' };
  }
  const [omsErrorCode, words] = rejections[reason.code] ?? ['17000', 'EXCH:17000: Order rejected'];
  return { omsErrorCode, omsErrorDescription: `${words}, ${reason.detail}` };
}

/** What a request is refused with at once. */
const refusalTexts: Readonly<Record<RefusalCode, string>> = {
  product: 'Product type is not allowed for this segment',
  price: 'Invalid price',
  trigger: 'Invalid trigger price',
  quantity: 'Invalid quantity',
  lot: 'Quantity should be a multiple of lot size',
  closed: 'Market is Closed! Want to place an offline order?',
  expired: 'Contract is expired',
  untradable: 'Trading is not allowed in this instrument',
  killed: 'Kill Switch is activated for the day',
  tick: 'Price should be a multiple of tick size',
  freeze: 'Quantity is above the freeze quantity',
  funds: 'Insufficient funds',
  exchange: 'Order can not be taken',
  unknown: 'Order not found',
  done: 'Order is already closed',
  transit: 'Order is in Transit state',
  modifications: 'Modification limit of the order is exceeded',
};

export function refusalText({ code, detail }: Refusal): string {
  return code === 'closed' || code === 'transit'
    ? refusalTexts[code]
    : `${refusalTexts[code]}: ${detail}`;
}

export function sideLetter(side: Side): 'B' | 'S' {
  return side === 'BUY' ? 'B' : 'S';
}
