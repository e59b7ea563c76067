import {
  acceptJsonBodies,
  accessRules,
  allowOrigins,
  describeRoutes,
  docsPath,
  guardRoutes,
  limitRates,
  routeOf,
  type GuardedRoute,
  type RouteContract,
} from '@strikewire/platform';
import { httpMetrics } from '@strikewire/platform/metrics';
import type { FastifyInstance } from 'fastify';
import { version } from './health-probe';
import { addSafetyHeaders, refuseForeignHosts, refuseOddPaths } from './server-hooks';
import type { OnThrown } from './server-adapter';
import type { ServerOptions } from './server-options';

/**
 * Everything that a request passes before its route; call before any route is added. The answer
 * goes on to list the routes as they come.
 */
export async function guardServer(
  server: FastifyInstance,
  options: ServerOptions,
  onThrown: OnThrown,
): Promise<readonly GuardedRoute[]> {
  const { clock, origins, access, metrics } = options;
  refuseForeignHosts(server, origins);
  refuseOddPaths(server);
  addSafetyHeaders(server, { isHttps: origins.isHttps });
  const routes = guardRoutes(server, {
    clock,
    origins,
    identify: ({ headers }) => access.identify(headers),
    contractOf: contractOfPlugin,
    errorHandler: onThrown,
  });
  acceptJsonBodies(server);
  httpMetrics(server, metrics);
  await allowOrigins(server, origins);
  await limitRates(server, options);
  await describeRoutes(server, { version });
  return routes;
}

/** Routes of plugins: the console's files, and the description of the API. */
function contractOfPlugin(url: string): RouteContract | undefined {
  const { everybody } = accessRules;
  if (url === '/*') return routeOf(everybody, 'The console');
  if (url === '*') return routeOf(everybody, 'What pages of elsewhere may ask');
  const isDocs = url === docsPath || url.startsWith(`${docsPath}/`);
  return isDocs ? routeOf(everybody, 'The description of this API') : undefined;
}
