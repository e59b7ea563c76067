import type { ServedRequest, ServedResponse } from '@strikewire/runtime';
import type { AccountSeed, AuthProblem } from '../accounts';
import {
  dataError, gatewayError, tradingError, type DataErrorCode, type TradingErrorCode,
} from '../envelopes';
import type { LimitClass } from '../limits';
import { masterRoute, segmentRedirectRoute } from '../master/master-route';
import type { Answered } from '../../orders/call-faults';
import { answerOrder, orderPath, orderRouteOf } from '../orders/order-router';
import { fundLimitRoute } from '../orders/portfolio-routes';
import { createChainWriter } from './chain-writer';
import {
  addressRoute, chartsRoute, profileRoute, renewTokenRoute,
} from './account';
import { createLoginRoute, loginPath } from './login';
import { marketQuoteRoute } from './market-quote';
import { expiryListRoute, optionChainRoute } from './option-chain';
import type { DataCall, RestDeps, TradingCall } from './rest-call';

type Route = { method: 'GET' | 'POST' } & (
  | { api: 'data'; answer: (call: DataCall) => ServedResponse }
  | { api: 'trading'; limit: LimitClass; answer: (call: TradingCall) => ServedResponse }
);

const routes: Readonly<Record<string, Route>> = {
  'optionchain': { method: 'POST', api: 'data', answer: optionChainRoute },
  'optionchain/expirylist': { method: 'POST', api: 'data', answer: expiryListRoute },
  'marketfeed/ltp': { method: 'POST', api: 'data', answer: marketQuoteRoute('ltp') },
  'marketfeed/ohlc': { method: 'POST', api: 'data', answer: marketQuoteRoute('ohlc') },
  'marketfeed/quote': { method: 'POST', api: 'data', answer: marketQuoteRoute('quote') },
  'charts/intraday': { method: 'POST', api: 'trading', limit: 'data', answer: chartsRoute },
  'charts/historical': { method: 'POST', api: 'trading', limit: 'data', answer: chartsRoute },
  'fundlimit': { method: 'GET', api: 'trading', limit: 'nonTrading', answer: fundLimitRoute },
  'profile': { method: 'GET', api: 'trading', limit: 'nonTrading', answer: profileRoute },
  'RenewToken': { method: 'GET', api: 'trading', limit: 'nonTrading', answer: renewTokenRoute },
  'ip/getIP': { method: 'GET', api: 'trading', limit: 'nonTrading', answer: addressRoute },
};

export interface RestFace {
  answer(request: ServedRequest): ServedResponse | Promise<ServedResponse>;
  /** Requests so far by path, without `/v2/`. Unknown paths count together. */
  requests(): Record<string, number>;
}

const prefix = /^\/(?:v2\/)?/;

/** Everything that Dhan's hosts for REST and for the instrument files answer. */
export function createRestFace(given: Omit<RestDeps, 'chains'>): RestFace {
  const deps: RestDeps = { ...given, chains: createChainWriter() };
  const logIn = createLoginRoute(deps);
  const counts = new Map<string, number>();
  return {
    answer(request) {
      const bare = request.path.replace(prefix, '');
      const path = orderPath(bare)?.name ?? bare;
      const isLogin = request.path === loginPath;
      const isKnown = isLogin || Object.hasOwn(routes, path) || path.startsWith('api-data/') ||
        orderPath(bare) !== undefined;
      const countedAs = isKnown ? path.slice(0, 64) : 'other';
      counts.set(countedAs, (counts.get(countedAs) ?? 0) + 1);
      const fault = failed(deps, path, request);
      return fault ?? (isLogin ? logIn(request) : served(deps, bare, request));
    },
    requests: () => Object.fromEntries(counts),
  };
}

function served(deps: RestDeps, path: string, request: ServedRequest): Answered {
  const now = deps.clock.wallMs();
  if (path.startsWith('api-data/')) return masterRoute(deps, path, request);
  if (path.startsWith('instrument/')) return segmentRedirectRoute(deps, path, request);
  const isApi = request.path.startsWith('/v2/');
  const orders = isApi ? orderPath(path) : undefined;
  if (orders) return servedOrder(deps, orders, request);
  const route = isApi && Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (!route) return gatewayError(404, request.path, now);
  if (route.method !== request.method) {
    return gatewayError(path === 'RenewToken' ? 400 : 405, request.path, now);
  }
  return route.api === 'data'
    ? answerData(deps, route, request)
    : answerTrading(deps, route, request);
}

const dataErrorOf: Readonly<Record<AuthProblem, DataErrorCode>> = {
  token: 808,
  expired: 807,
  client: 810,
  plan: 806,
  suspended: 810,
};

function answerData(
  deps: RestDeps,
  route: Extract<Route, { api: 'data' }>,
  { headers, body }: ServedRequest,
): ServedResponse {
  const clientId = headers['client-id'] ?? '';
  const problem = deps.accounts.problem(clientId, headers['access-token'] ?? '');
  return problem ? dataError(dataErrorOf[problem]) : route.answer({ deps, clientId, body });
}

function answerTrading(
  deps: RestDeps,
  route: Extract<Route, { api: 'trading' }>,
  { headers, body }: ServedRequest,
): ServedResponse {
  const account = admitted(deps, headers, route.limit);
  return 'status' in account ? account : route.answer({ deps, account, body });
}

function servedOrder(
  deps: RestDeps,
  { name, id }: { name: string; id: string },
  request: ServedRequest,
): Answered {
  const route = orderRouteOf(request.method, name);
  if (!route) return gatewayError(405, request.path, deps.clock.wallMs());
  const account = admitted(deps, request.headers, route.limit);
  return 'status' in account ? account : answerOrder(deps, route, account, { request, id });
}

/** The account whose token it is, if it may be served, or why not. */
function admitted(
  deps: RestDeps,
  headers: ServedRequest['headers'],
  limit: LimitClass,
): Readonly<AccountSeed> | ServedResponse {
  const account = deps.accounts.findByToken(headers['access-token'] ?? '');
  if (!account || deps.accounts.isExpired(account)) return tradingError('DH-901');
  if (deps.faults.isSuspended(account.clientId)) return tradingError('DH-903');
  if (limit === 'data' && !account.dataPlan) return tradingError('DH-902');
  return deps.limits.take(account.clientId, limit) ? account : tradingError('DH-904');
}

const html = '<html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>';

/** What a fault makes of the request, if one is aimed at it. */
function failed(
  deps: RestDeps,
  path: string,
  request: ServedRequest,
): ServedResponse | Promise<ServedResponse> | undefined {
  const fault = deps.faults.restError(path);
  if (!fault) return undefined;
  if (fault.answer === 'hang') return new Promise(() => {});
  if (fault.answer === 'empty') return { status: fault.status ?? 200, body: '' };
  const status = fault.status ?? 502;
  if (fault.answer === 'html') {
    return { status, headers: { 'content-type': 'text/html' }, body: html };
  }
  const isData = Object.hasOwn(routes, path) && routes[path]?.api === 'data';
  const codes = statusCodes[status];
  if (codes) return isData ? dataError(codes.data) : tradingError(codes.trading);
  return gatewayError(status, request.path, deps.clock.wallMs());
}

/** A status that Dhan itself gives comes with Dhan's own body. */
const statusCodes: Readonly<Record<number, { data: DataErrorCode; trading: TradingErrorCode }>> = {
  400: { data: 814, trading: 'DH-905' },
  401: { data: 808, trading: 'DH-901' },
  429: { data: 805, trading: 'DH-904' },
};
