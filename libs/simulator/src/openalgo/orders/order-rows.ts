import { currentPaise, type Position } from '../../orders/ledger';
import { averageOf, type Order, type OrderView, type Trade } from '../../orders/order';
import { indiaTimeText } from '../../orders/times';
import type { OpenalgoDeps } from '../rest/rest-call';
import { exchangeOf } from '../symbols';
import { productWord, statusWord } from './order-words';

type RowDeps = Pick<OpenalgoDeps, 'symbols' | 'market'>;

/** What is told of an order in the book, of it alone, and over the socket. */
export function orderRow(
  { symbols }: RowDeps,
  order: Order,
  view: OrderView = order.told,
  word: string = statusWord(view),
): Record<string, unknown> {
  const { contract } = order;
  return {
    action: order.side,
    exchange: exchangeOf(contract),
    order_status: word,
    orderid: order.id,
    price: view.pricePaise / 100,
    pricetype: view.type,
    product: productWord(order.product),
    quantity: view.quantity,
    symbol: symbols.symbolOf(contract),
    timestamp: timeText(order.placedMs),
    trigger_price: view.triggerPaise / 100,
  };
}

export function averageRupees(view: OrderView): number {
  return rupees(averageOf(view));
}

export function tradeRow({ symbols }: RowDeps, trade: Trade): object {
  const { order, quantity, pricePaise, atMs } = trade;
  const { contract } = order;
  return {
    action: order.side,
    average_price: pricePaise / 100,
    exchange: exchangeOf(contract),
    orderid: order.id,
    product: productWord(order.product),
    quantity,
    symbol: symbols.symbolOf(contract),
    timestamp: timeText(atMs),
    trade_value: rupees(quantity * pricePaise),
  };
}

/** Its numbers are texts. */
export function positionRow({ symbols, market }: RowDeps, position: Position): object {
  const { contract, product, net, averagePaise, realisedPaise, unrealisedPaise } = position;
  return {
    average_price: rupees(averagePaise).toFixed(2),
    exchange: exchangeOf(contract),
    ltp: (currentPaise(market, contract) / 100).toFixed(2),
    pnl: rupees(realisedPaise + unrealisedPaise).toFixed(2),
    product: productWord(product),
    quantity: String(net),
    symbol: symbols.symbolOf(contract),
  };
}

/** Four decimals, as averages have them. */
export function rupees(paise: number): number {
  return Math.round(paise * 100) / 10_000;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `21-Nov-2026 10:30:00` in India. */
function timeText(wallMs: number): string {
  const text = indiaTimeText(wallMs);
  const month = months[Number(text.slice(5, 7)) - 1] ?? '';
  return `${text.slice(8, 10)}-${month}-${text.slice(0, 4)}${text.slice(10)}`;
}
