import { isPlainPath, type OriginPolicy } from '@strikewire/platform';
import { StrikewireError } from '@strikewire/runtime';
import type { FastifyInstance } from 'fastify';

/** Of an address that is refused. */
const addressCharsShown = 200;

/** Only the names that this server goes by are answered. */
export function refuseForeignHosts(server: FastifyInstance, origins: OriginPolicy): void {
  server.addHook('onRequest', (request, _reply, done) => {
    const { host } = request.headers;
    if (origins.isOwnHost(host)) return done();
    if (host === undefined) {
      const message = 'the Host header is missing';
      return done(new StrikewireError({ kind: 'invalid', code: 'host_missing', message }));
    }
    const message = 'the Host header names another machine';
    done(new StrikewireError({ kind: 'forbidden', code: 'host_foreign', message }));
  });
}

/** What two programs could read as two addresses is none here, whatever files there are. */
export function refuseOddPaths(server: FastifyInstance): void {
  server.addHook('onRequest', (request, _reply, done) => {
    if (isPlainPath(request.url)) return done();
    const message = `there is nothing at ${request.url.slice(0, addressCharsShown)}`;
    done(new StrikewireError({ kind: 'not_found', code: 'route_unknown', message }));
  });
}

/** Pages run our own scripts only and may be framed by nobody. */
export function addSafetyHeaders(
  server: FastifyInstance,
  { isHttps }: { isHttps: boolean },
): void {
  const policy = [
    "default-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'self'",
  ].join('; ');
  server.addHook('onRequest', (_request, reply, done) => {
    reply.headers({
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      ...(isHttps && { 'strict-transport-security': 'max-age=31536000' }),
    });
    done();
  });
}
