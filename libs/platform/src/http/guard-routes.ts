import type { Clock } from '@strikewire/runtime';
import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import type { z } from 'zod';
import { refusalOf } from './access-check';
import { nobody, type Caller } from './caller';
import type { OriginPolicy } from './origin-policy';
import { accessLevels, type RouteContract } from './route-contract';
import { foreignOrigin } from './same-site';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sends it; set before anything else looks at the request. */
    caller: Caller;
    /** Why what was sent to tell it is none, for example a key that does not work. */
    refusal: Error | undefined;
  }
}

/** What guards the routes of a server. */
export interface GuardOptions {
  clock: Pick<Clock, 'wallMs'>;
  /** Who sends a request, from memory: it waits for nothing. Throws when what was sent is wrong. */
  identify(request: FastifyRequest): Caller;
  /** Whose pages may ask. */
  origins: OriginPolicy;
  /** Contract of a route that a plugin adds, which cannot carry one; undefined: none. */
  contractOf?(url: string): RouteContract | undefined;
  /** Answers what such a route throws, when it has no handler of its own. */
  errorHandler?: NonNullable<RouteOptions['errorHandler']>;
}

/** A route as it is guarded. */
export interface GuardedRoute {
  methods: string[];
  url: string;
  contract: RouteContract;
}

/**
 * Guards every route, native ones and controllers alike: one that declares no access makes the
 * start fail, a caller that its rule does not admit is refused, and what its schemas do not accept
 * never reaches it. Call before any route is added; the answer goes on to list them as they come.
 */
export function guardRoutes(server: FastifyInstance, options: GuardOptions): GuardedRoute[] {
  const routes: GuardedRoute[] = [];
  const { clock, identify, origins } = options;
  server.decorateRequest('caller');
  server.decorateRequest('refusal', undefined);
  server.addHook('onRoute', (route) => {
    const contract = contractOf(route, options);
    const { errorHandler } = options;
    const isPlugins = (route.config as Partial<RouteContract> | undefined)?.access === undefined;
    if (isPlugins && errorHandler) route.errorHandler ??= errorHandler;
    route.config = { ...route.config, ...contract } as NonNullable<typeof route.config>;
    routes.push({ methods: [route.method].flat(), url: route.url, contract });
    if (contract.params || contract.query || contract.body) {
      route.preValidation = [validator(contract), route.preValidation ?? []].flat();
    }
  });
  // With a callback: a promise for each request would cost more than the check.
  server.addHook('onRequest', (request, _reply, done) => {
    request.caller = nobody;
    try {
      request.caller = identify(request);
    } catch (thrown) {
      request.refusal = thrown as Error;
    }
    done();
  });
  const refuse = (request: FastifyRequest): Error | undefined => {
    if (request.refusal) return request.refusal;
    const foreign = foreignOrigin(request, request.caller, origins);
    if (foreign) return foreign;
    const { access, ...rest } = request.routeOptions.config as unknown as Partial<RouteContract>;
    // An address without a route has no declaration; what answers 404 tells nothing.
    if (access === undefined) return undefined;
    return refusalOf(request.caller, { access, scope: null, ...rest }, clock.wallMs());
  };
  // After the rates are counted, which are route hooks: who is refused is counted too.
  server.addHook('preParsing', (request, _reply, _payload, done) => done(refuse(request)));
  // Once more after the body, which may come as slowly as its sender likes.
  server.addHook('preValidation', (request, _reply, done) => done(refuse(request)));
  return routes;
}

function contractOf(route: RouteOptions, options: GuardOptions): RouteContract {
  const declared = route.config as Partial<RouteContract> | undefined;
  const contract = declared?.access === undefined ? options.contractOf?.(route.url) : declared;
  if (!isContract(contract)) {
    throw new Error(`route ${String(route.method)} ${route.url} declares no access`);
  }
  return contract;
}

function isContract(contract: Partial<RouteContract> | undefined): contract is RouteContract {
  if (!contract || contract.scope === undefined || contract.summary === undefined) return false;
  return accessLevels.some((level) => level === contract.access);
}

type PreValidation = (
  request: FastifyRequest,
  reply: unknown,
  done: (error?: Error) => void,
) => void;

/** Replaces what came by what the schemas make of it. */
function validator({ params, query, body }: RouteContract): PreValidation {
  return (request, _reply, done) => {
    try {
      if (params) request.params = params.parse(request.params);
      if (query) request.query = query.parse({ ...(request.query as object) });
      if (body) request.body = parseBody(body, request.body);
    } catch (thrown) {
      return done(thrown as Error);
    }
    done();
  };
}

/** No body at all is as good as an empty object: each missing field is then named. */
function parseBody(schema: z.ZodType, sent: unknown): unknown {
  return schema.parse(sent ?? {});
}
