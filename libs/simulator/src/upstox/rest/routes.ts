import type { ServedRequest, ServedResponse } from '@strikewire/runtime';
import { failure, failureOf, gatewayPage, success } from '../envelopes';
import { orderRoutes } from '../orders/order-router';
import { bearerOf } from './bearer';
import { holidaysRoute, marketStatusRoute, timingsRoute } from './calendar';
import { createInstrumentFiles } from './instruments';
import { chainRoute, contractsRoute } from './options';
import { ltpRoute, optionGreekRoute, quotesRoute } from './quotes';
import type { OpenCall, UpstoxDeps, UserCall } from './rest-call';
import {
  dialogRoute, logoutRoute, profileRoute, tokenRequestRoute, tokenRoute,
} from './sign-in';

type Answer = ServedResponse | Promise<ServedResponse>;

type Route = { method: 'GET' | 'POST' | 'PUT' | 'DELETE' } & (
  | { isOpen: true; answer: (call: OpenCall) => Answer }
  | { isOpen?: false; answer: (call: UserCall) => Answer }
);

/** By path; one that ends in a slash is of all paths below it. */
const fixedRoutes: Readonly<Record<string, Route>> = {
  '/v2/login/authorization/dialog': { method: 'GET', isOpen: true, answer: dialogRoute },
  '/v2/login/authorization/token': { method: 'POST', isOpen: true, answer: tokenRoute },
  '/v3/login/auth/token/request/': { method: 'POST', isOpen: true, answer: tokenRequestRoute },
  '/v2/logout': { method: 'DELETE', answer: logoutRoute },
  '/v2/user/profile': { method: 'GET', answer: profileRoute },
  '/v2/option/contract': { method: 'GET', answer: contractsRoute },
  '/v2/option/chain': { method: 'GET', answer: chainRoute },
  '/v3/market-quote/ltp': { method: 'GET', answer: ltpRoute },
  '/v3/market-quote/option-greek': { method: 'GET', answer: optionGreekRoute },
  '/v2/market-quote/quotes': { method: 'GET', answer: quotesRoute },
  '/v2/market/status/': { method: 'GET', answer: marketStatusRoute },
  '/v2/market/timings/': { method: 'GET', isOpen: true, answer: timingsRoute },
  '/v2/market/holidays': { method: 'GET', isOpen: true, answer: holidaysRoute },
  '/v2/market/holidays/': { method: 'GET', isOpen: true, answer: holidaysRoute },
  '/v3/feed/market-data-feed/authorize': { method: 'GET', answer: authorizeRoute },
  ...orderRoutes,
};

const filesPath = '/market-quote/instruments/exchange/';

export interface UpstoxRest {
  answer(request: ServedRequest): Answer;
  /** Requests so far by path, without `/v2/` or `/v3/`. Unknown paths count together. */
  requests(): Record<string, number>;
}

/** Everything that Upstox's hosts for REST and for the instrument files answer. */
export function createUpstoxRest(
  deps: UpstoxDeps,
  portfolioAddress: (call: UserCall) => ServedResponse,
): UpstoxRest {
  const files = createInstrumentFiles();
  const routes: Readonly<Record<string, Route>> = {
    ...fixedRoutes,
    '/v2/feed/portfolio-stream-feed/authorize': { method: 'GET', answer: portfolioAddress },
    [filesPath]: { method: 'GET', isOpen: true, answer: files.route },
  };
  const counts = new Map<string, number>();
  return {
    answer(request) {
      const name = nameOf(routes, request.path);
      const short = (name ?? 'other').replace(/^\/(v\d\/)?/, '').replace(/\/$/, '');
      counts.set(short, (counts.get(short) ?? 0) + 1);
      const failed = faultyAnswer(deps, short);
      if (failed) return failed;
      const route = name === undefined ? undefined : routes[name];
      if (!route || route.method !== request.method) return failure('UDAPI100060');
      const rest = request.path.slice(name?.length);
      return route.isOpen === true
        ? openAnswer({ deps, request, rest }, route.answer, short)
        : userAnswer({ deps, request, rest }, route.answer, short);
    },
    requests: () => Object.fromEntries(counts),
  };
}

function nameOf(routes: Readonly<Record<string, Route>>, path: string): string | undefined {
  if (Object.hasOwn(routes, path)) return path;
  const above = path.slice(0, path.lastIndexOf('/') + 1);
  return Object.hasOwn(routes, above) ? above : undefined;
}

function openAnswer(
  call: OpenCall,
  answer: (call: OpenCall) => Answer,
  api: string,
): Answer {
  const isFile = api.startsWith('market-quote/instruments');
  const isAllowed = isFile || call.deps.limits.take(call.request.remoteAddress, api);
  return isAllowed ? answer(call) : failure('UDAPI10005');
}

function userAnswer(
  call: OpenCall,
  answer: (call: UserCall) => Answer,
  api: string,
): Answer {
  const { accounts, limits } = call.deps;
  const account = accounts.findByToken(bearerOf(call.request));
  const problem = accounts.problem(account);
  if (!account || problem === 'token') return failure('UDAPI100050');
  if (problem === 'suspended') return failure('UDAPI100049');
  if (!limits.take(account.clientId, api)) return failure('UDAPI10005');
  return answer({ ...call, account });
}

/** GET /v3/feed/market-data-feed/authorize: an address in both spellings. */
function authorizeRoute({ deps, account, request }: UserCall): ServedResponse {
  const uri = deps.codes.issue(account.clientId, request);
  return success({ authorized_redirect_uri: uri, authorizedRedirectUri: uri });
}

/** What a fault makes of the request, if one is aimed at it. */
function faultyAnswer(
  { faults }: UpstoxDeps,
  path: string,
): Answer | undefined {
  const fault = faults.restError(path);
  if (!fault) return undefined;
  if (fault.answer === 'hang') return new Promise(() => {});
  if (fault.answer === 'empty') return { status: fault.status ?? 200, body: '' };
  const status = fault.status ?? 502;
  return fault.answer === 'html' ? gatewayPage(status) : failureOf(status);
}
