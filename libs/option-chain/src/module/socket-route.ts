import { accessRules, routeOf, type AccessRule } from '@strikewire/platform';
import type { FastifyInstance, RouteShorthandOptions } from 'fastify';

const config = routeOf(accessRules.everybody, 'A socket: send an upgrade request');

/** Where handshakes are answered, and who may shake hands: the paths of this library's gateways. */
export const socketRules: Readonly<Record<string, AccessRule>> = {
  '/ws': accessRules.chainReaders,
  '/ws/greeks': accessRules.chainReaders,
  '/ws/status': accessRules.chainReaders,
};

/**
 * A GET of these paths without an upgrade: 426 in the one error body, rather than "no such route".
 * Handshakes do not come here. `errorHandler` answers what is thrown.
 */
export function addSocketRoutes(
  server: FastifyInstance,
  errorHandler: NonNullable<RouteShorthandOptions['errorHandler']>,
): void {
  for (const path of Object.keys(socketRules)) {
    server.get(path, { config: config as never, errorHandler }, (_request, reply) => {
      reply.headers({ upgrade: 'websocket', connection: 'upgrade, close' });
      throw Object.assign(new Error('this address speaks WebSocket: send an upgrade request'), {
        statusCode: 426,
      });
    });
  }
}
