import type { ServedResponse } from '@strikewire/runtime';
import type { Contract } from '../../market/contract';
import type { Market } from '../../market/market';
import type { Order, OrderDraft, OrderTerms, Side } from '../../orders/order';
import { tradingError } from '../envelopes';
import { placeOfSegment } from '../segments';
import { orderTypes, products } from './order-words';

type Fields = Readonly<Record<string, unknown>>;

/** Fields that hold numbers; a text in one of them is wrong, an empty one too. */
const numbers = ['quantity', 'disclosedQuantity', 'price', 'triggerPrice'] as const;
const texts = [
  'dhanClientId', 'correlationId', 'transactionType', 'exchangeSegment', 'productType',
  'orderType', 'validity', 'securityId', 'orderId', 'legName',
] as const;
/** A market order becomes a limit order so far beyond the touch. */
const protection = 0.03;

export function isAnswer(value: object): value is ServedResponse {
  return 'status' in value;
}

/** What is wrong with the form of a body's fields, if anything; unknown ones are passed over. */
export function formError(
  fields: Fields | undefined,
  clientId: string,
): ServedResponse | undefined {
  if (!fields) return inputError('body');
  for (const name of texts) {
    const value = fields[name];
    if (value !== undefined && (typeof value !== 'string' || value === '')) return inputError(name);
  }
  for (const name of numbers) {
    const value = fields[name];
    if (value !== undefined && (typeof value !== 'number' || value < 0)) return inputError(name);
  }
  return fields['dhanClientId'] === clientId ? undefined : inputError('dhanClientId');
}

export function inputError(field: string): ServedResponse {
  return tradingError('DH-905', `Missing required fields or bad values for parameters: ${field}`);
}

/** The order that a body asks for, or what is wrong with it. */
export function orderFrom(
  fields: Fields,
  market: Market,
  clientOrderIdOtherwise: string,
): OrderDraft | ServedResponse {
  const leg = legFrom(fields, market);
  if (isAnswer(leg)) return leg;
  const { correlationId, afterMarketOrder } = fields;
  if (afterMarketOrder === true) {
    return tradingError('DH-906', 'After market orders are not taken while the market is open');
  }
  if (correlationId !== undefined && !/^[A-Za-z0-9 _-]{1,30}$/.test(String(correlationId))) {
    return inputError('correlationId');
  }
  const terms = termsFrom(fields);
  if (isAnswer(terms)) return terms;
  const draft: OrderDraft = {
    ...leg, ...terms, source: 'api',
    clientOrderId: correlationId === undefined ? clientOrderIdOtherwise : String(correlationId),
  };
  return draft.type === 'MARKET' ? protectedOrder(draft) : draft;
}

/** What an open order is to be; what is not given stays as it is. */
export function changeFrom(fields: Fields, order: Order): OrderTerms | ServedResponse {
  const { told } = order;
  const given = Object.fromEntries(Object.entries({
    quantity: fields['quantity'], price: fields['price'], triggerPrice: fields['triggerPrice'],
    disclosedQuantity: fields['disclosedQuantity'], validity: fields['validity'],
    orderType: fields['orderType'],
  }).filter(([, value]) => value !== undefined));
  if (given['orderType'] === undefined) return inputError('orderType');
  if (given['validity'] === undefined) return inputError('validity');
  const terms = termsFrom({
    quantity: told.quantity, price: told.pricePaise / 100,
    triggerPrice: told.triggerPaise / 100, disclosedQuantity: told.disclosed, ...given,
  });
  if (isAnswer(terms) || terms.type !== 'MARKET') return terms;
  const touched = protectedOrder({ ...order, ...terms });
  return isAnswer(touched) ? touched : { ...terms, type: 'LIMIT', pricePaise: touched.pricePaise };
}

/** Contract, side and product; margins are asked for with these too. */
export function legFrom(fields: Fields, market: Market): ServedResponse | {
  contract: Contract; side: Side; product: OrderDraft['product'];
} {
  const { transactionType, exchangeSegment, productType, securityId } = fields;
  if (transactionType !== 'BUY' && transactionType !== 'SELL') return inputError('transactionType');
  const place = placeOfSegment(String(exchangeSegment));
  if (!place) return inputError('exchangeSegment');
  const word = String(productType);
  const product = Object.hasOwn(products, word) ? products[word] : undefined;
  if (!product) return inputError('productType');
  const isId = typeof securityId === 'string' && /^\d{1,10}$/.test(securityId);
  const contract = isId ? market.look(place, Number(securityId)) : undefined;
  if (!contract) return tradingError('DH-905', 'Invalid SecurityId');
  return { contract, side: transactionType, product };
}

function termsFrom(fields: Fields): OrderTerms | ServedResponse {
  const { orderType, validity = 'DAY', quantity, disclosedQuantity = 0 } = fields;
  const word = String(orderType);
  const type = Object.hasOwn(orderTypes, word) ? orderTypes[word] : undefined;
  if (!type) return inputError('orderType');
  if (validity !== 'DAY' && validity !== 'IOC') return inputError('validity');
  if (!Number.isInteger(quantity)) return inputError('quantity');
  const isLimit = type === 'LIMIT' || type === 'SL';
  const isStop = type === 'SL' || type === 'SL-M';
  return {
    type, validity, quantity: Number(quantity), disclosed: Number(disclosedQuantity),
    pricePaise: isLimit ? paise(fields['price']) : 0,
    triggerPaise: isStop ? paise(fields['triggerPrice']) : 0,
  };
}

/** Not rounded to whole paise: what is off the tick is to be seen. */
function paise(rupees: unknown): number {
  return rupees === undefined ? 0 : Math.round(Number(rupees) * 1e6) / 1e4;
}

function protectedOrder(draft: OrderDraft): OrderDraft | ServedResponse {
  const { contract: { depth, tickPaise }, side } = draft;
  const touch = (side === 'BUY' ? depth[5] : depth[4]) ?? 0;
  if (touch === 0) return tradingError('DH-906', 'No market price to place a market order at');
  const steps = (touch * (side === 'BUY' ? 1 + protection : 1 - protection)) / tickPaise;
  const onTick = (side === 'BUY' ? Math.floor(steps) : Math.ceil(steps)) * tickPaise;
  return { ...draft, type: 'LIMIT', pricePaise: Math.max(tickPaise, onTick) };
}
