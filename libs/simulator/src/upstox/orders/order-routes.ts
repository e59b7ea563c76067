import type { ServedResponse } from '@strikewire/runtime';
import type { Order, OrderDraft, Refusal } from '../../orders/order';
import { parseBody } from '../../parse-body';
import { failure, jsonAnswer, success, type UpstoxErrorCode } from '../envelopes';
import type { UserCall } from '../rest/rest-call';
import { isAnswer, orderFrom, termsFrom } from './order-request';
import { orderRow, tradeRow } from './order-rows';
import { refusalCodes, refusalText } from './order-words';

/** POST /v3/order/place: several ids when it is sliced. */
export function placeRoute(call: UserCall): ServedResponse {
  const ids = placed(call, true);
  return Array.isArray(ids) ? answered({ order_ids: ids }) : ids;
}

/** POST /v2/order/place, which is older and slices nothing. */
export function oldPlaceRoute(call: UserCall): ServedResponse {
  const ids = placed(call, false);
  return Array.isArray(ids) ? success({ order_id: ids[0] }) : ids;
}

function placed({ deps, account, request }: UserCall, mayBeSliced: boolean) {
  const fields = parseBody(request.body);
  if (!fields) return failure('UDAPI100036');
  const draft = orderFrom(fields, deps.keys);
  if (isAnswer(draft)) return draft;
  const { desk } = deps;
  const isSliced = mayBeSliced && fields['slice'] === true;
  const most = isSliced ? desk.rules.quantityMost(draft.contract) : Infinity;
  const ids: string[] = [];
  for (const quantity of sliced(draft, most)) {
    const order = desk.place(account.clientId, { ...draft, quantity });
    if (!('code' in order)) ids.push(order.id);
    else if (ids.length === 0) return refused(order, refusalCodes[order.code]);
    else break;
  }
  return ids;
}

/** PUT /v3/order/modify, and of the second version. */
export function modifyRoute({ deps, account, request }: UserCall): ServedResponse {
  const fields = parseBody(request.body);
  if (!fields) return failure('UDAPI100036');
  const { order_id: orderId } = fields;
  const order = orderOf({ deps, account }, orderId);
  if (isAnswer(order)) return order;
  const { told } = order;
  const { quantity, disclosed } = told;
  const terms = termsFrom({ quantity, disclosed_quantity: disclosed, ...fields });
  if (isAnswer(terms)) return terms;
  const problem = deps.desk.modify(order, terms);
  if (!problem) return answered({ order_id: order.id });
  return refused(problem, problem.code === 'done' ? 'UDAPI100041' : refusalCodes[problem.code]);
}

/** DELETE /v3/order/cancel?order_id=, and of the second version. */
export function cancelRoute({ deps, account, request }: UserCall): ServedResponse {
  const order = orderOf({ deps, account }, request.query.get('order_id') ?? undefined);
  if (isAnswer(order)) return order;
  const problem = deps.desk.cancel(order);
  return problem
    ? refused(problem, refusalCodes[problem.code])
    : answered({ order_id: order.id });
}

/** GET /v2/order/retrieve-all: oldest first. */
export function bookRoute({ deps, account: { clientId } }: UserCall): ServedResponse {
  return success(twice(deps, clientId, deps.desk.orders(clientId).map((order) => {
    const word = deps.faults.orders.strangeWord(clientId, 'book');
    return orderRow(deps, order, order.told, word);
  })));
}

/** GET /v2/order/details?order_id= */
export function detailsRoute({ deps, account, request }: UserCall): ServedResponse {
  const order = orderOf({ deps, account }, request.query.get('order_id') ?? undefined);
  if (isAnswer(order)) return order;
  const word = deps.faults.orders.strangeWord(account.clientId, 'book');
  return success(orderRow(deps, order, order.told, word));
}

/** GET /v2/order/history?order_id= or ?tag=: a row for each state that an order was in. */
export function historyRoute({ deps, account, request }: UserCall): ServedResponse {
  const [orderId, tag] = [request.query.get('order_id'), request.query.get('tag')];
  if (!orderId && !tag) return failure('UDAPI1023', 'order_id');
  const orders = deps.desk.orders(account.clientId).filter((order) =>
    (!orderId || order.id === orderId) && (!tag || order.clientOrderId === tag));
  if (orderId && orders.length === 0) return failure('UDAPI100010', 'order_id');
  return success(orders.flatMap((order) =>
    order.history.map((view) => orderRow(deps, order, view))));
}

/** GET /v2/order/trades/get-trades-for-day, and /v2/order/trades?order_id= */
export function tradesRoute({ deps, account, request }: UserCall): ServedResponse {
  const orderId = request.query.get('order_id');
  const trades = deps.desk.trades(account.clientId)
    .filter(({ order }) => !orderId || order.id === orderId);
  const rows = trades.map((trade) => tradeRow(deps, trade));
  return success(twice(deps, account.clientId, rows));
}

function orderOf({ deps, account }: Pick<UserCall, 'deps' | 'account'>, orderId: unknown):
  Order | ServedResponse {
  if (typeof orderId !== 'string' || orderId === '') return failure('UDAPI1023', 'order_id');
  if (!/^[A-Za-z0-9-]+$/.test(orderId)) return failure('UDAPI1010', 'order_id');
  return deps.desk.find(account.clientId, orderId) ?? failure('UDAPI100010', 'order_id');
}

function* sliced({ quantity }: OrderDraft, most: number): Generator<number> {
  if (quantity <= most) yield quantity;
  else for (let rest = quantity; rest > 0; rest -= most) yield Math.min(most, rest);
}

function answered(data: object): ServedResponse {
  return jsonAnswer(200, { status: 'success', data, metadata: { latency: 30 } });
}

function refused(problem: Refusal, code: UpstoxErrorCode): ServedResponse {
  return failure(code, null, refusalText(problem));
}

function twice(deps: UserCall['deps'], clientId: string, rows: object[]): object[] {
  if (rows.length === 0 || !deps.faults.orders.areRowsTwice(clientId)) return rows;
  return rows.flatMap((row) => [row, row]);
}
