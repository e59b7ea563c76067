import type { ServedResponse } from '@strikewire/runtime';
import type { OrderDraft, OrderTerms } from '../../orders/order';
import { failure } from '../envelopes';
import { isKey, type Keys } from '../keys';
import { orderTypes, products } from './order-words';

type Fields = Readonly<Record<string, unknown>>;

const tagLengthMost = 40;

export function isAnswer(value: object): value is ServedResponse {
  return 'status' in value;
}

/** The order that a body asks for, or what is wrong with it. */
export function orderFrom(fields: Fields, keys: Keys): OrderDraft | ServedResponse {
  const leg = legFrom(fields, keys);
  if (isAnswer(leg)) return leg;
  const { tag, is_amo: isAmo } = fields;
  if (tag !== undefined && (typeof tag !== 'string' || tag.length > tagLengthMost)) {
    return failure('UDAPI1119', 'tag');
  }
  // In market hours the mark of an order for later is taken off; out of them there is none here.
  if (isAmo !== undefined && typeof isAmo !== 'boolean') return failure('UDAPI100036', 'is_amo');
  const terms = termsFrom(fields);
  if (isAnswer(terms)) return terms;
  return { ...leg, ...terms, clientOrderId: tag ?? '', source: 'api' };
}

/** Contract, side and product; margins are asked for with these too. */
export function legFrom(
  fields: Fields,
  keys: Keys,
): Pick<OrderDraft, 'contract' | 'side' | 'product'> | ServedResponse {
  const key = fields['instrument_token'] ?? fields['instrument_key'];
  if (typeof key !== 'string' || key === '') return failure('UDAPI1026', 'instrument_token');
  const contract = isKey(key) ? keys.look(key) : undefined;
  if (!contract) return failure('UDAPI100011', 'instrument_token');
  const { transaction_type: side, product: word } = fields;
  if (side !== 'BUY' && side !== 'SELL') return failure('UDAPI100036', 'transaction_type');
  const isWord = typeof word === 'string' && Object.hasOwn(products, word);
  const product = isWord ? products[word] : undefined;
  return product ? { contract, side, product } : failure('UDAPI100036', 'product');
}

export function termsFrom(fields: Fields): OrderTerms | ServedResponse {
  const { order_type: word, validity, quantity, disclosed_quantity: disclosed = 0 } = fields;
  const { price = 0, trigger_price: trigger = 0 } = fields;
  const type = orderTypes.find((one) => one === word);
  if (!type) return failure('UDAPI1004', 'order_type');
  if (validity !== 'DAY' && validity !== 'IOC') return failure('UDAPI1007', 'validity');
  if (!Number.isInteger(quantity)) return failure('UDAPI1052', 'quantity');
  if (!Number.isInteger(disclosed)) return failure('UDAPI1039', 'disclosed_quantity');
  if (!isPrice(price)) return failure('UDAPI1029', 'price');
  if (!isPrice(trigger)) return failure('UDAPI1030', 'trigger_price');
  const isLimit = type === 'LIMIT' || type === 'SL';
  const isStop = type === 'SL' || type === 'SL-M';
  return {
    type, validity, quantity: Number(quantity), disclosed: Number(disclosed),
    pricePaise: isLimit ? paise(price) : 0, triggerPaise: isStop ? paise(trigger) : 0,
  };
}

function isPrice(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

/** Not rounded to whole paise: what is off the tick is to be seen. */
function paise(rupees: number): number {
  return Math.round(rupees * 1e6) / 1e4;
}
