import type { ServedRequest, ServedResponse } from '@strikewire/runtime';
import type { AuthProblem } from '../accounts';
import {
  dataError, gatewayError, tradingError, type DataErrorCode, type TradingErrorCode,
} from '../envelopes';
import type { LimitClass } from '../limits';
import { masterRoute, segmentRedirectRoute } from '../master/master-route';
import { createChainWriter } from './chain-writer';
import {
  addressRoute, chartsRoute, fundLimitRoute, profileRoute, renewTokenRoute,
} from './account';
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
  const counts = new Map<string, number>();
  return {
    answer(request) {
      const path = request.path.replace(prefix, '');
      const isKnown = Object.hasOwn(routes, path) || path.startsWith('api-data/');
      const countedAs = isKnown ? path.slice(0, 64) : 'other';
      counts.set(countedAs, (counts.get(countedAs) ?? 0) + 1);
      return failed(deps, path, request) ?? served(deps, path, request);
    },
    requests: () => Object.fromEntries(counts),
  };
}

function served(deps: RestDeps, path: string, request: ServedRequest): ServedResponse {
  const now = deps.clock.wallMs();
  if (path.startsWith('api-data/')) return masterRoute(deps, path, request);
  if (path.startsWith('instrument/')) return segmentRedirectRoute(deps, path, request);
  const route = request.path.startsWith('/v2/') && Object.hasOwn(routes, path)
    ? routes[path]
    : undefined;
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
  const account = deps.accounts.findByToken(headers['access-token'] ?? '');
  if (!account || deps.accounts.isExpired(account)) return tradingError('DH-901');
  if (route.limit === 'data' && !account.dataPlan) return tradingError('DH-902');
  if (!deps.limits.take(account.clientId, route.limit)) return tradingError('DH-904');
  return route.answer({ deps, account, body });
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
