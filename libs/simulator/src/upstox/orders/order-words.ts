import type { OrderType, OrderView, Product, Refusal, RefusalCode } from '../../orders/order';
import type { Contract } from '../../market/contract';
import type { UpstoxErrorCode } from '../envelopes';

export const orderTypes: readonly OrderType[] = ['MARKET', 'LIMIT', 'SL', 'SL-M'];
/** What is kept over night is one product, of shares and of derivatives. */
export const products: Readonly<Record<string, Product>> = { I: 'intraday', D: 'carry' };

export function productWord(product: Product): string {
  return product === 'intraday' ? 'I' : 'D';
}

/** There is no word for what has expired: it was cancelled. */
export function statusWord({ state }: OrderView): string {
  switch (state) {
    case 'transit':
      return 'put order req received';
    case 'waiting':
      return 'trigger pending';
    case 'filled':
      return 'complete';
    case 'expired':
      return 'cancelled';
    default:
      return state;
  }
}

/** As orders name exchanges: `NSE` of shares, `NFO` and `BFO` of derivatives. */
export function exchangeWord({ place }: Contract): string {
  return { INDEX: 'NSE', NSE_CASH: 'NSE', NSE_FO: 'NFO', BSE_FO: 'BFO', MCX_FO: 'MCX' }[place];
}

const rejections: Partial<Record<RefusalCode, string>> = {
  funds: 'Insufficient funds to place this order',
  tick: 'The price is not a multiple of the tick size',
  freeze: 'The quantity is above the freeze quantity',
  closed: 'The market is closed',
};

export function rejectionOf({ reason }: OrderView): { status_message: string | null;
  status_message_raw: string | null; } {
  if (!reason) return { status_message: null, status_message_raw: null };
  const words = rejections[reason.code] ?? 'Rejected by the exchange';
  return { status_message: words, status_message_raw: `RMS:${words}: ${reason.detail}` };
}

/** What a request is refused with at once. */
export const refusalCodes: Readonly<Record<RefusalCode, UpstoxErrorCode>> = {
  product: 'UDAPI100036',
  price: 'UDAPI1029',
  trigger: 'UDAPI1030',
  quantity: 'UDAPI1052',
  lot: 'UDAPI100036',
  closed: 'UDAPI100057',
  expired: 'UDAPI100011',
  untradable: 'UDAPI100011',
  killed: 'UDAPI100049',
  tick: 'UDAPI100036',
  freeze: 'UDAPI100036',
  funds: 'UDAPI100036',
  exchange: 'UDAPI100500',
  unknown: 'UDAPI100010',
  done: 'UDAPI100040',
  transit: 'UDAPI100040',
  modifications: 'UDAPI100041',
};

export function refusalText({ detail }: Refusal): string {
  return detail.charAt(0).toUpperCase() + detail.slice(1);
}
