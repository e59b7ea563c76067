import type { RouteAccess } from '@strikewire/platform';
import type { FastifyInstance, RouteShorthandOptions } from 'fastify';

const everybody: RouteAccess = { access: 'public' };

/**
 * `GET /ws` without an upgrade: 426 in the one error body, rather than "no such route". Handshakes
 * do not come here. `errorHandler` answers what is thrown.
 */
export function addSocketRoute(
  server: FastifyInstance,
  errorHandler: NonNullable<RouteShorthandOptions['errorHandler']>,
): void {
  server.get('/ws', { config: everybody, errorHandler }, (_request, reply) => {
    reply.headers({ upgrade: 'websocket', connection: 'upgrade, close' });
    throw Object.assign(new Error('this address speaks WebSocket: send an upgrade request'), {
      statusCode: 426,
    });
  });
}
