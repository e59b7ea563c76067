import { indiaDateOf } from '@strikewire/contracts';
import { accessRules, routeOf } from '@strikewire/platform';
import type { FastifyInstance } from 'fastify';
import type { OnThrown } from './server-adapter';
import type { ServerOptions } from './server-options';

const config = routeOf(accessRules.everybody, 'The console, or to programs: who answers here');

/**
 * `GET /`: the console's page to whoever would rather have text/html, else a few words of JSON as
 * older clients know them. `hasConsole`: its files are served.
 */
export function addRootRoute(
  server: FastifyInstance,
  { clock, health, hasConsole }: Pick<ServerOptions, 'clock' | 'health'> & { hasConsole: boolean },
  errorHandler: OnThrown,
): void {
  server.get('/', { config: config as never, errorHandler }, (request, reply) => {
    reply.header('vary', 'accept');
    if (hasConsole && prefersPage(request.headers.accept)) return reply.sendFile('index.html');
    return reply.header('cache-control', 'no-cache').send({
      status: health.isReady() ? 'ok' : 'starting',
      service: 'strikewire',
      date: indiaDateOf(clock.wallMs()),
    });
  });
}

/** Whether an `Accept` header ranks text/html above JSON; of equals, the one named first. */
export function prefersPage(accept = ''): boolean {
  const ranges = accept.split(',').map(readRange);
  const [page, json] = ['text/html', 'application/json'].map((type) => rank(ranges, type));
  if (!page || !json || page.quality === 0) return false;
  if (page.quality !== json.quality) return page.quality > json.quality;
  return page.index < json.index;
}

interface MediaRange {
  type: string;
  quality: number;
}

function readRange(text: string): MediaRange {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='));
  const quality = weight === undefined ? 1 : Number(weight.slice(2));
  return { type, quality: quality >= 0 && quality <= 1 ? quality : 0 };
}

/** What the most specific range that covers a type says of it. */
function rank(ranges: readonly MediaRange[], type: string): { quality: number; index: number } {
  for (const wanted of [type, `${type.split('/')[0]}/*`, '*/*']) {
    const index = ranges.findIndex((range) => range.type === wanted);
    if (index >= 0) return { quality: ranges[index]?.quality ?? 0, index };
  }
  return { quality: 0, index: ranges.length };
}
