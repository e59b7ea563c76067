import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import type { OriginPolicy } from './origin-policy';

/** How long a browser remembers what it may ask. */
const maxAgeS = 600;

/**
 * Tells browsers that pages of the allowed origins may ask with an API key (CORS). Never with
 * cookies: those are for pages of our own, which need none of this.
 */
export async function allowOrigins(server: FastifyInstance, origins: OriginPolicy): Promise<void> {
  await server.register(cors, {
    origin: (origin, done) => done(null, origin !== undefined && origins.isAllowedOrigin(origin)),
    methods: ['GET', 'POST', 'PATCH', 'DELETE'],
    allowedHeaders: ['authorization', 'content-type', 'if-none-match'],
    exposedHeaders: ['etag', 'retry-after'],
    credentials: false,
    maxAge: maxAgeS,
  });
}
