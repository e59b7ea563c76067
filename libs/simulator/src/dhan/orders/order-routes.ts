import type { ServedResponse } from '@strikewire/runtime';
import { parseBody } from '../../parse-body';
import type { Order, Refusal } from '../../orders/order';
import { jsonAnswer, tradingError } from '../envelopes';
import type { RestDeps, TradingCall } from '../rest/rest-call';
import { changeFrom, formError, isAnswer, orderFrom } from './order-request';
import { orderRow, tradeRow } from './order-rows';
import { refusalText, statusWord } from './order-words';

/** A request about an order; `id` is what the path ends in. */
export interface OrderRouteCall extends TradingCall {
  id: string;
  query: URLSearchParams;
}

/** POST /v2/orders */
export function placeRoute(call: OrderRouteCall): ServedResponse {
  const draft = draftOf(call);
  if (isAnswer(draft)) return draft;
  const placed = call.deps.desk.place(call.account.clientId, draft);
  return 'code' in placed ? refused(placed) : json(receipt(placed));
}

/** POST /v2/orders/slicing: as many orders as it takes, each below the freeze quantity. */
export function slicingRoute(call: OrderRouteCall): ServedResponse {
  const draft = draftOf(call);
  if (isAnswer(draft)) return draft;
  const { desk } = call.deps;
  const most = desk.rules.quantityMost(draft.contract);
  const receipts: object[] = [];
  for (let rest = draft.quantity; rest > 0; rest -= most) {
    const placed = desk.place(call.account.clientId, { ...draft, quantity: Math.min(most, rest) });
    if ('code' in placed) return receipts.length > 0 ? json(receipts) : refused(placed);
    receipts.push(receipt(placed));
  }
  return json(receipts);
}

/** PUT /v2/orders/{order-id} */
export function modifyRoute({ deps, account, id, body }: OrderRouteCall): ServedResponse {
  const fields = parseBody(body);
  const wrong = formError(fields, account.clientId);
  if (wrong || !fields) return wrong ?? tradingError('DH-905');
  const order = deps.desk.find(account.clientId, id);
  if (!order) return unknownOrder();
  const terms = changeFrom(fields, order);
  if (isAnswer(terms)) return terms;
  const problem = deps.desk.modify(order, terms);
  if (!problem) return json(receipt(order));
  if (problem.code === 'modifications') {
    deps.violations.add('order_modifications', `${account.clientId} ${id}: ${problem.detail}`);
  }
  return refused(problem);
}

/** DELETE /v2/orders/{order-id} */
export function cancelRoute({ deps, account, id }: OrderRouteCall): ServedResponse {
  const order = deps.desk.find(account.clientId, id);
  if (!order) return unknownOrder();
  const problem = deps.desk.cancel(order);
  return problem ? refused(problem) : json({ orderId: id, orderStatus: 'CANCELLED' });
}

/** GET /v2/orders: newest first. */
export function bookRoute({ deps, account }: OrderRouteCall): ServedResponse {
  const { desk } = deps;
  const rows = desk.orders(account.clientId).reverse().map((order) => rowOf(deps, order));
  return json(twice(deps, account.clientId, rows));
}

/** GET /v2/orders/{order-id}: a list, which is empty when there is none. */
export function orderRoute({ deps, account, id }: OrderRouteCall): ServedResponse {
  const order = deps.desk.find(account.clientId, id);
  return json(order ? [rowOf(deps, order)] : []);
}

/** GET /v2/orders/external/{correlation-id}: unknown also while it is on its way. */
export function externalRoute({ deps, account, id }: OrderRouteCall): ServedResponse {
  const wanted = decodeURIComponent(id);
  const order = deps.desk.orders(account.clientId).findLast((one) =>
    one.clientOrderId === wanted && one.told.state !== 'transit');
  return order ? json(rowOf(deps, order)) : unknownOrder();
}

/** GET /v2/trades, and /v2/trades/{order-id} */
export function tradesRoute({ deps, account, id }: OrderRouteCall): ServedResponse {
  const trades = deps.desk.trades(account.clientId)
    .filter(({ order }) => id === '' || order.id === id);
  return json(twice(deps, account.clientId, trades.map(tradeRow)));
}

export function json(value: unknown): ServedResponse {
  return jsonAnswer(200, JSON.stringify(value));
}

function draftOf({ deps, account, body }: OrderRouteCall): ReturnType<typeof orderFrom> {
  const fields = parseBody(body);
  const wrong = formError(fields, account.clientId);
  if (wrong || !fields) return wrong ?? tradingError('DH-905');
  return orderFrom(fields, deps.market, `${account.clientId}-${deps.clock.wallMs()}`);
}

function receipt(order: Order): object {
  return { orderId: order.id, orderStatus: statusWord(order.told) };
}

function rowOf({ faults }: RestDeps, order: Order): object {
  const word = faults.orders.strangeWord(order.account, 'book');
  return orderRow(order, word ?? statusWord(order.told));
}

function twice(deps: RestDeps, clientId: string, rows: object[]): object[] {
  if (rows.length === 0 || !deps.faults.orders.areRowsTwice(clientId)) return rows;
  return rows.flatMap((row) => [row, row]);
}

function refused(problem: Refusal): ServedResponse {
  return tradingError('DH-906', refusalText(problem));
}

function unknownOrder(): ServedResponse {
  return tradingError('DH-906', 'Order not found', 404);
}
