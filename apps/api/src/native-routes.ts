import { addLiveRoutes, addOlderRoutes, addSocketRoutes } from '@strikewire/option-chain/module';
import { accessRules, routeOf } from '@strikewire/platform';
import type { FastifyInstance } from 'fastify';
import type { OnThrown } from './server-adapter';
import type { ServerOptions } from './server-options';

/** Routes on the server itself: what is no JSON of a controller, or asked too often for one. */
export function addNativeRoutes(
  server: FastifyInstance,
  { engine, metrics }: ServerOptions,
  errorHandler: OnThrown,
): void {
  addLiveRoutes(server, engine.service, errorHandler);
  addOlderRoutes(server, engine.service, errorHandler);
  addSocketRoutes(server, errorHandler);
  const config = routeOf(accessRules.metricsReaders, 'Metrics, in Prometheus\' text format');
  server.get('/metrics', { config: config as never, errorHandler }, async (_request, reply) => {
    const { contentType, body } = await metrics.text();
    return reply.header('content-type', contentType).send(body);
  });
}
