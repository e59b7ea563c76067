import type { RouteAccess } from '@strikewire/platform';
import type { FastifyInstance, RouteShorthandOptions } from 'fastify';

const everybody: RouteAccess = { access: 'public' };

/** Where handshakes are answered: the paths of this library's gateways. */
export const socketPaths: readonly string[] = ['/ws', '/ws/greeks'];

/**
 * A GET of these paths without an upgrade: 426 in the one error body, rather than "no such route".
 * Handshakes do not come here. `errorHandler` answers what is thrown.
 */
export function addSocketRoutes(
  server: FastifyInstance,
  errorHandler: NonNullable<RouteShorthandOptions['errorHandler']>,
): void {
  for (const path of socketPaths) {
    server.get(path, { config: everybody, errorHandler }, (_request, reply) => {
      reply.headers({ upgrade: 'websocket', connection: 'upgrade, close' });
      throw Object.assign(new Error('this address speaks WebSocket: send an upgrade request'), {
        statusCode: 426,
      });
    });
  }
}
