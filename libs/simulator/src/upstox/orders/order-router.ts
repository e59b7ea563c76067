import type { ServedResponse } from '@strikewire/runtime';
import type { OrderCall } from '../../faults/order-fault';
import { throughFaults, type Answered } from '../../orders/call-faults';
import { failureOf } from '../envelopes';
import type { UserCall } from '../rest/rest-call';
import {
  bookRoute, cancelRoute, detailsRoute, historyRoute, modifyRoute, oldPlaceRoute, placeRoute,
  tradesRoute,
} from './order-routes';
import { fundsRoute, marginRoute, newFundsRoute, positionsRoute } from './portfolio-routes';

interface OrderRoute {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  answer: (call: UserCall) => Answered;
}

/** Everything about orders, by path, with whatever faults make of it. */
export const orderRoutes: Readonly<Record<string, OrderRoute>> = {
  '/v3/order/place': route('POST', 'place', placeRoute),
  '/v2/order/place': route('POST', 'place', oldPlaceRoute),
  '/v3/order/modify': route('PUT', 'modify', modifyRoute),
  '/v2/order/modify': route('PUT', 'modify', modifyRoute),
  '/v3/order/cancel': route('DELETE', 'cancel', cancelRoute),
  '/v2/order/cancel': route('DELETE', 'cancel', cancelRoute),
  '/v2/order/retrieve-all': route('GET', 'book', bookRoute),
  '/v2/order/details': route('GET', 'book', detailsRoute),
  '/v2/order/history': route('GET', 'book', historyRoute),
  '/v2/order/trades': route('GET', 'book', tradesRoute),
  '/v2/order/trades/get-trades-for-day': route('GET', 'book', tradesRoute),
  '/v2/portfolio/short-term-positions': route('GET', 'book', positionsRoute),
  '/v2/user/get-funds-and-margin': route('GET', 'book', fundsRoute),
  '/v3/user/get-funds-and-margin': route('GET', 'book', newFundsRoute),
  '/v2/charges/margin': route('POST', 'margin', marginRoute),
};

function route(
  method: OrderRoute['method'],
  call: OrderCall,
  answer: (call: UserCall) => ServedResponse,
): OrderRoute {
  return {
    method,
    answer: (given) => throughFaults({
      faults: given.deps.faults.orders, account: given.account.clientId, call,
      act: () => answer(given), failed: failureOf,
    }),
  };
}
