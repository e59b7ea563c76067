import { accessRules, routeOf } from '@strikewire/platform';
import type { Metrics } from '@strikewire/platform/metrics';
import type { FastifyInstance, RouteShorthandOptions } from 'fastify';

/** `GET /metrics`, in Prometheus' text format; on the server itself, because it is no JSON. */
export function addMetricsRoute(
  server: FastifyInstance,
  metrics: Metrics,
  errorHandler: NonNullable<RouteShorthandOptions['errorHandler']>,
): void {
  const config = routeOf(accessRules.metricsReaders, 'Metrics, in Prometheus\' text format');
  server.get('/metrics', { config: config as never, errorHandler }, async (_request, reply) => {
    const { contentType, body } = await metrics.text();
    return reply.header('content-type', contentType).send(body);
  });
}
