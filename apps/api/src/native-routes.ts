import { addRiskFileRoute } from '@strikewire/margin/module';
import {
  addDepthRoute,
  addInstrumentsRoute,
  addLiveRoutes,
  addOlderRoutes,
  addSocketRoutes,
  addStreamRoute,
} from '@strikewire/option-chain/module';
import { accessRules, routeOf } from '@strikewire/platform';
import type { FastifyInstance } from 'fastify';
import type { OnThrown } from './server-adapter';
import type { ServerOptions } from './server-options';

/** Routes on the server itself: what is no JSON of a controller, or asked too often for one. */
export function addNativeRoutes(
  server: FastifyInstance,
  { engine, metrics, clock, trading }: ServerOptions,
  errorHandler: OnThrown,
): void {
  const { service, hub } = engine;
  addLiveRoutes(server, service, errorHandler);
  addDepthRoute(server, engine.depth, errorHandler);
  addInstrumentsRoute(server, service, errorHandler);
  addOlderRoutes(server, service, errorHandler);
  addStreamRoute(server, { service, hub, clock }, errorHandler);
  addSocketRoutes(server, errorHandler);
  addRiskFileRoute(server, trading.margin.files, errorHandler);
  const config = routeOf(accessRules.metricsReaders, 'Metrics, in Prometheus\' text format');
  server.get('/metrics', { config: config as never, errorHandler }, async (_request, reply) => {
    const { contentType, body } = await metrics.text();
    return reply.header('content-type', contentType).send(body);
  });
}
