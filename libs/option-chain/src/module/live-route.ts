import { liveChainSchema, liveQuerySchema, type LiveQuery } from '@strikewire/contracts';
import { accessRules, matchesEntityTag, routeOf } from '@strikewire/platform';
import type { FastifyInstance, RouteShorthandOptions } from 'fastify';
import type { ChainService } from '../engine/chain-service';

const config = routeOf(accessRules.chainReaders, 'A chain as it is now', {
  query: liveQuerySchema,
  answer: liveChainSchema,
});

/**
 * `GET /api/optionchain/live`, on the server itself rather than a controller: every client that
 * polls asks it, and its answer is bytes that lie ready. `If-None-Match` answers 304.
 * `errorHandler` answers what is thrown: Nest's filters do not see native routes.
 */
export function addLiveRoute(
  server: FastifyInstance,
  service: ChainService,
  errorHandler: NonNullable<RouteShorthandOptions['errorHandler']>,
): void {
  const options = { config: config as never, errorHandler };
  server.get('/api/optionchain/live', options, (request, reply) => {
    const query = request.query as LiveQuery;
    const { body, etag } = service.snapshot(query.underlying, query.expiry);
    reply.header('etag', etag).header('cache-control', 'no-cache');
    if (matchesEntityTag(request.headers['if-none-match'], etag)) return reply.code(304).send();
    return reply.header('content-type', 'application/json; charset=utf-8').send(body);
  });
}
