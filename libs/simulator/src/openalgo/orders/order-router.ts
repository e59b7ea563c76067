import type { ServedResponse } from '@strikewire/runtime';
import type { OrderCall } from '../../faults/order-fault';
import { throughFaults, type Answered } from '../../orders/call-faults';
import { failureOf } from '../answers';
import type { OpenalgoCall } from '../rest/rest-call';
import { marginRoute } from './margin-route';
import {
  bookRoute, cancelRoute, fundsRoute, modifyRoute, placeRoute, positionsRoute, statusRoute,
  tradesRoute,
} from './order-routes';

interface OrderRoute {
  method: 'POST';
  answer: (call: OpenalgoCall) => Answered;
}

/** Those that have a limit of their own. */
export const orderPaths: readonly string[] = ['placeorder', 'modifyorder', 'cancelorder'];

/** Everything about orders, by path, with whatever faults make of it. */
export const orderRoutes: Readonly<Record<string, OrderRoute>> = {
  placeorder: route('place', placeRoute),
  modifyorder: route('modify', modifyRoute),
  cancelorder: route('cancel', cancelRoute),
  orderstatus: route('book', statusRoute),
  orderbook: route('book', bookRoute),
  tradebook: route('book', tradesRoute),
  positionbook: route('book', positionsRoute),
  funds: route('book', fundsRoute),
  margin: route('margin', marginRoute),
};

function route(call: OrderCall, answer: (call: OpenalgoCall) => ServedResponse): OrderRoute {
  return {
    method: 'POST',
    answer: (given) => throughFaults({
      faults: given.deps.faults.orders, account: given.clientId, call,
      act: () => answer(given), failed: failureOf,
    }),
  };
}
