import type { ServedRequest, ServedResponse } from '@strikewire/runtime';
import { createRateWindows } from '../../faces/rate-windows';
import { parseBody } from '../../parse-body';
import type { Answered } from '../../orders/call-faults';
import { orderPaths, orderRoutes } from '../orders/order-router';
import { brokerBehind, failure, failureOf, gatewayPage, missing, success } from '../answers';
import { expiryRoute, instrumentsRoute, searchRoute, symbolRoute } from './instruments';
import { optionChainRoute } from './option-chain';
import { multiquotesRoute, quotesRoute } from './quotes';
import type { OpenalgoCall, OpenalgoDeps } from './rest-call';

interface Route {
  method: 'GET' | 'POST';
  answer: (call: OpenalgoCall) => Answered;
}

const prefix = '/api/v1/';

const routes: Readonly<Record<string, Route>> = {
  ping: { method: 'POST', answer: pingRoute },
  quotes: { method: 'POST', answer: quotesRoute },
  multiquotes: { method: 'POST', answer: multiquotesRoute },
  optionchain: { method: 'POST', answer: optionChainRoute },
  expiry: { method: 'POST', answer: expiryRoute },
  symbol: { method: 'POST', answer: symbolRoute },
  search: { method: 'POST', answer: searchRoute },
  instruments: { method: 'GET', answer: instrumentsRoute },
  intervals: { method: 'POST', answer: intervalsRoute },
  ...orderRoutes,
};

/** Of each caller's address, whatever its key. */
const rules = [{ count: 50, windowMs: 1_000 }] as const;
/** Of placing, modifying and cancelling. */
const orderRules = [{ count: 10, windowMs: 1_000 }] as const;

export interface OpenalgoRest {
  answer(request: ServedRequest): Answered;
  /** Requests so far by path, without `/api/v1/`. Unknown paths count together. */
  requests(): Record<string, number>;
}

/** Everything under `/api/v1/`. */
export function createOpenalgoRest(deps: OpenalgoDeps): OpenalgoRest {
  const counts = new Map<string, number>();
  const windows = createRateWindows(deps.clock);
  return {
    answer(request) {
      const path = request.path.replace(/\/$/, '').slice(prefix.length);
      const isKnown = request.path.startsWith(prefix) && Object.hasOwn(routes, path);
      const countedAs = isKnown ? path : 'other';
      counts.set(countedAs, (counts.get(countedAs) ?? 0) + 1);
      const failed = faultyAnswer(deps, countedAs);
      if (failed) return failed;
      const route = isKnown ? routes[path] : undefined;
      if (!route) return failure(404, 'Not found');
      if (route.method !== request.method) return failure(405, 'Method not allowed');
      const { remoteAddress } = request;
      if (windows.take(remoteAddress, rules)) {
        deps.violations.add('openalgo_rate', `${remoteAddress} over 50 in 1 s`);
        return failureOf(429);
      }
      if (orderPaths.includes(path) && windows.take(`${remoteAddress} orders`, orderRules)) {
        deps.violations.add('openalgo_order_rate', `${remoteAddress} over 10 in 1 s`);
        return failureOf(429);
      }
      return answerChecked(deps, route, request);
    },
    requests: () => Object.fromEntries(counts),
  };
}

function answerChecked(
  deps: OpenalgoDeps,
  { method, answer }: Route,
  { query, body }: ServedRequest,
): Answered {
  const fields = method === 'GET' ? Object.fromEntries(query) : parseBody(body);
  if (!fields) return failure(400, 'Invalid JSON');
  const { apikey } = fields;
  if (typeof apikey !== 'string' || apikey === '') {
    return method === 'GET' ? failure(401, 'API key is required') : missing('apikey');
  }
  const checked = deps.accounts.check(apikey);
  if (checked === 'token') return failureOf(403);
  if (checked === 'suspended') return failure(403, 'User account is blocked');
  return answer({ deps, fields, clientId: checked.clientId });
}

function pingRoute(): ServedResponse {
  return success({ data: { message: 'pong', broker: brokerBehind } });
}

function intervalsRoute(): ServedResponse {
  return success({
    data: {
      seconds: [], minutes: ['1m', '5m', '15m', '25m'], hours: ['1h'], days: ['D'],
      weeks: [], months: [],
    },
  });
}

/** What a fault makes of the request, if one is aimed at it. */
function faultyAnswer(
  { faults }: OpenalgoDeps,
  path: string,
): Answered | undefined {
  const fault = faults.restError(path);
  if (!fault) return undefined;
  if (fault.answer === 'hang') return new Promise(() => {});
  if (fault.answer === 'empty') return { status: fault.status ?? 200, body: '' };
  const status = fault.status ?? 502;
  return fault.answer === 'html' ? gatewayPage(status) : failureOf(status);
}
