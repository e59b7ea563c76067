import type { FastifyInstance } from 'fastify';
import type { Metrics } from './metrics';
import { otherLabel } from './series-limit';

/** What no route answers; an address that somebody made up is never a label. */
const unknownRoute = 'unknown';
const codeShape = /"code":"([a-z0-9_]{1,60})"/;
/** Of an error's body, how much is looked at for its code. */
const bodyCharsRead = 400;

/**
 * Measures every request of a server by its route's pattern, and counts errors by the code in
 * their body. Call before any route is added.
 */
export function httpMetrics(server: FastifyInstance, metrics: Metrics): void {
  const observe = metrics.histogram({
    name: 'strikewire_http_request_seconds',
    help: 'Time from a request to the end of its answer, by route pattern.',
    labels: ['method', 'route', 'status'],
  });
  const countError = metrics.counter({
    name: 'strikewire_http_errors_total',
    help: 'Answers of status 400 and above, by route pattern and code.',
    labels: ['route', 'code'],
  });
  server.addHook('onSend', (request, reply, payload, done) => {
    if (reply.statusCode >= 400) {
      countError({ route: routeOf(request), code: codeIn(payload) });
    }
    done(null, payload);
  });
  server.addHook('onResponse', (request, reply, done) => {
    const labels = { method: request.method, route: routeOf(request) };
    observe({ ...labels, status: String(reply.statusCode) }, reply.elapsedTime / 1_000);
    done();
  });
}

function routeOf(request: { routeOptions: { url?: string | undefined } }): string {
  return request.routeOptions.url ?? unknownRoute;
}

function codeIn(payload: unknown): string {
  if (typeof payload !== 'string') return otherLabel;
  return codeShape.exec(payload.slice(0, bodyCharsRead))?.[1] ?? otherLabel;
}
