import { averageOf, type Order, type Trade } from '../../orders/order';
import { indiaTimeText } from '../../orders/times';
import type { Position } from '../../orders/ledger';
import { segmentName } from '../segments';
import {
  customSymbol, derivativeFields, orderTypes, products, rejectionOf, tradingSymbol, wordOf,
} from './order-words';

export const noTime = '0001-01-01 00:00:00';

/** A row of the order book, with the status in the word that is given. */
export function orderRow(order: Order, orderStatus: string): object {
  const { told, contract } = order;
  return {
    dhanClientId: order.account,
    orderId: order.id,
    exchangeOrderId: told.exchangeMs > 0 ? order.exchangeId : '0',
    correlationId: order.clientOrderId || 'NA',
    orderStatus,
    transactionType: order.side,
    exchangeSegment: segmentName(contract.place),
    productType: wordOf(products, order.product),
    orderType: wordOf(orderTypes, told.type),
    validity: told.validity,
    tradingSymbol: tradingSymbol(contract),
    securityId: String(contract.id),
    quantity: told.quantity,
    disclosedQuantity: told.disclosed,
    price: told.pricePaise / 100,
    triggerPrice: told.triggerPaise / 100,
    afterMarketOrder: false,
    boProfitValue: 0,
    boStopLossValue: 0,
    legName: 'NA',
    createTime: indiaTimeText(order.placedMs),
    updateTime: indiaTimeText(told.updatedMs),
    exchangeTime: told.exchangeMs > 0 ? indiaTimeText(told.exchangeMs) : noTime,
    ...derivativeFields(contract),
    ...rejectionOf(told),
    algoId: '0',
    remainingQuantity: told.quantity - told.filled,
    averageTradedPrice: rupees(averageOf(told)),
    filledQty: told.filled,
  };
}

export function tradeRow({ id, order, quantity, pricePaise, atMs }: Trade): object {
  const { contract } = order;
  return {
    dhanClientId: order.account,
    orderId: order.id,
    exchangeOrderId: order.exchangeId,
    exchangeTradeId: id,
    transactionType: order.side,
    exchangeSegment: segmentName(contract.place),
    productType: wordOf(products, order.product),
    orderType: wordOf(orderTypes, order.told.type),
    tradingSymbol: tradingSymbol(contract),
    customSymbol: customSymbol(contract),
    securityId: String(contract.id),
    tradedQuantity: quantity,
    tradedPrice: pricePaise / 100,
    createTime: indiaTimeText(order.placedMs),
    updateTime: indiaTimeText(atMs),
    exchangeTime: indiaTimeText(atMs),
    ...derivativeFields(contract),
  };
}

export function positionRow(clientId: string, position: Position): object {
  const { contract, net, carried, carriedPaise } = position;
  const [carriedBuy, carriedSell] = [Math.max(0, carried), Math.max(0, -carried)];
  const buyQty = position.dayBuyQuantity + carriedBuy;
  const sellQty = position.daySellQuantity + carriedSell;
  const buyPaise = position.dayBuyPaise + (carriedBuy > 0 ? carriedPaise : 0);
  const sellPaise = position.daySellPaise + (carriedSell > 0 ? carriedPaise : 0);
  return {
    dhanClientId: clientId,
    tradingSymbol: tradingSymbol(contract),
    securityId: String(contract.id),
    positionType: net > 0 ? 'LONG' : net < 0 ? 'SHORT' : 'CLOSED',
    exchangeSegment: segmentName(contract.place),
    productType: wordOf(products, position.product),
    buyAvg: buyQty > 0 ? rupees(buyPaise / buyQty) : 0,
    costPrice: rupees(position.averagePaise),
    buyQty,
    sellAvg: sellQty > 0 ? rupees(sellPaise / sellQty) : 0,
    sellQty,
    netQty: net,
    realizedProfit: rupees(position.realisedPaise),
    unrealizedProfit: rupees(position.unrealisedPaise),
    rbiReferenceRate: 1,
    multiplier: 1,
    carryForwardBuyQty: carriedBuy,
    carryForwardSellQty: carriedSell,
    carryForwardBuyValue: carriedBuy > 0 ? rupees(carriedPaise) : 0,
    carryForwardSellValue: carriedSell > 0 ? rupees(carriedPaise) : 0,
    dayBuyQty: position.dayBuyQuantity,
    daySellQty: position.daySellQuantity,
    dayBuyValue: rupees(position.dayBuyPaise),
    daySellValue: rupees(position.daySellPaise),
    ...derivativeFields(contract),
    crossCurrency: false,
  };
}

/** Four decimals, as averages have them. */
export function rupees(paise: number): number {
  return Math.round(paise * 100) / 10_000;
}
