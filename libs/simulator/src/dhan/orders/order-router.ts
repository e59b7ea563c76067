import type { ServedRequest, ServedResponse } from '@strikewire/runtime';
import type { OrderCall } from '../../faults/order-fault';
import { throughFaults, type Answered } from '../../orders/call-faults';
import type { AccountSeed } from '../accounts';
import { gatewayError, tradingError } from '../envelopes';
import type { LimitClass } from '../limits';
import type { RestDeps } from '../rest/rest-call';
import { marginRoute, multiMarginRoute } from './margin-routes';
import {
  bookRoute, cancelRoute, externalRoute, modifyRoute, orderRoute, placeRoute, slicingRoute,
  tradesRoute, type OrderRouteCall,
} from './order-routes';
import { killSwitchRoute, positionsRoute, setKillSwitchRoute } from './portfolio-routes';

interface OrderRoute {
  limit: LimitClass;
  call: OrderCall;
  answer: (call: OrderRouteCall) => ServedResponse;
}

const reading = { limit: 'nonTrading', call: 'book' } as const;
const margin = { limit: 'nonTrading', call: 'margin' } as const;

/** By method and path; `{}` stands for what names an order. */
const routes: Readonly<Record<string, OrderRoute>> = {
  'POST orders': { limit: 'order', call: 'place', answer: placeRoute },
  'POST orders/slicing': { limit: 'order', call: 'place', answer: slicingRoute },
  'PUT orders/{}': { limit: 'order', call: 'modify', answer: modifyRoute },
  'DELETE orders/{}': { limit: 'order', call: 'cancel', answer: cancelRoute },
  'GET orders': { ...reading, answer: bookRoute },
  'GET orders/{}': { ...reading, answer: orderRoute },
  'GET orders/external/{}': { ...reading, answer: externalRoute },
  'GET trades': { ...reading, answer: tradesRoute },
  'GET trades/{}': { ...reading, answer: tradesRoute },
  'GET positions': { ...reading, answer: positionsRoute },
  'POST margincalculator': { ...margin, answer: marginRoute },
  'POST margincalculator/multi': { ...margin, answer: multiMarginRoute },
  'POST killswitch': { ...reading, answer: setKillSwitchRoute },
  'GET killswitch': { ...reading, answer: killSwitchRoute },
};
const names = new Set(Object.keys(routes).map((key) => key.slice(key.indexOf(' ') + 1)));

/** A path without `/v2/` in the form that routes have; undefined when it is none of theirs. */
export function orderPath(path: string): { name: string; id: string } | undefined {
  if (names.has(path)) return { name: path, id: '' };
  const at = path.lastIndexOf('/');
  const name = `${path.slice(0, at)}/{}`;
  return at > 0 && names.has(name) ? { name, id: path.slice(at + 1) } : undefined;
}

/** Undefined when the path knows no such method. */
export function orderRouteOf(method: string, name: string): OrderRoute | undefined {
  const key = `${method} ${name}`;
  return Object.hasOwn(routes, key) ? routes[key] : undefined;
}

/** The answer to a request whose account and limits are checked. */
export function answerOrder(
  deps: RestDeps,
  { call, answer }: OrderRoute,
  account: Readonly<AccountSeed>,
  given: { request: ServedRequest; id: string },
): Answered {
  const { request: { body, query, path }, id } = given;
  return throughFaults({
    faults: deps.faults.orders, account: account.clientId, call,
    act: () => answer({ deps, account, body, query, id }),
    failed: (status) => status === 429
      ? tradingError('DH-904')
      : gatewayError(status, path, deps.clock.wallMs()),
  });
}
