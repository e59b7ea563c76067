import { averageOf, type Order, type OrderView, type Trade } from '../../orders/order';
import type { Position } from '../../orders/ledger';
import { currentPaise } from '../../orders/ledger';
import { indiaTimeText } from '../../orders/times';
import { tradingSymbol } from '../keys';
import type { UpstoxDeps } from '../rest/rest-call';
import { exchangeWord, productWord, rejectionOf, statusWord } from './order-words';

type RowDeps = Pick<UpstoxDeps, 'keys' | 'market'>;

/** A row of the books, and of the portfolio stream. */
export function orderRow(
  { keys }: RowDeps,
  order: Order,
  view: OrderView = order.told,
  word: string = statusWord(view),
): Record<string, unknown> {
  const { contract } = order;
  return {
    exchange: exchangeWord(contract),
    product: productWord(order.product),
    price: view.pricePaise / 100,
    quantity: view.quantity,
    status: word,
    guid: null,
    tag: order.clientOrderId || null,
    instrument_token: keys.keyOf(contract),
    placed_by: order.account,
    tradingsymbol: tradingSymbol(contract),
    trading_symbol: tradingSymbol(contract),
    order_type: view.type,
    validity: view.validity,
    trigger_price: view.triggerPaise / 100,
    disclosed_quantity: view.disclosed,
    transaction_type: order.side,
    average_price: rupees(averageOf(view)),
    filled_quantity: view.filled,
    pending_quantity: view.quantity - view.filled,
    ...rejectionOf(view),
    exchange_order_id: view.exchangeMs > 0 ? order.exchangeId : null,
    parent_order_id: null,
    order_id: order.id,
    variety: 'SIMPLE',
    order_timestamp: indiaTimeText(view.updatedMs),
    exchange_timestamp: view.exchangeMs > 0 ? indiaTimeText(view.exchangeMs) : null,
    is_amo: false,
    order_request_id: String(1 + order.modifications),
    order_ref_id: `SIM${order.id}`,
  };
}

export function tradeRow({ keys }: RowDeps, trade: Trade): object {
  const { order, quantity, pricePaise, atMs, id } = trade;
  const { contract } = order;
  return {
    exchange: exchangeWord(contract),
    product: productWord(order.product),
    tradingsymbol: tradingSymbol(contract),
    trading_symbol: tradingSymbol(contract),
    instrument_token: keys.keyOf(contract),
    order_type: order.told.type,
    transaction_type: order.side,
    quantity,
    exchange_order_id: order.exchangeId,
    order_id: order.id,
    exchange_timestamp: indiaTimeText(atMs),
    average_price: pricePaise / 100,
    trade_id: id,
    order_ref_id: `SIM${order.id}`,
    order_timestamp: indiaTimeText(order.placedMs),
  };
}

export function positionRow({ keys, market }: RowDeps, position: Position): object {
  const { contract, net, carried, carriedPaise } = position;
  const [carriedBuy, carriedSell] = [Math.max(0, carried), Math.max(0, -carried)];
  const [buyAmount, sellAmount] = [
    carriedBuy > 0 ? carriedPaise : 0, carriedSell > 0 ? carriedPaise : 0,
  ];
  const { dayBuyQuantity, dayBuyPaise, daySellQuantity, daySellPaise } = position;
  const buy = { quantity: dayBuyQuantity + carriedBuy, paise: dayBuyPaise + buyAmount };
  const sell = { quantity: daySellQuantity + carriedSell, paise: daySellPaise + sellAmount };
  return {
    exchange: exchangeWord(contract),
    multiplier: 1,
    value: rupees(net * position.averagePaise),
    pnl: rupees(position.realisedPaise + position.unrealisedPaise),
    product: productWord(position.product),
    instrument_token: keys.keyOf(contract),
    // Of what is closed there is none.
    average_price: net === 0 ? null : rupees(position.averagePaise),
    buy_value: rupees(buy.paise),
    overnight_quantity: carried,
    day_buy_value: rupees(dayBuyPaise),
    day_buy_price: dayBuyQuantity > 0 ? rupees(dayBuyPaise / dayBuyQuantity) : 0,
    overnight_buy_amount: rupees(buyAmount),
    overnight_buy_quantity: carriedBuy,
    day_buy_quantity: dayBuyQuantity,
    day_sell_value: rupees(daySellPaise),
    day_sell_price: daySellQuantity > 0 ? rupees(daySellPaise / daySellQuantity) : 0,
    overnight_sell_amount: rupees(sellAmount),
    overnight_sell_quantity: carriedSell,
    day_sell_quantity: daySellQuantity,
    quantity: net,
    last_price: currentPaise(market, contract) / 100,
    unrealised: rupees(position.unrealisedPaise),
    realised: rupees(position.realisedPaise),
    sell_value: rupees(sell.paise),
    tradingsymbol: tradingSymbol(contract),
    trading_symbol: tradingSymbol(contract),
    close_price: contract.closePaise / 100,
    buy_price: buy.quantity > 0 ? rupees(buy.paise / buy.quantity) : 0,
    sell_price: sell.quantity > 0 ? rupees(sell.paise / sell.quantity) : 0,
  };
}

/** Four decimals, as averages have them. */
export function rupees(paise: number): number {
  return Math.round(paise * 100) / 10_000;
}
