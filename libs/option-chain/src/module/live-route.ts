import { liveQuerySchema } from '@strikewire/contracts';
import { matchesEntityTag, type RouteAccess } from '@strikewire/platform';
import type { FastifyInstance, RouteShorthandOptions } from 'fastify';
import type { ChainService } from '../engine/chain-service';

const viewer: RouteAccess = { access: 'viewer' };

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
  server.get('/api/optionchain/live', { config: viewer, errorHandler }, (request, reply) => {
    const query = liveQuerySchema.parse(request.query);
    const { body, etag } = service.snapshot(query.underlying, query.expiry);
    reply.header('etag', etag).header('cache-control', 'no-cache');
    if (matchesEntityTag(request.headers['if-none-match'], etag)) return reply.code(304).send();
    return reply.header('content-type', 'application/json; charset=utf-8').send(body);
  });
}
