import type { ServedResponse } from '@strikewire/runtime';
import { parseBody } from '../../parse-body';
import type { MarginParts } from '../../orders/margin-model';
import type { Asked } from '../../orders/order-funds';
import { jsonAnswer, tradingError } from '../envelopes';
import { formError, inputError, isAnswer, legFrom } from './order-request';
import { rupees } from './order-rows';
import { json, type OrderRouteCall } from './order-routes';

/** What a margin of which nothing is known comes as: the least number of 32 bits. */
const sentinel = -3.4028234663852886e38;
const legsMost = 50;

/** POST /v2/margincalculator */
export function marginRoute({ deps, account, body }: OrderRouteCall): ServedResponse {
  const fields = parseBody(body);
  const wrong = formError(fields, account.clientId);
  if (wrong || !fields) return wrong ?? tradingError('DH-905');
  const asked = askedOf(deps.market, fields);
  if (isAnswer(asked)) return asked;
  const shape = deps.faults.orders.marginShape(account.clientId);
  if (shape === 'error200') return errorInside();
  const parts = deps.desk.margin(account.clientId, [asked], { positions: false, orders: false });
  const { available } = deps.desk.funds(account.clientId);
  const told = (paise: number): number => shape === 'sentinel' ? sentinel : rupees(paise);
  return json({
    totalMargin: told(parts.total),
    spanMargin: told(parts.span),
    exposureMargin: told(parts.exposure),
    availableBalance: rupees(available),
    variableMargin: told(parts.premium),
    insufficientBalance: told(Math.max(0, parts.total - available)),
    brokerage: 20,
    leverage: '1.00',
  });
}

/** POST /v2/margincalculator/multi: either form of its names is taken. */
export function multiMarginRoute({ deps, account, body }: OrderRouteCall): ServedResponse {
  const fields = parseBody(body);
  if (!fields) return inputError('body');
  const { dhanClientId, includePosition, scripList, scripts } = fields;
  const isOwn = dhanClientId === undefined || dhanClientId === account.clientId;
  if (!isOwn) return inputError('dhanClientId');
  const list = scripList ?? scripts;
  const isList = Array.isArray(list) && list.length > 0 && list.length <= legsMost;
  if (!isList) return inputError('scripList');
  const asked: Asked[] = [];
  for (const item of list as Record<string, unknown>[]) {
    const one = askedOf(deps.market, item ?? {});
    if (isAnswer(one)) return one;
    asked.push(one);
  }
  const shape = deps.faults.orders.marginShape(account.clientId);
  if (shape === 'error200') return errorInside();
  const includesOrders = (fields['includeOrder'] ?? fields['includeOrders']) === true;
  const beside = { positions: includePosition === true, orders: includesOrders };
  const parts = deps.desk.margin(account.clientId, asked, beside);
  return json(shape === 'snake'
    ? snakeCase(parts)
    : camelCase(parts, account.clientId, shape === 'sentinel'));
}

function askedOf(
  market: OrderRouteCall['deps']['market'],
  fields: Readonly<Record<string, unknown>>,
): Asked | ServedResponse {
  const leg = legFrom(fields, market);
  if (isAnswer(leg)) return leg;
  const { quantity, price = 0 } = fields;
  if (!Number.isInteger(quantity) || Number(quantity) <= 0) return inputError('quantity');
  if (typeof price !== 'number' || price < 0) return inputError('price');
  const { contract, side } = leg;
  return { contract, side, quantity: Number(quantity), pricePaise: Math.round(price * 100) };
}

/** As it is seen on the wire. */
function camelCase({ total, span, exposure }: MarginParts, clientId: string, isVoid: boolean) {
  const told = (paise: number): number => isVoid ? sentinel : rupees(paise);
  return {
    clientId, totalMargin: told(total), spanMargin: told(span), exposure: told(exposure),
    equityMargin: 0, foMargin: told(total), commodity: 0, currency: 0,
  };
}

/** As one page of the documentation prints it: all of it texts. */
function snakeCase({ total, span, exposure, benefit }: MarginParts): object {
  const told = (paise: number): string => rupees(paise).toFixed(2);
  return {
    total_margin: told(total), span_margin: told(span), exposure_margin: told(exposure),
    equity_margin: '0.00', fo_margin: told(total), commodity_margin: '0.00', currency: 'INR',
    hedge_benefit: told(benefit),
  };
}

/** An error where an answer is expected: with HTTP 200. */
function errorInside(): ServedResponse {
  return jsonAnswer(200, JSON.stringify({
    errorType: 'Data_Error', errorCode: 'DH-907', errorMessage: 'Margin could not be calculated',
  }));
}
