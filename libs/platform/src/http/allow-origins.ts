import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import type { OriginPolicy } from './origin-policy';

/** How long a browser remembers what it may ask. */
const maxAgeS = 600;
const exposedHeaders = ['etag', 'retry-after'];

/**
 * Tells browsers that pages of the allowed origins may ask with an API key (CORS). Never with
 * cookies: those are for pages of our own, which need none of this.
 */
export async function allowOrigins(server: FastifyInstance, origins: OriginPolicy): Promise<void> {
  await server.register(cors, {
    origin: (origin, done) => done(null, origin !== undefined && origins.isAllowedOrigin(origin)),
    methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'if-none-match'],
    exposedHeaders,
    credentials: false,
    maxAge: maxAgeS,
  });
  allowRefusals(server, origins);
}

/**
 * What the guard refuses never gets as far as the plugin. A page has to read that too: to a browser
 * an answer without these headers is no answer, and a revoked key looked like a lost network.
 */
function allowRefusals(server: FastifyInstance, origins: OriginPolicy): void {
  server.addHook('onSend', (request, reply, _payload, done) => {
    const { origin } = request.headers;
    const isTold = reply.hasHeader('access-control-allow-origin');
    if (!isTold && origin !== undefined && origins.isAllowedOrigin(origin)) {
      void reply.headers({
        'access-control-allow-origin': origin,
        'access-control-expose-headers': exposedHeaders.join(', '),
        vary: 'Origin',
      });
    }
    done();
  });
}
