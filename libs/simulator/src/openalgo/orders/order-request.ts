import type { ServedResponse } from '@strikewire/runtime';
import type { OrderDraft, OrderTerms } from '../../orders/order';
import { failure, missing } from '../answers';
import type { OpenalgoCall } from '../rest/rest-call';
import { isExchange, type Symbols } from '../symbols';
import { priceTypes, products } from './order-words';

type Fields = OpenalgoCall['fields'];

export function isAnswer(value: object): value is ServedResponse {
  return 'status' in value;
}

/** The first of some fields that is not there. */
export function missingOf(
  fields: Fields,
  names: readonly string[],
): ServedResponse | undefined {
  const name = names.find((one) => fields[one] === undefined || fields[one] === '');
  return name === undefined ? undefined : missing(name);
}

/** The order that a body asks for, or what is wrong with it; there are none but for the day. */
export function orderFrom(fields: Fields, symbols: Symbols): OrderDraft | ServedResponse {
  const leg = legFrom(fields, symbols);
  if (isAnswer(leg)) return leg;
  const terms = termsFrom(fields);
  return isAnswer(terms) ? terms : { ...leg, ...terms, clientOrderId: '', source: 'api' };
}

/** Contract, side and product; margins are asked for with these too. */
export function legFrom(
  { symbol, exchange, action, product: word = 'MIS' }: Fields,
  symbols: Symbols,
): Pick<OrderDraft, 'contract' | 'side' | 'product'> | ServedResponse {
  if (typeof symbol !== 'string') return missing('symbol');
  if (typeof exchange !== 'string') return missing('exchange');
  if (!isExchange(exchange)) return failure(400, { exchange: ['Must be one of the exchanges.'] });
  const side = String(action).toUpperCase();
  if (side !== 'BUY' && side !== 'SELL') {
    return failure(400, { action: ['Must be one of: BUY, SELL.'] });
  }
  const isWord = typeof word === 'string' && Object.hasOwn(products, word);
  const product = isWord ? products[word] : undefined;
  if (!product) return failure(400, { product: ['Must be one of: MIS, NRML, CNC.'] });
  const contract = symbols.look(symbol, exchange);
  return contract
    ? { contract, side, product }
    : failure(404, `Symbol '${symbol}' not found for exchange '${exchange}'`);
}

/** Numbers may come as texts. */
export function termsFrom(fields: Fields): OrderTerms | ServedResponse {
  const { pricetype = 'MARKET' } = fields;
  const type = priceTypes.find((one) => one === pricetype);
  if (!type) return failure(400, { pricetype: ['Must be one of: MARKET, LIMIT, SL, SL-M.'] });
  const [quantity, price, trigger, disclosed] = [
    numberOf(fields['quantity']), numberOf(fields['price'] ?? 0),
    numberOf(fields['trigger_price'] ?? 0), numberOf(fields['disclosed_quantity'] ?? 0),
  ];
  if (!(quantity > 0)) return failure(400, { quantity: ['Quantity must be a positive number.'] });
  if (!(price >= 0)) return failure(400, { price: ['Price must be a non-negative number.'] });
  if (!(trigger >= 0)) {
    return failure(400, { trigger_price: ['Trigger price must be a non-negative number.'] });
  }
  const isLimit = type === 'LIMIT' || type === 'SL';
  const isStop = type === 'SL' || type === 'SL-M';
  return {
    type, validity: 'DAY', quantity, disclosed: disclosed || 0,
    pricePaise: isLimit ? paise(price) : 0, triggerPaise: isStop ? paise(trigger) : 0,
  };
}

export function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
}

/** Not rounded to whole paise: what is off the tick is to be seen. */
function paise(rupees: number): number {
  return Math.round(rupees * 1e6) / 1e4;
}
