import rateLimit from '@fastify/rate-limit';
import { StrikewireError } from '@strikewire/runtime';
import type { FastifyInstance } from 'fastify';
import { callerKey } from './caller';
import { callerAddress } from './caller-address';
import type { RouteContract } from './route-contract';

/** Callers that are counted at once; beyond, whoever asked longest ago is forgotten. */
const callersMax = 10_000;
const windowMs = 60_000;

/**
 * Bounds what each caller (a person, a key, else an address) may ask a minute; beyond it: 429 with
 * `Retry-After`. Register after the guard, which says who calls, and before any route.
 */
export async function limitRates(
  server: FastifyInstance,
  { requestsPerMinute }: { requestsPerMinute: number },
): Promise<void> {
  await server.register(rateLimit, {
    global: true,
    max: requestsPerMinute,
    timeWindow: windowMs,
    cache: callersMax,
    hook: 'onRequest',
    // What everybody may read, the console's files and health, closes nobody out.
    allowList: ({ method, routeOptions }) => method === 'GET' && isPublic(routeOptions.config),
    // Trying to sign in is counted apart: others behind the same address do not use it up.
    keyGenerator: (request) => {
      const key = callerKey(request.caller, callerAddress(request));
      return isPublic(request.routeOptions.config) ? `public:${key}` : key;
    },
    errorResponseBuilder: (_request, { ttl }) => {
      const retryAfterS = Math.max(1, Math.ceil(ttl / 1_000));
      return new StrikewireError({
        kind: 'throttled',
        code: 'too_many_requests',
        message: `more than ${requestsPerMinute} requests a minute; go on in ${retryAfterS} s`,
        details: { retryAfterS, requestsPerMinute },
      });
    },
  });
}

function isPublic(config: unknown): boolean {
  return (config as Partial<RouteContract> | undefined)?.access === 'public';
}
