import { averageOf, type OrderView } from '../../orders/order';
import type { OrderNews } from '../../orders/teller';
import { indiaTimeText } from '../../orders/times';
import { noTime, rupees } from './order-rows';
import {
  customSymbol, rejectionOf, sideLetter, statusWord, tradingSymbol,
} from './order-words';

export type KeyCase = 'camel' | 'pascal';

const productLetters = { intraday: 'I', carry: 'M', delivery: 'C' } as const;
const typeWords = { LIMIT: 'LMT', MARKET: 'MKT', SL: 'SL', 'SL-M': 'SLM' } as const;
/** Small at the front even where the others are not. */
const alwaysCamel: readonly string[] = [
  'Series', 'RefLtp', 'TickSize', 'AlgoId', 'GoodTillDaysDate',
];

/** What the order socket says of an order. `strange`: a word in the place of the status. */
export function orderAlert(news: OrderNews, keys: KeyCase, strange?: string): string {
  const fields = alertFields(news);
  const status = strange ?? statusIn(news.view, keys);
  const Data = Object.fromEntries(Object.entries({ ...fields, Status: status }).map(
    ([key, value]) => [keys === 'camel' || alwaysCamel.includes(key) ? small(key) : key, value],
  ));
  return JSON.stringify({ Data, Type: 'order_alert' });
}

/** As documented all in capitals; as seen `Traded`, `Part_traded`. */
function statusIn(view: OrderView, keys: KeyCase): string {
  const word = statusWord(view);
  return keys === 'pascal' ? word : word.charAt(0) + word.slice(1).toLowerCase();
}

function alertFields({ order, view, trades }: OrderNews): object {
  const { contract } = order;
  const last = trades.at(-1);
  const isAtExchange = view.exchangeMs > 0;
  return {
    Exchange: contract.underlying.exchange,
    Segment: contract.kind === 'cash' ? 'E' : contract.board === 'commodities' ? 'M' : 'D',
    Source: order.source === 'api' ? 'P' : 'N',
    SecurityId: String(contract.id),
    ClientId: order.account,
    ExchOrderNo: isAtExchange ? order.exchangeId : '0',
    OrderNo: order.id,
    Product: productLetters[order.product],
    TxnType: sideLetter(order.side),
    OrderType: typeWords[view.type],
    Validity: view.validity,
    DiscQuantity: view.disclosed,
    DiscQtyRem: view.disclosed,
    RemainingQuantity: view.quantity - view.filled,
    Quantity: view.quantity,
    TradedQty: view.filled,
    Price: view.pricePaise / 100,
    TriggerPrice: view.triggerPaise / 100,
    TradedPrice: last ? last.pricePaise / 100 : 0,
    AvgTradedPrice: rupees(averageOf(view)),
    AlgoOrdNo: '0',
    OffMktFlag: '0',
    OrderDateTime: indiaTimeText(order.placedMs),
    ExchOrderTime: isAtExchange ? indiaTimeText(view.exchangeMs) : noTime,
    LastUpdatedTime: indiaTimeText(view.updatedMs),
    Remarks: 'NR',
    MktType: 'NL',
    ReasonDescription: rejectionOf(view).omsErrorDescription,
    LegNo: 1,
    Instrument: instrumentOf(contract),
    Symbol: tradingSymbol(contract),
    ProductName: { intraday: 'INTRADAY', carry: 'MARGIN', delivery: 'CNC' }[order.product],
    LotSize: contract.lot,
    StrikePrice: contract.strikePaise / 100,
    ExpiryDate: contract.expiry === undefined ? noTime : `${contract.expiry} 00:00:00`,
    OptType: contract.type ?? 'XX',
    DisplayName: customSymbol(contract),
    Isin: 'NA',
    Series: 'NA',
    GoodTillDaysDate: indiaTimeText(order.placedMs),
    RefLtp: contract.ltpPaise / 100,
    TickSize: contract.tickPaise / 100,
    AlgoId: '0',
    Multiplier: 1,
    CorrelationId: order.clientOrderId || 'NA',
  };
}

function instrumentOf({ kind, underlying }: OrderNews['order']['contract']): string {
  if (kind === 'cash') return 'EQUITY';
  const ending = { index: 'IDX', stock: 'STK', commodity: 'COM' }[underlying.kind];
  return underlying.kind === 'commodity' && kind === 'option'
    ? 'OPTFUT'
    : `${kind === 'option' ? 'OPT' : 'FUT'}${ending}`;
}

function small(key: string): string {
  return key.charAt(0).toLowerCase() + key.slice(1);
}
