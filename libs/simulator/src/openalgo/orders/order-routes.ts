import type { ServedResponse } from '@strikewire/runtime';
import type { Order, Refusal } from '../../orders/order';
import { failure, success } from '../answers';
import type { OpenalgoCall } from '../rest/rest-call';
import { isAnswer, missingOf, orderFrom, termsFrom } from './order-request';
import { averageRupees, orderRow, positionRow, rupees, tradeRow } from './order-rows';

const needed = ['strategy', 'exchange', 'symbol', 'action', 'quantity'] as const;
const allNeeded = [
  'orderid', ...needed, 'product', 'pricetype', 'price', 'disclosed_quantity', 'trigger_price',
] as const;

/** POST /placeorder */
export function placeRoute({ deps, fields, clientId }: OpenalgoCall): ServedResponse {
  const lacking = missingOf(fields, needed);
  if (lacking) return lacking;
  const draft = orderFrom(fields, deps.symbols);
  if (isAnswer(draft)) return draft;
  const placed = deps.desk.place(clientId, draft);
  return 'code' in placed ? refused(placed) : success({ orderid: placed.id });
}

/** POST /modifyorder: all of the order has to be said again. */
export function modifyRoute({ deps, fields, clientId }: OpenalgoCall): ServedResponse {
  const lacking = missingOf(fields, allNeeded);
  if (lacking) return lacking;
  const order = deps.desk.find(clientId, String(fields['orderid']));
  if (!order) return unknownOrder(fields['orderid']);
  const terms = termsFrom(fields);
  if (isAnswer(terms)) return terms;
  const problem = deps.desk.modify(order, terms);
  return problem ? refused(problem) : success({ orderid: order.id });
}

/** POST /cancelorder */
export function cancelRoute({ deps, fields, clientId }: OpenalgoCall): ServedResponse {
  const lacking = missingOf(fields, ['strategy', 'orderid']);
  if (lacking) return lacking;
  const order = deps.desk.find(clientId, String(fields['orderid']));
  if (!order) return unknownOrder(fields['orderid']);
  const problem = deps.desk.cancel(order);
  return problem ? refused(problem) : success({ orderid: order.id });
}

/** POST /orderstatus */
export function statusRoute({ deps, fields, clientId }: OpenalgoCall): ServedResponse {
  const lacking = missingOf(fields, ['strategy', 'orderid']);
  if (lacking) return lacking;
  const order = deps.desk.find(clientId, String(fields['orderid']));
  if (!order) return failure(404, `Order ${String(fields['orderid'])} not found`);
  const data = { ...bookRow({ deps, clientId }, order), average_price: averageRupees(order.told) };
  return success({ data });
}

/** POST /orderbook */
export function bookRoute({ deps, clientId }: OpenalgoCall): ServedResponse {
  const told = deps.desk.orders(clientId);
  const count = (fits: (order: Order) => boolean): number => told.filter(fits).length;
  const statistics = {
    total_buy_orders: count(({ side }) => side === 'BUY'),
    total_sell_orders: count(({ side }) => side === 'SELL'),
    total_completed_orders: count(({ told: { state } }) => state === 'filled'),
    total_open_orders: count(({ told: { state } }) => ['transit', 'open'].includes(state)),
    total_rejected_orders: count(({ told: { state } }) => state === 'rejected'),
  };
  const orders = twice({ deps, clientId }, told.map((order) => bookRow({ deps, clientId }, order)));
  return success({ data: { orders, statistics } });
}

/** POST /tradebook */
export function tradesRoute({ deps, clientId }: OpenalgoCall): ServedResponse {
  const rows = deps.desk.trades(clientId).map((trade) => tradeRow(deps, trade));
  return success({ data: twice({ deps, clientId }, rows) });
}

/** POST /positionbook */
export function positionsRoute({ deps, clientId }: OpenalgoCall): ServedResponse {
  const positions = deps.desk.positions(clientId);
  return success({ data: positions.map((position) => positionRow(deps, position)) });
}

/** POST /funds: its numbers are texts. */
export function fundsRoute({ deps, clientId }: OpenalgoCall): ServedResponse {
  const { opening, available } = deps.desk.funds(clientId);
  const sumOf = (what: 'realisedPaise' | 'unrealisedPaise'): number =>
    deps.desk.positions(clientId).reduce((sum, position) => sum + position[what], 0);
  const text = (paise: number): string => rupees(paise).toFixed(2);
  return success({
    data: {
      availablecash: text(available), collateral: '0.00',
      m2mrealized: text(sumOf('realisedPaise')), m2munrealized: text(sumOf('unrealisedPaise')),
      utiliseddebits: text(opening - available),
    },
  });
}

type Asker = Pick<OpenalgoCall, 'deps' | 'clientId'>;

function bookRow({ deps, clientId }: Asker, order: Order): Record<string, unknown> {
  const word = deps.faults.orders.strangeWord(clientId, 'book');
  return orderRow(deps, order, order.told, word);
}

function twice({ deps, clientId }: Asker, rows: object[]): object[] {
  if (rows.length === 0 || !deps.faults.orders.areRowsTwice(clientId)) return rows;
  return rows.flatMap((row) => [row, row]);
}

/** What its broker refuses comes as an error with HTTP 200. */
function refused({ detail }: Refusal): ServedResponse {
  return failure(200, `Order refused by the broker: ${detail}`);
}

function unknownOrder(orderId: unknown): ServedResponse {
  return failure(200, `Order ${String(orderId)} not found`);
}
